ALTER TABLE email_marketing ADD COLUMN ignore_cap BOOLEAN;
