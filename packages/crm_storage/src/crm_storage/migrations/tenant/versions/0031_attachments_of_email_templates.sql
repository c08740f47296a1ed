ALTER TABLE email_templates ADD COLUMN attachments JSONB;
