CREATE TABLE reminder_sent (
  record_id UUID NOT NULL,
  user_id UUID NOT NULL,
  channel TEXT NOT NULL,
  seconds INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_reminder_sent PRIMARY KEY (record_id, user_id, channel, seconds, at)
);
CREATE TABLE calendar_feed (
  user_id UUID NOT NULL,
  secret_hash BYTEA NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_calendar_feed PRIMARY KEY (user_id),
  CONSTRAINT fk_calendar_feed_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT uq_calendar_feed_secret_hash UNIQUE (secret_hash)
);
