CREATE TABLE support_access (
  id UUID DEFAULT uuidv7() NOT NULL,
  operator TEXT NOT NULL,
  reason TEXT NOT NULL,
  user_id UUID NOT NULL,
  writes BOOLEAN NOT NULL,
  minutes INTEGER NOT NULL,
  state TEXT NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  decided_at TIMESTAMP WITH TIME ZONE,
  decided_by UUID,
  entry_hash BYTEA,
  entry_until TIMESTAMP WITH TIME ZONE,
  until TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_support_access PRIMARY KEY (id),
  CONSTRAINT fk_support_access_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT uq_support_access_entry_hash UNIQUE (entry_hash)
);
ALTER TABLE audit_event ADD COLUMN support TEXT DEFAULT nullif(current_setting('sadra.support', true), '');
ALTER TABLE session ADD COLUMN support_id UUID;
ALTER TABLE session ADD CONSTRAINT fk_session_support_id FOREIGN KEY(support_id) REFERENCES support_access (id) ON DELETE CASCADE;
