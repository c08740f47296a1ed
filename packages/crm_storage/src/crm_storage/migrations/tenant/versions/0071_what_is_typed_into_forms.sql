CREATE TABLE form_draft (
  user_id UUID NOT NULL,
  module TEXT NOT NULL,
  record_id UUID NOT NULL,
  pairs JSONB NOT NULL,
  kept_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_form_draft PRIMARY KEY (user_id, module, record_id)
);
CREATE INDEX ix_form_draft_kept ON form_draft (kept_at);
