CREATE TABLE catalogues (
  id UUID NOT NULL,
  name TEXT,
  valid_from DATE,
  valid_to DATE,
  currency UUID,
  discount NUMERIC(5, 2),
  content TEXT,
  introduction TEXT,
  document UUID,
  work_log TEXT,
  assigned_to UUID,
  team UUID,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  modified_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  modified_by UUID,
  version INTEGER DEFAULT 1 NOT NULL,
  deleted_at TIMESTAMP WITH TIME ZONE,
  deleted_by UUID,
  removal UUID,
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_catalogues PRIMARY KEY (id)
);
CREATE INDEX ix_catalogues_assigned_to ON catalogues (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_modified_at ON catalogues (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_name_same ON catalogues (search_key(name)) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_currency ON catalogues (currency, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_search ON catalogues USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_valid_from_desc ON catalogues (valid_from DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_valid_to ON catalogues (valid_to, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_name ON catalogues (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_valid_to_desc ON catalogues (valid_to DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_document ON catalogues (document, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_created_at ON catalogues (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_valid_from ON catalogues (valid_from, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_team ON catalogues (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_catalogues_deleted ON catalogues (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_catalogues_prefix ON catalogues (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE TABLE catalogue_categories (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  position BIGINT,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_catalogue_categories PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_catalogue_categories_left_id FOREIGN KEY(left_id) REFERENCES catalogues (id) ON DELETE CASCADE,
  CONSTRAINT fk_catalogue_categories_right_id FOREIGN KEY(right_id) REFERENCES product_categories (id) ON DELETE CASCADE
);
CREATE INDEX ix_catalogue_categories_right ON catalogue_categories (right_id, left_id);
ALTER TABLE catalogues ADD CONSTRAINT fk_catalogues_document FOREIGN KEY(document) REFERENCES documents (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE catalogues ADD CONSTRAINT fk_catalogues_currency FOREIGN KEY(currency) REFERENCES currencies (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE catalogues ADD CONSTRAINT fk_catalogues_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
