CREATE TABLE audit_seal (
  number BIGINT NOT NULL,
  first_event UUID NOT NULL,
  last_event UUID NOT NULL,
  events INTEGER NOT NULL,
  digests BYTEA NOT NULL,
  chain BYTEA NOT NULL,
  sealed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_audit_seal PRIMARY KEY (number)
);
