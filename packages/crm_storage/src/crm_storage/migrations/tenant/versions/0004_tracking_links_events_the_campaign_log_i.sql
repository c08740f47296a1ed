CREATE TABLE bounce_reading (
  account_id UUID NOT NULL,
  uid_validity BIGINT DEFAULT 0 NOT NULL,
  last_uid BIGINT DEFAULT 0 NOT NULL,
  read_at TIMESTAMP WITH TIME ZONE,
  failures INTEGER DEFAULT 0 NOT NULL,
  error TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_bounce_reading PRIMARY KEY (account_id)
);
CREATE TABLE campaign_log (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  campaign_id UUID NOT NULL,
  marketing_id UUID,
  message BIGINT,
  activity TEXT NOT NULL,
  link INTEGER DEFAULT 0 NOT NULL,
  class TEXT DEFAULT 'default' NOT NULL,
  via TEXT DEFAULT 'human' NOT NULL,
  module TEXT NOT NULL,
  record_id UUID NOT NULL,
  address_id UUID,
  hits INTEGER DEFAULT 1 NOT NULL,
  machine_hits INTEGER DEFAULT 0 NOT NULL,
  reason TEXT DEFAULT '' NOT NULL,
  first_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  last_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_campaign_log PRIMARY KEY (id)
);
CREATE INDEX ix_campaign_log_record ON campaign_log (record_id, id);
CREATE INDEX ix_campaign_log_campaign ON campaign_log (campaign_id, activity, id);
CREATE INDEX ix_campaign_log_bounced ON campaign_log (address_id, first_at) WHERE activity IN ('send_error', 'invalid');
CREATE INDEX ix_campaign_log_marketing ON campaign_log (marketing_id, activity, id);
CREATE UNIQUE INDEX ux_campaign_log_message ON campaign_log (message, activity, link);
CREATE TABLE campaign_stat (
  campaign_id UUID NOT NULL,
  marketing_id UUID NOT NULL,
  activity TEXT NOT NULL,
  class TEXT NOT NULL,
  module TEXT NOT NULL,
  via TEXT NOT NULL,
  hour TIMESTAMP WITH TIME ZONE NOT NULL,
  rows BIGINT DEFAULT 0 NOT NULL,
  hits BIGINT DEFAULT 0 NOT NULL,
  CONSTRAINT pk_campaign_stat PRIMARY KEY (campaign_id, marketing_id, activity, class, module, via, hour)
);
CREATE TABLE inbound_mail (
  id UUID DEFAULT uuidv7() NOT NULL,
  account_id UUID NOT NULL,
  digest BYTEA NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  sender TEXT DEFAULT '' NOT NULL,
  subject TEXT DEFAULT '' NOT NULL,
  raw BYTEA NOT NULL,
  sort TEXT NOT NULL,
  message BIGINT,
  status TEXT DEFAULT '' NOT NULL,
  rule TEXT DEFAULT '' NOT NULL,
  decision TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_inbound_mail PRIMARY KEY (id),
  CONSTRAINT uq_inbound_mail_account_id_digest UNIQUE (account_id, digest)
);
CREATE INDEX ix_inbound_mail_sort ON inbound_mail (sort, received_at DESC);
CREATE INDEX ix_inbound_mail_message ON inbound_mail (message) WHERE message IS NOT NULL;
CREATE TABLE link (
  number INTEGER NOT NULL,
  marketing_id UUID,
  version_id UUID,
  position INTEGER NOT NULL,
  url TEXT NOT NULL,
  tracker TEXT DEFAULT '' NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_link PRIMARY KEY (number),
  CONSTRAINT uq_link_marketing_id_version_id_position UNIQUE (marketing_id, version_id, position)
);
CREATE TABLE tracking_event (
  id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  kind SMALLINT NOT NULL,
  message BIGINT NOT NULL,
  link INTEGER NOT NULL,
  marks SMALLINT NOT NULL,
  via TEXT NOT NULL,
  network TEXT NOT NULL,
  agent TEXT NOT NULL,
  said TEXT NOT NULL,
  CONSTRAINT pk_tracking_event PRIMARY KEY (id)
);
CREATE INDEX ix_tracking_event_message ON tracking_event (message, at) WHERE kind = 1;
CREATE INDEX ix_tracking_event_network ON tracking_event (network, at) WHERE kind = 1;
CREATE UNLOGGED TABLE tracking_inbox (
  id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  kind SMALLINT NOT NULL,
  message BIGINT NOT NULL,
  link INTEGER NOT NULL,
  marks SMALLINT NOT NULL,
  via TEXT NOT NULL,
  network TEXT NOT NULL,
  agent TEXT NOT NULL,
  said TEXT NOT NULL
);
