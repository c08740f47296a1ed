ALTER TABLE list_view ADD COLUMN audience UUID;
