CREATE TABLE import_mapping (
  id UUID DEFAULT uuidv7() NOT NULL,
  user_id UUID NOT NULL,
  module TEXT NOT NULL,
  name TEXT NOT NULL,
  shared BOOLEAN NOT NULL,
  columns JSONB NOT NULL,
  mode TEXT NOT NULL,
  key TEXT NOT NULL,
  CONSTRAINT pk_import_mapping PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ux_import_mapping_name ON import_mapping (user_id, module, name);
