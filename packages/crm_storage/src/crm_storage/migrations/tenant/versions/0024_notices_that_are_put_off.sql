ALTER TABLE notification ADD COLUMN snoozed_until TIMESTAMP WITH TIME ZONE;
CREATE INDEX ix_notification_asleep ON notification (snoozed_until) WHERE snoozed_until IS NOT NULL;
