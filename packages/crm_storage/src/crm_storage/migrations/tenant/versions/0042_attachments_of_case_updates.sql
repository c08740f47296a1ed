ALTER TABLE case_updates ADD COLUMN attachments JSONB;
