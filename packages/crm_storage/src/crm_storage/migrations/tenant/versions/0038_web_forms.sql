CREATE SEQUENCE web_forms_form_number_seq;
CREATE TABLE web_forms (
  id UUID NOT NULL,
  name TEXT,
  form_number BIGINT DEFAULT nextval('web_forms_form_number_seq'),
  campaign UUID,
  makes TEXT,
  status TEXT,
  language TEXT,
  heading TEXT,
  introduction TEXT,
  submit_label TEXT,
  thanks TEXT,
  redirect_url TEXT,
  sites TEXT,
  consent_text TEXT,
  consent_version BIGINT,
  record_owner UUID,
  target_list UUID,
  when_known TEXT,
  notify BOOLEAN,
  received BIGINT,
  received_at TIMESTAMP WITH TIME ZONE,
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
  CONSTRAINT pk_web_forms PRIMARY KEY (id)
);
CREATE INDEX ix_web_forms_form_number_desc ON web_forms (form_number DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_campaign ON web_forms (campaign, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_makes ON web_forms (makes, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_modified_at ON web_forms (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_target_list ON web_forms (target_list, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_web_forms_form_number ON web_forms (form_number) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_assigned_to ON web_forms (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_status ON web_forms (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_created_at ON web_forms (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_name ON web_forms (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_search ON web_forms USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_team ON web_forms (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_prefix ON web_forms (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_web_forms_deleted ON web_forms (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_web_forms_form_number ON web_forms (form_number, id) WHERE deleted_at IS NULL;
CREATE TABLE web_form_field (
  form_id UUID NOT NULL,
  key TEXT NOT NULL,
  position INTEGER NOT NULL,
  label TEXT DEFAULT '' NOT NULL,
  required BOOLEAN DEFAULT false NOT NULL,
  CONSTRAINT pk_web_form_field PRIMARY KEY (form_id, key),
  CONSTRAINT fk_web_form_field_form_id FOREIGN KEY(form_id) REFERENCES web_forms (id) ON DELETE CASCADE
);
CREATE TABLE web_form_submission (
  id UUID NOT NULL,
  form_id UUID NOT NULL,
  ticket BIGINT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  network TEXT DEFAULT '' NOT NULL,
  said JSONB NOT NULL,
  state TEXT DEFAULT 'new' NOT NULL,
  problems JSONB,
  module TEXT DEFAULT '' NOT NULL,
  record_id UUID,
  settled_by UUID,
  settled_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_web_form_submission PRIMARY KEY (id),
  CONSTRAINT uq_web_form_submission_form_id_ticket UNIQUE (form_id, ticket),
  CONSTRAINT fk_web_form_submission_form_id FOREIGN KEY(form_id) REFERENCES web_forms (id) ON DELETE CASCADE
);
CREATE INDEX ix_web_form_submission_record ON web_form_submission (record_id);
CREATE INDEX ix_web_form_submission_form ON web_form_submission (form_id, id DESC);
ALTER TABLE web_forms ADD CONSTRAINT fk_web_forms_campaign FOREIGN KEY(campaign) REFERENCES campaigns (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE web_forms ADD CONSTRAINT fk_web_forms_target_list FOREIGN KEY(target_list) REFERENCES target_lists (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE web_forms ADD CONSTRAINT fk_web_forms_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
