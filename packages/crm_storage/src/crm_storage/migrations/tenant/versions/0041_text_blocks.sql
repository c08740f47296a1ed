CREATE TABLE text_blocks (
  id UUID NOT NULL,
  name TEXT,
  tag TEXT,
  active BOOLEAN,
  body TEXT,
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
  CONSTRAINT pk_text_blocks PRIMARY KEY (id)
);
CREATE INDEX ix_text_blocks_search ON text_blocks USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_text_blocks_name ON text_blocks (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_text_blocks_team ON text_blocks (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_text_blocks_modified_at ON text_blocks (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_text_blocks_deleted ON text_blocks (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_text_blocks_assigned_to ON text_blocks (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_text_blocks_created_at ON text_blocks (created_at, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_text_blocks_tag ON text_blocks (lower(tag)) WHERE deleted_at IS NULL;
CREATE INDEX ix_text_blocks_prefix ON text_blocks (left(search_key, 40), id) WHERE deleted_at IS NULL;
ALTER TABLE text_blocks ADD CONSTRAINT fk_text_blocks_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
