CREATE TABLE letter_place (
  mailbox_id UUID NOT NULL,
  folder TEXT NOT NULL,
  uid BIGINT NOT NULL,
  email_id UUID NOT NULL,
  seen BOOLEAN DEFAULT false NOT NULL,
  answered BOOLEAN DEFAULT false NOT NULL,
  flagged BOOLEAN DEFAULT false NOT NULL,
  CONSTRAINT pk_letter_place PRIMARY KEY (mailbox_id, folder, uid),
  CONSTRAINT fk_letter_place_mailbox_id FOREIGN KEY(mailbox_id) REFERENCES mailboxes (id) ON DELETE CASCADE,
  CONSTRAINT fk_letter_place_email_id FOREIGN KEY(email_id) REFERENCES emails (id) ON DELETE CASCADE
);
CREATE INDEX ix_letter_place_email ON letter_place (email_id);
ALTER TABLE emails ADD COLUMN place TEXT;
CREATE INDEX ix_emails_place ON emails (place) WHERE deleted_at IS NULL;
ALTER TABLE mailbox_folder ADD COLUMN kind TEXT DEFAULT '' NOT NULL;
ALTER TABLE mailbox_folder ADD COLUMN chosen BOOLEAN DEFAULT false NOT NULL;
ALTER TABLE mailbox_folder ADD COLUMN listed BOOLEAN DEFAULT false NOT NULL;
