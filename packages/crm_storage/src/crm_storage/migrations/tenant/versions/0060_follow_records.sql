CREATE TABLE follow (
  user_id UUID NOT NULL,
  record_id UUID NOT NULL,
  module TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_follow PRIMARY KEY (user_id, record_id)
);
CREATE INDEX ix_follow_record ON follow (record_id);
