CREATE TABLE device (
  token_hash BYTEA NOT NULL,
  user_id UUID NOT NULL,
  agent TEXT DEFAULT '' NOT NULL,
  address TEXT DEFAULT '' NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  trusted_until TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_device PRIMARY KEY (token_hash, user_id),
  CONSTRAINT fk_device_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_device_user ON device (user_id);
CREATE TABLE second_factor (
  user_id UUID NOT NULL,
  step BIGINT NOT NULL,
  recovery BYTEA[] NOT NULL,
  set_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_second_factor PRIMARY KEY (user_id),
  CONSTRAINT fk_second_factor_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
ALTER TABLE session ADD COLUMN opened_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL;
