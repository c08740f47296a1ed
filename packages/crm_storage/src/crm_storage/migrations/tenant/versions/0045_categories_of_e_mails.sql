ALTER TABLE emails ADD COLUMN category TEXT;
CREATE INDEX ix_emails_category ON emails (category, created_at DESC, id DESC) WHERE deleted_at IS NULL;
