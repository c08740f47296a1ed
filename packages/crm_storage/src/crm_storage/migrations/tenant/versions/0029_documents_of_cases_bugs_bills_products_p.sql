CREATE TABLE bugs_documents (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_bugs_documents PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_bugs_documents_left_id FOREIGN KEY(left_id) REFERENCES bugs (id) ON DELETE CASCADE,
  CONSTRAINT fk_bugs_documents_right_id FOREIGN KEY(right_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_bugs_documents_right ON bugs_documents (right_id, left_id);
CREATE TABLE cases_documents (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_cases_documents PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_cases_documents_left_id FOREIGN KEY(left_id) REFERENCES cases (id) ON DELETE CASCADE,
  CONSTRAINT fk_cases_documents_right_id FOREIGN KEY(right_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_cases_documents_right ON cases_documents (right_id, left_id);
CREATE TABLE contracts_documents (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_contracts_documents PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_contracts_documents_left_id FOREIGN KEY(left_id) REFERENCES contracts (id) ON DELETE CASCADE,
  CONSTRAINT fk_contracts_documents_right_id FOREIGN KEY(right_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_contracts_documents_right ON contracts_documents (right_id, left_id);
CREATE TABLE invoices_documents (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_invoices_documents PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_invoices_documents_left_id FOREIGN KEY(left_id) REFERENCES invoices (id) ON DELETE CASCADE,
  CONSTRAINT fk_invoices_documents_right_id FOREIGN KEY(right_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_invoices_documents_right ON invoices_documents (right_id, left_id);
CREATE TABLE products_documents (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_products_documents PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_products_documents_left_id FOREIGN KEY(left_id) REFERENCES products (id) ON DELETE CASCADE,
  CONSTRAINT fk_products_documents_right_id FOREIGN KEY(right_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_products_documents_right ON products_documents (right_id, left_id);
CREATE TABLE projects_documents (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_projects_documents PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_projects_documents_left_id FOREIGN KEY(left_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_projects_documents_right_id FOREIGN KEY(right_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_projects_documents_right ON projects_documents (right_id, left_id);
CREATE TABLE quotes_documents (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_quotes_documents PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_quotes_documents_left_id FOREIGN KEY(left_id) REFERENCES quotes (id) ON DELETE CASCADE,
  CONSTRAINT fk_quotes_documents_right_id FOREIGN KEY(right_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_quotes_documents_right ON quotes_documents (right_id, left_id);
