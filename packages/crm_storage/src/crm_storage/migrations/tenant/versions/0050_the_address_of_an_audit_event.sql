ALTER TABLE audit_event ADD COLUMN address TEXT DEFAULT nullif(current_setting('sadra.address', true), '');
