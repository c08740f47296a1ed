CREATE TABLE document_revisions (
  id UUID NOT NULL,
  name TEXT,
  document UUID,
  file JSONB,
  change_log TEXT,
  assigned_to UUID,
  team UUID,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  modified_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  modified_by UUID,
  version INTEGER DEFAULT 1 NOT NULL,
  deleted_at TIMESTAMP WITH TIME ZONE,
  deleted_by UUID,
  removal UUID,
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(change_log, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_document_revisions PRIMARY KEY (id)
);
CREATE INDEX ix_document_revisions_document ON document_revisions (document, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_document_revisions_search ON document_revisions USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_document_revisions_created_at ON document_revisions (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_document_revisions_prefix ON document_revisions (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_document_revisions_team ON document_revisions (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_document_revisions_deleted ON document_revisions (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_document_revisions_modified_at ON document_revisions (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_document_revisions_name ON document_revisions (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_document_revisions_assigned_to ON document_revisions (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE documents (
  id UUID NOT NULL,
  name TEXT,
  file JSONB,
  revision TEXT,
  status TEXT,
  published_on DATE,
  expires_on DATE,
  category TEXT,
  subcategory TEXT,
  is_template BOOLEAN,
  template_type TEXT,
  related_document UUID,
  related_revision UUID,
  external_url TEXT,
  description TEXT,
  revised_at TIMESTAMP WITH TIME ZONE,
  assigned_to UUID,
  team UUID,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  modified_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  modified_by UUID,
  version INTEGER DEFAULT 1 NOT NULL,
  deleted_at TIMESTAMP WITH TIME ZONE,
  deleted_by UUID,
  removal UUID,
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_documents PRIMARY KEY (id)
);
CREATE INDEX ix_documents_search ON documents USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_published_on ON documents (published_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_prefix ON documents (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_deleted ON documents (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_documents_related_document ON documents (related_document, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_revised_at_desc ON documents (revised_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_published_on_desc ON documents (published_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_expires_on_desc ON documents (expires_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_created_at ON documents (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_revised_at ON documents (revised_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_assigned_to ON documents (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_expires_on ON documents (expires_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_name ON documents (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_related_revision ON documents (related_revision, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_team ON documents (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_category ON documents (category, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_modified_at ON documents (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_documents_status ON documents (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE accounts_documents (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_accounts_documents PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_accounts_documents_left_id FOREIGN KEY(left_id) REFERENCES accounts (id) ON DELETE CASCADE,
  CONSTRAINT fk_accounts_documents_right_id FOREIGN KEY(right_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_accounts_documents_right ON accounts_documents (right_id, left_id);
CREATE TABLE contacts_documents (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_contacts_documents PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_contacts_documents_left_id FOREIGN KEY(left_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_contacts_documents_right_id FOREIGN KEY(right_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_contacts_documents_right ON contacts_documents (right_id, left_id);
CREATE TABLE leads_documents (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_leads_documents PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_leads_documents_left_id FOREIGN KEY(left_id) REFERENCES leads (id) ON DELETE CASCADE,
  CONSTRAINT fk_leads_documents_right_id FOREIGN KEY(right_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_leads_documents_right ON leads_documents (right_id, left_id);
CREATE TABLE opportunities_documents (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_opportunities_documents PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_opportunities_documents_left_id FOREIGN KEY(left_id) REFERENCES opportunities (id) ON DELETE CASCADE,
  CONSTRAINT fk_opportunities_documents_right_id FOREIGN KEY(right_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE INDEX ix_opportunities_documents_right ON opportunities_documents (right_id, left_id);
ALTER TABLE document_revisions ADD CONSTRAINT fk_document_revisions_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE documents ADD CONSTRAINT fk_documents_related_document FOREIGN KEY(related_document) REFERENCES documents (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE documents ADD CONSTRAINT fk_documents_related_revision FOREIGN KEY(related_revision) REFERENCES document_revisions (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE document_revisions ADD CONSTRAINT fk_document_revisions_document FOREIGN KEY(document) REFERENCES documents (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE documents ADD CONSTRAINT fk_documents_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
