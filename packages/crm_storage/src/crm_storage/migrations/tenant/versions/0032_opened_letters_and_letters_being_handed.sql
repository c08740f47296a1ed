CREATE TABLE letter_handing (
  email_id UUID NOT NULL,
  token UUID NOT NULL,
  begun_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_letter_handing PRIMARY KEY (email_id),
  CONSTRAINT fk_letter_handing_email_id FOREIGN KEY(email_id) REFERENCES emails (id) ON DELETE CASCADE
);
CREATE TABLE letter_open (
  email_id UUID NOT NULL,
  number BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 4611686018427387904),
  opens INTEGER DEFAULT 0 NOT NULL,
  machine_opens INTEGER DEFAULT 0 NOT NULL,
  first_at TIMESTAMP WITH TIME ZONE,
  last_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_letter_open PRIMARY KEY (email_id),
  CONSTRAINT fk_letter_open_email_id FOREIGN KEY(email_id) REFERENCES emails (id) ON DELETE CASCADE,
  CONSTRAINT uq_letter_open_number UNIQUE (number)
);
ALTER TABLE emails ADD COLUMN track_opens BOOLEAN;
