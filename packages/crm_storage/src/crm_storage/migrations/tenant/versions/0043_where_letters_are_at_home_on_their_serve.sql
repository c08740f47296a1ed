CREATE TABLE letter_home (
  email_id UUID NOT NULL,
  folder TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_letter_home PRIMARY KEY (email_id),
  CONSTRAINT fk_letter_home_email_id FOREIGN KEY(email_id) REFERENCES emails (id) ON DELETE CASCADE
);
