ALTER TABLE pdf_templates ADD COLUMN logo JSONB;
ALTER TABLE pdf_templates ADD COLUMN company TEXT;
