ALTER TABLE bugs ADD COLUMN product UUID;
CREATE INDEX ix_bugs_product ON bugs (product, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE bugs ADD CONSTRAINT fk_bugs_product FOREIGN KEY(product) REFERENCES products (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE cases ADD COLUMN product UUID;
ALTER TABLE cases ADD COLUMN contract UUID;
CREATE INDEX ix_cases_contract ON cases (contract, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_product ON cases (product, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE cases ADD CONSTRAINT fk_cases_product FOREIGN KEY(product) REFERENCES products (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE cases ADD CONSTRAINT fk_cases_contract FOREIGN KEY(contract) REFERENCES contracts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
