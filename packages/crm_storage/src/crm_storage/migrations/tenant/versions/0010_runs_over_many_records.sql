CREATE TABLE bulk_run (
  id UUID DEFAULT uuidv7() NOT NULL,
  user_id UUID NOT NULL,
  module TEXT NOT NULL,
  action TEXT NOT NULL,
  changes JSONB DEFAULT '{}' NOT NULL,
  state TEXT DEFAULT 'draft' NOT NULL,
  total INTEGER NOT NULL,
  job UUID,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_bulk_run PRIMARY KEY (id)
);
CREATE INDEX ix_bulk_run_user ON bulk_run (user_id, id DESC);
CREATE TABLE notification (
  id UUID DEFAULT uuidv7() NOT NULL,
  user_id UUID NOT NULL,
  kind TEXT NOT NULL,
  record_id UUID,
  href TEXT DEFAULT '' NOT NULL,
  facts JSONB DEFAULT '{}' NOT NULL,
  actor_id UUID,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  read_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_notification PRIMARY KEY (id),
  CONSTRAINT fk_notification_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_notification_user ON notification (user_id, id DESC);
CREATE INDEX ix_notification_unread ON notification (user_id) WHERE read_at IS NULL;
CREATE TABLE notification_choice (
  user_id UUID NOT NULL,
  kind TEXT NOT NULL,
  page BOOLEAN NOT NULL,
  mail BOOLEAN NOT NULL,
  CONSTRAINT pk_notification_choice PRIMARY KEY (user_id, kind),
  CONSTRAINT fk_notification_choice_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE bulk_item (
  run_id UUID NOT NULL,
  record_id UUID NOT NULL,
  status TEXT DEFAULT 'waiting' NOT NULL,
  reason TEXT DEFAULT '' NOT NULL,
  facts JSONB DEFAULT '{}' NOT NULL,
  before JSONB DEFAULT '{}' NOT NULL,
  after JSONB DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_bulk_item PRIMARY KEY (run_id, record_id),
  CONSTRAINT fk_bulk_item_run_id FOREIGN KEY(run_id) REFERENCES bulk_run (id) ON DELETE CASCADE
);
CREATE INDEX ix_bulk_item_status ON bulk_item (run_id, status, record_id);
