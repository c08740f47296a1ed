CREATE TABLE host.backup (
  id UUID NOT NULL,
  tenant INTEGER NOT NULL,
  taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  schema_version TEXT NOT NULL,
  size BIGINT NOT NULL,
  rows BIGINT NOT NULL,
  files INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  CONSTRAINT pk_backup PRIMARY KEY (id)
);
CREATE INDEX ix_backup_tenant ON host.backup (tenant, taken_at DESC);
CREATE TABLE host.errand (
  id UUID DEFAULT uuidv7() NOT NULL,
  tenant INTEGER NOT NULL,
  kind TEXT NOT NULL,
  facts JSONB DEFAULT '{}' NOT NULL,
  actor TEXT NOT NULL,
  state TEXT DEFAULT 'waiting' NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE,
  leased_until TIMESTAMP WITH TIME ZONE,
  ended_at TIMESTAMP WITH TIME ZONE,
  outcome JSONB DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_errand PRIMARY KEY (id)
);
CREATE INDEX ix_errand_tenant ON host.errand (tenant, created_at DESC);
CREATE INDEX ix_errand_waiting ON host.errand (created_at) WHERE state = 'waiting';
CREATE UNIQUE INDEX ux_errand_running ON host.errand (tenant) WHERE state = 'running';
