ALTER TABLE contracts_documents ADD COLUMN revision UUID;
ALTER TABLE leads ADD COLUMN converted_along TEXT;
