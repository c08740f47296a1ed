DROP INDEX ix_email_queue_ready;
CREATE INDEX ix_email_queue_ready ON email_queue (run_id, not_before, id) WHERE state = 'ready';
ALTER TABLE mkt_run ADD COLUMN bounced INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE mkt_run ADD COLUMN blocked INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE mkt_run ADD COLUMN unrendered INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE mkt_run ADD COLUMN judged_from INTEGER DEFAULT 0 NOT NULL;
