ALTER TABLE pdf_templates ADD COLUMN cover TEXT;
ALTER TABLE pdf_templates ADD COLUMN appendix JSONB;
