CREATE TABLE import_run (
  id UUID DEFAULT uuidv7() NOT NULL,
  user_id UUID NOT NULL,
  module TEXT NOT NULL,
  file TEXT NOT NULL,
  heads JSONB NOT NULL,
  mapping JSONB NOT NULL,
  mode TEXT DEFAULT 'create' NOT NULL,
  key TEXT DEFAULT '' NOT NULL,
  state TEXT DEFAULT 'draft' NOT NULL,
  total INTEGER NOT NULL,
  job UUID,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_import_run PRIMARY KEY (id)
);
CREATE INDEX ix_import_run_module ON import_run (module, id DESC);
CREATE TABLE import_row (
  run_id UUID NOT NULL,
  number INTEGER NOT NULL,
  cells JSONB NOT NULL,
  status TEXT DEFAULT 'waiting' NOT NULL,
  record_id UUID,
  reason TEXT DEFAULT '' NOT NULL,
  facts JSONB DEFAULT '{}' NOT NULL,
  before JSONB DEFAULT '{}' NOT NULL,
  after JSONB DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_import_row PRIMARY KEY (run_id, number),
  CONSTRAINT fk_import_row_run_id FOREIGN KEY(run_id) REFERENCES import_run (id) ON DELETE CASCADE
);
CREATE INDEX ix_import_row_status ON import_row (run_id, status, number);
