ALTER TABLE calls ADD COLUMN sequence BIGINT;
ALTER TABLE calls ADD COLUMN sent_sequence BIGINT;
ALTER TABLE meetings ADD COLUMN sequence BIGINT;
ALTER TABLE meetings ADD COLUMN sent_sequence BIGINT;
