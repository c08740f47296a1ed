CREATE TABLE host.plan (
  key TEXT NOT NULL,
  quotas JSONB DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_plan PRIMARY KEY (key)
);
CREATE TABLE host.tenant_event (
  id UUID DEFAULT uuidv7() NOT NULL,
  tenant INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  reason TEXT DEFAULT '' NOT NULL,
  facts JSONB DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_tenant_event PRIMARY KEY (id)
);
CREATE INDEX ix_tenant_event_tenant ON host.tenant_event (tenant, at DESC);
CREATE TABLE host.operator (
  id UUID DEFAULT uuidv7() NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT DEFAULT 'owner' NOT NULL,
  language TEXT DEFAULT 'fa' NOT NULL,
  password_hash TEXT NOT NULL,
  totp_secret BYTEA,
  totp_step BIGINT DEFAULT 0 NOT NULL,
  recovery BYTEA[] DEFAULT '{}' NOT NULL,
  failed INTEGER DEFAULT 0 NOT NULL,
  locked_until TIMESTAMP WITH TIME ZONE,
  active BOOLEAN DEFAULT true NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_operator PRIMARY KEY (id),
  CONSTRAINT uq_operator_email UNIQUE (email)
);
CREATE TABLE host.operator_audit (
  id UUID DEFAULT uuidv7() NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  operator_id UUID,
  action TEXT NOT NULL,
  address TEXT DEFAULT '' NOT NULL,
  facts JSONB DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_operator_audit PRIMARY KEY (id)
);
CREATE INDEX ix_operator_audit_at ON host.operator_audit (at DESC);
CREATE TABLE host.setting (
  key TEXT NOT NULL,
  value JSONB NOT NULL,
  CONSTRAINT pk_setting PRIMARY KEY (key)
);
CREATE SEQUENCE host.tenant_number;
CREATE TABLE host.tenant (
  number INTEGER DEFAULT nextval('host.tenant_number') NOT NULL,
  id UUID NOT NULL,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT DEFAULT 'active' NOT NULL,
  plan TEXT NOT NULL,
  locale JSONB NOT NULL,
  currency TEXT NOT NULL,
  schema_version TEXT NOT NULL,
  overlay_version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  delete_after TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_tenant PRIMARY KEY (number),
  CONSTRAINT uq_tenant_id UNIQUE (id),
  CONSTRAINT uq_tenant_slug UNIQUE (slug),
  CONSTRAINT fk_tenant_plan FOREIGN KEY(plan) REFERENCES host.plan (key)
);
CREATE INDEX ix_tenant_schema_version ON host.tenant (schema_version);
CREATE TABLE host.operator_session (
  token_hash BYTEA NOT NULL,
  operator_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  last_seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  address TEXT DEFAULT '' NOT NULL,
  agent TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_operator_session PRIMARY KEY (token_hash),
  CONSTRAINT fk_operator_session_operator_id FOREIGN KEY(operator_id) REFERENCES host.operator (id) ON DELETE CASCADE
);
CREATE INDEX ix_operator_session_operator ON host.operator_session (operator_id);
CREATE TABLE host.domain (
  name TEXT NOT NULL,
  tenant INTEGER NOT NULL,
  proof TEXT NOT NULL,
  verified_at TIMESTAMP WITH TIME ZONE,
  checked_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_domain PRIMARY KEY (name, tenant),
  CONSTRAINT fk_domain_tenant FOREIGN KEY(tenant) REFERENCES host.tenant (number) ON DELETE CASCADE
);
CREATE INDEX ix_domain_tenant ON host.domain (tenant);
CREATE UNIQUE INDEX ux_domain_verified ON host.domain (name) WHERE verified_at IS NOT NULL;
CREATE TABLE host.migration (
  tenant INTEGER NOT NULL,
  revision TEXT NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  error TEXT,
  CONSTRAINT pk_migration PRIMARY KEY (tenant),
  CONSTRAINT fk_migration_tenant FOREIGN KEY(tenant) REFERENCES host.tenant (number) ON DELETE CASCADE
);
CREATE TABLE host.usage (
  tenant INTEGER NOT NULL,
  day TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  users INTEGER NOT NULL,
  records BIGINT NOT NULL,
  storage BIGINT NOT NULL,
  mails BIGINT NOT NULL,
  CONSTRAINT pk_usage PRIMARY KEY (tenant, day),
  CONSTRAINT fk_usage_tenant FOREIGN KEY(tenant) REFERENCES host.tenant (number) ON DELETE CASCADE
);
