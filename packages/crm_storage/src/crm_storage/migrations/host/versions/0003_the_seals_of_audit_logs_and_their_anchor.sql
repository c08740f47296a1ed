CREATE TABLE host.anchor (
  tenant INTEGER NOT NULL,
  day TEXT NOT NULL,
  seal BIGINT NOT NULL,
  chain BYTEA NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_anchor PRIMARY KEY (tenant, day),
  CONSTRAINT fk_anchor_tenant FOREIGN KEY(tenant) REFERENCES host.tenant (number) ON DELETE CASCADE
);
