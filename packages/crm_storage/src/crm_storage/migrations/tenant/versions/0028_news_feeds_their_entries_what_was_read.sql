CREATE TABLE feed_items (
  id UUID NOT NULL,
  name TEXT,
  feed UUID,
  link TEXT,
  author TEXT,
  published_at TIMESTAMP WITH TIME ZONE,
  summary TEXT,
  guid TEXT,
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
  CONSTRAINT pk_feed_items PRIMARY KEY (id)
);
CREATE INDEX ix_feed_items_name ON feed_items (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_feed_items_deleted ON feed_items (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_feed_items_created_at ON feed_items (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_feed_items_search ON feed_items USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_feed_items_prefix ON feed_items (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_feed_items_feed ON feed_items (feed, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_feed_items_assigned_to ON feed_items (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_feed_items_team ON feed_items (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_feed_items_modified_at ON feed_items (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_feed_items_published_at ON feed_items (published_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_feed_items_guid ON feed_items (guid) WHERE deleted_at IS NULL;
CREATE INDEX ix_feed_items_published_at_desc ON feed_items (published_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE feeds (
  id UUID NOT NULL,
  name TEXT,
  url TEXT,
  folder TEXT,
  published BOOLEAN,
  active BOOLEAN,
  description TEXT,
  fetched_at TIMESTAMP WITH TIME ZONE,
  failures BIGINT,
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
  CONSTRAINT pk_feeds PRIMARY KEY (id)
);
CREATE INDEX ix_feeds_name ON feeds (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_feeds_created_at ON feeds (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_feeds_modified_at ON feeds (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_feeds_prefix ON feeds (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_feeds_fetched_at ON feeds (fetched_at, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_feeds_url ON feeds (url) WHERE deleted_at IS NULL;
CREATE INDEX ix_feeds_search ON feeds USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_feeds_folder ON feeds (folder) WHERE deleted_at IS NULL;
CREATE INDEX ix_feeds_fetched_at_desc ON feeds (fetched_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_feeds_team ON feeds (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_feeds_assigned_to ON feeds (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_feeds_deleted ON feeds (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE TABLE feed_mark (
  feed_id UUID NOT NULL,
  url TEXT DEFAULT '' NOT NULL,
  etag TEXT DEFAULT '' NOT NULL,
  modified TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_feed_mark PRIMARY KEY (feed_id),
  CONSTRAINT fk_feed_mark_feed_id FOREIGN KEY(feed_id) REFERENCES feeds (id) ON DELETE CASCADE
);
CREATE TABLE feed_read (
  user_id UUID NOT NULL,
  item_id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_feed_read PRIMARY KEY (user_id, item_id),
  CONSTRAINT fk_feed_read_item_id FOREIGN KEY(item_id) REFERENCES feed_items (id) ON DELETE CASCADE
);
CREATE INDEX ix_feed_read_item ON feed_read (item_id);
ALTER TABLE feed_items ADD CONSTRAINT fk_feed_items_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE feed_items ADD CONSTRAINT fk_feed_items_feed FOREIGN KEY(feed) REFERENCES feeds (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE feeds ADD CONSTRAINT fk_feeds_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
