CREATE TABLE host.quota_override (
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  amount BIGINT NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_quota_override PRIMARY KEY (tenant, name)
);
