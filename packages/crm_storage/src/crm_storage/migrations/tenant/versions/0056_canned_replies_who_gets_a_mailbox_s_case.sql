CREATE TABLE canned_replies (
  id UUID NOT NULL,
  name TEXT,
  body TEXT,
  active BOOLEAN,
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
  CONSTRAINT pk_canned_replies PRIMARY KEY (id)
);
CREATE INDEX ix_canned_replies_deleted ON canned_replies (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_canned_replies_name ON canned_replies (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_canned_replies_prefix ON canned_replies (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_canned_replies_assigned_to ON canned_replies (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_canned_replies_created_at ON canned_replies (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_canned_replies_told_name ON canned_replies (search_key(name));
CREATE INDEX ix_canned_replies_modified_at ON canned_replies (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_canned_replies_search ON canned_replies USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_canned_replies_team ON canned_replies (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE canned_replies ADD CONSTRAINT fk_canned_replies_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE knowledge_articles ADD COLUMN attachments JSONB;
ALTER TABLE mailboxes ADD COLUMN cases_go_to TEXT;
