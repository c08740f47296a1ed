ALTER TABLE emails ADD COLUMN automatic BOOLEAN;
ALTER TABLE mailboxes ADD COLUMN auto_reply BOOLEAN;
ALTER TABLE mailboxes ADD COLUMN auto_reply_text TEXT;
ALTER TABLE mailboxes ADD COLUMN auto_reply_most BIGINT;
ALTER TABLE mailboxes ADD COLUMN auto_reply_except TEXT;
