CREATE TABLE tracking_state (
  key TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_tracking_state PRIMARY KEY (key)
);
ALTER TABLE bounce_reading ADD COLUMN claimed_until TIMESTAMP WITH TIME ZONE;
DROP INDEX ix_campaign_log_marketing;
DROP INDEX ix_campaign_log_record;
ALTER TABLE email_address ADD COLUMN heard_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE inbound_mail ADD COLUMN uid TEXT DEFAULT '' NOT NULL;
CREATE INDEX ix_inbound_mail_uid ON inbound_mail (account_id, uid);
DROP INDEX ix_tracking_event_network;
CREATE INDEX ix_tracking_event_at ON tracking_event (at) WHERE kind = 1;
