ALTER TABLE mailboxes ADD COLUMN create_cases BOOLEAN;
