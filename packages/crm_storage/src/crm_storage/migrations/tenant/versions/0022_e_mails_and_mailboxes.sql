CREATE TABLE emails (
  id UUID NOT NULL,
  name TEXT,
  sender TEXT,
  recipients TEXT,
  copies TEXT,
  blind TEXT,
  sent_at TIMESTAMP WITH TIME ZONE,
  email_type TEXT,
  status TEXT,
  folder TEXT,
  flagged BOOLEAN,
  personal BOOLEAN,
  mailbox UUID,
  description TEXT,
  body TEXT,
  attachments JSONB,
  left_out TEXT,
  failure TEXT,
  message_id TEXT,
  answers TEXT,
  ancestors TEXT,
  thread TEXT,
  snippet TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(sender, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_emails PRIMARY KEY (id)
);
CREATE INDEX ix_emails_folder ON emails (folder, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_name ON emails (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_sent_at ON emails (sent_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_email_type ON emails (email_type, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_status ON emails (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_thread ON emails (thread) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_message_id ON emails (message_id) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_team ON emails (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_assigned_to ON emails (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_modified_at ON emails (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_search ON emails USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_mailbox ON emails (mailbox, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_sent_at_desc ON emails (sent_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_created_at ON emails (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_prefix ON emails (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_emails_deleted ON emails (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE TABLE mailboxes (
  id UUID NOT NULL,
  name TEXT,
  mailbox_use TEXT,
  address TEXT,
  from_name TEXT,
  active BOOLEAN,
  auto_link BOOLEAN,
  host TEXT,
  port BIGINT,
  security TEXT,
  user_name TEXT,
  folder TEXT,
  sent_folder TEXT,
  smtp_host TEXT,
  smtp_port BIGINT,
  smtp_security TEXT,
  signature TEXT,
  health TEXT,
  trouble TEXT,
  read_at TIMESTAMP WITH TIME ZONE,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(address, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_mailboxes PRIMARY KEY (id)
);
CREATE INDEX ix_mailboxes_deleted ON mailboxes (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_mailboxes_prefix ON mailboxes (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_mailboxes_modified_at ON mailboxes (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_mailboxes_created_at ON mailboxes (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_mailboxes_search ON mailboxes USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_mailboxes_mailbox_use ON mailboxes (mailbox_use, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_mailboxes_assigned_to ON mailboxes (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_mailboxes_team ON mailboxes (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_mailboxes_name ON mailboxes (sort_key, id) WHERE deleted_at IS NULL;
CREATE TABLE email_record (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  module TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_email_record PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_email_record_left_id FOREIGN KEY(left_id) REFERENCES emails (id) ON DELETE CASCADE
);
CREATE INDEX ix_email_record_right ON email_record (right_id, left_id);
CREATE TABLE mailbox_folder (
  mailbox_id UUID NOT NULL,
  folder TEXT NOT NULL,
  uid_validity BIGINT NOT NULL,
  last_uid BIGINT NOT NULL,
  CONSTRAINT pk_mailbox_folder PRIMARY KEY (mailbox_id, folder),
  CONSTRAINT fk_mailbox_folder_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailboxes (id) ON DELETE CASCADE
);
CREATE TABLE mailbox_reading (
  mailbox_id UUID NOT NULL,
  claim UUID,
  claimed_until TIMESTAMP WITH TIME ZONE,
  read_at TIMESTAMP WITH TIME ZONE,
  failures INTEGER DEFAULT 0 NOT NULL,
  CONSTRAINT pk_mailbox_reading PRIMARY KEY (mailbox_id),
  CONSTRAINT fk_mailbox_reading_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailboxes (id) ON DELETE CASCADE
);
ALTER TABLE emails ADD CONSTRAINT fk_emails_mailbox FOREIGN KEY(mailbox) REFERENCES mailboxes (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE mailboxes ADD CONSTRAINT fk_mailboxes_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE emails ADD CONSTRAINT fk_emails_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
