CREATE TABLE pdf_templates (
  id UUID NOT NULL,
  name TEXT,
  used_for TEXT,
  language TEXT,
  active BOOLEAN,
  page_size TEXT,
  orientation TEXT,
  margin_top BIGINT,
  margin_bottom BIGINT,
  margin_left BIGINT,
  margin_right BIGINT,
  header TEXT,
  body TEXT,
  footer TEXT,
  description TEXT,
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
  CONSTRAINT pk_pdf_templates PRIMARY KEY (id)
);
CREATE INDEX ix_pdf_templates_used_for ON pdf_templates (used_for, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_pdf_templates_created_at ON pdf_templates (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_pdf_templates_deleted ON pdf_templates (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_pdf_templates_prefix ON pdf_templates (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_pdf_templates_team ON pdf_templates (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_pdf_templates_search ON pdf_templates USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_pdf_templates_name ON pdf_templates (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_pdf_templates_language ON pdf_templates (language, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_pdf_templates_modified_at ON pdf_templates (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_pdf_templates_assigned_to ON pdf_templates (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE pdf_templates ADD CONSTRAINT fk_pdf_templates_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts ADD COLUMN pdf_template UUID;
CREATE INDEX ix_contracts_pdf_template ON contracts (pdf_template, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE contracts ADD CONSTRAINT fk_contracts_pdf_template FOREIGN KEY(pdf_template) REFERENCES pdf_templates (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE invoices ADD COLUMN pdf_template UUID;
CREATE INDEX ix_invoices_pdf_template ON invoices (pdf_template, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE invoices ADD CONSTRAINT fk_invoices_pdf_template FOREIGN KEY(pdf_template) REFERENCES pdf_templates (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE quotes ADD COLUMN pdf_template UUID;
CREATE INDEX ix_quotes_pdf_template ON quotes (pdf_template, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE quotes ADD CONSTRAINT fk_quotes_pdf_template FOREIGN KEY(pdf_template) REFERENCES pdf_templates (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
