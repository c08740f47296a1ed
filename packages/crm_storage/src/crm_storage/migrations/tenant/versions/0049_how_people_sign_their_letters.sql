CREATE TABLE user_signature (
  user_id UUID NOT NULL,
  language TEXT NOT NULL,
  body TEXT NOT NULL,
  CONSTRAINT pk_user_signature PRIMARY KEY (user_id, language),
  CONSTRAINT fk_user_signature_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
