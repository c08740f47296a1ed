CREATE TABLE blob (
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  pictured BOOLEAN DEFAULT false NOT NULL,
  state TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_blob PRIMARY KEY (key)
);
CREATE INDEX ix_blob_created ON blob (created_at);
CREATE TABLE blob_link (
  key TEXT NOT NULL,
  module TEXT NOT NULL,
  record_id UUID NOT NULL,
  field TEXT NOT NULL,
  CONSTRAINT pk_blob_link PRIMARY KEY (key, record_id, field),
  CONSTRAINT fk_blob_link_key FOREIGN KEY(key) REFERENCES blob (key)
);
CREATE INDEX ix_blob_link_record ON blob_link (record_id, field);
ALTER TABLE notes ADD COLUMN attachments JSONB;
