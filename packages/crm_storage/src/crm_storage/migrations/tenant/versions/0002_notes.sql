CREATE TABLE notes (
  id UUID NOT NULL,
  name TEXT,
  parent_module TEXT,
  parent_id UUID,
  contact UUID,
  description TEXT,
  pinned BOOLEAN,
  portal_visible BOOLEAN,
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
  CONSTRAINT pk_notes PRIMARY KEY (id)
);
CREATE INDEX ix_notes_assigned_to ON notes (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_notes_modified_at ON notes (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_notes_parent ON notes (parent_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_notes_created_at ON notes (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_notes_prefix ON notes (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_notes_deleted ON notes (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_notes_team ON notes (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_notes_contact ON notes (contact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_notes_search ON notes USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_notes_name ON notes (sort_key, id) WHERE deleted_at IS NULL;
ALTER TABLE notes ADD CONSTRAINT fk_notes_contact FOREIGN KEY(contact) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE notes ADD CONSTRAINT fk_notes_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
