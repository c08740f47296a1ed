ALTER TABLE mailboxes ADD COLUMN sign_in TEXT;
