ALTER TABLE removal ADD COLUMN merged_into UUID;
