ALTER TABLE notification ADD COLUMN module TEXT;
ALTER TABLE notification ADD COLUMN page BOOLEAN DEFAULT true NOT NULL;
ALTER TABLE notification ADD COLUMN mail_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE notification ADD COLUMN digest BOOLEAN DEFAULT false NOT NULL;
CREATE INDEX ix_notification_mail ON notification (mail_at) WHERE mail_at IS NOT NULL;
ALTER TABLE notification_choice ADD COLUMN digest BOOLEAN DEFAULT false NOT NULL;
