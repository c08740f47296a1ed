ALTER TABLE import_run ADD COLUMN gather_into UUID;
