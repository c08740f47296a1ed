CREATE TABLE reports (
  id UUID NOT NULL,
  name TEXT,
  base TEXT,
  kind TEXT,
  folder TEXT,
  private BOOLEAN,
  description TEXT,
  question TEXT,
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
  CONSTRAINT pk_reports PRIMARY KEY (id)
);
CREATE INDEX ix_reports_assigned_to ON reports (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_reports_modified_at ON reports (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_reports_prefix ON reports (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_reports_name ON reports (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_reports_deleted ON reports (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_reports_base ON reports (base, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_reports_kind ON reports (kind, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_reports_team ON reports (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_reports_search ON reports USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_reports_folder ON reports (folder, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_reports_created_at ON reports (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_reports_told_name ON reports (search_key(name));
ALTER TABLE reports ADD CONSTRAINT fk_reports_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
