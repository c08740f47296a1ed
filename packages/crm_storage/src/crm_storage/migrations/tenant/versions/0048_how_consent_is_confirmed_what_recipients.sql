CREATE TABLE consent_asking (
  number BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 2305843009213693952),
  address_id UUID NOT NULL,
  campaign_id UUID,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  confirmed_at TIMESTAMP WITH TIME ZONE,
  evidence JSONB DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_consent_asking PRIMARY KEY (number),
  CONSTRAINT fk_consent_asking_address_id FOREIGN KEY(address_id) REFERENCES email_address (id) ON DELETE CASCADE
);
CREATE INDEX ix_consent_asking_address ON consent_asking (address_id, at DESC);
ALTER TABLE calendar_feed DROP CONSTRAINT calendar_feed_busy_hash_key;
ALTER TABLE mkt_run ADD COLUMN told_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE suppression ADD COLUMN paused_until TIMESTAMP WITH TIME ZONE;
ALTER TABLE web_forms ADD COLUMN double_opt_in BOOLEAN;
