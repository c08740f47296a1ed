ALTER TABLE opportunities ADD COLUMN weighted_amount NUMERIC(20, 4) GENERATED ALWAYS AS (amount * probability / 100) STORED;
ALTER TABLE opportunities ADD COLUMN weighted_amount_currency VARCHAR(3) GENERATED ALWAYS AS (amount_currency) STORED;
ALTER TABLE opportunities ADD COLUMN weighted_amount_rate NUMERIC(20, 10) GENERATED ALWAYS AS (amount_rate) STORED;
ALTER TABLE opportunities ADD COLUMN weighted_amount_base NUMERIC(20, 4) GENERATED ALWAYS AS (amount_base * probability / 100) STORED;
