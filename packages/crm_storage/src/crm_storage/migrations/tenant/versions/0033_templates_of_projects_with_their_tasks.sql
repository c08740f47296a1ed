CREATE TABLE project_template_tasks (
  id UUID NOT NULL,
  name TEXT,
  template UUID,
  number BIGINT,
  order_number BIGINT,
  priority TEXT,
  starts_day BIGINT,
  duration BIGINT,
  duration_unit TEXT,
  milestone BOOLEAN,
  predecessor UUID,
  relationship TEXT,
  lag BIGINT,
  parent_task UUID,
  role TEXT,
  estimated_effort BIGINT,
  utilization TEXT,
  description TEXT,
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
  CONSTRAINT pk_project_template_tasks PRIMARY KEY (id)
);
CREATE INDEX ix_project_template_tasks_template ON project_template_tasks (template, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_template_tasks_prefix ON project_template_tasks (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_template_tasks_search ON project_template_tasks USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_template_tasks_deleted ON project_template_tasks (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_project_template_tasks_number ON project_template_tasks (number, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_template_tasks_parent_task ON project_template_tasks (parent_task, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_template_tasks_created_at ON project_template_tasks (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_template_tasks_team ON project_template_tasks (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_template_tasks_name ON project_template_tasks (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_template_tasks_number_desc ON project_template_tasks (number DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_template_tasks_assigned_to ON project_template_tasks (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_template_tasks_modified_at ON project_template_tasks (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_template_tasks_predecessor ON project_template_tasks (predecessor, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE project_templates (
  id UUID NOT NULL,
  name TEXT,
  status TEXT,
  priority TEXT,
  budget NUMERIC(20, 4),
  budget_currency VARCHAR(3),
  budget_rate NUMERIC(20, 10),
  budget_base NUMERIC(20, 4),
  description TEXT,
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
  CONSTRAINT pk_project_templates PRIMARY KEY (id)
);
CREATE INDEX ix_project_templates_prefix ON project_templates (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_templates_deleted ON project_templates (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_project_templates_team ON project_templates (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_templates_search ON project_templates USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_templates_created_at ON project_templates (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_templates_modified_at ON project_templates (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_templates_name ON project_templates (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_templates_assigned_to ON project_templates (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_templates_priority ON project_templates (priority, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE project_templates_contacts (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_project_templates_contacts PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_project_templates_contacts_left_id FOREIGN KEY(left_id) REFERENCES project_templates (id) ON DELETE CASCADE,
  CONSTRAINT fk_project_templates_contacts_right_id FOREIGN KEY(right_id) REFERENCES contacts (id) ON DELETE CASCADE
);
CREATE INDEX ix_project_templates_contacts_right ON project_templates_contacts (right_id, left_id);
CREATE TABLE project_templates_users (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_project_templates_users PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_project_templates_users_left_id FOREIGN KEY(left_id) REFERENCES project_templates (id) ON DELETE CASCADE,
  CONSTRAINT fk_project_templates_users_right_id FOREIGN KEY(right_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_project_templates_users_right ON project_templates_users (right_id, left_id);
ALTER TABLE project_template_tasks ADD CONSTRAINT fk_project_template_tasks_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE project_templates ADD CONSTRAINT fk_project_templates_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE project_template_tasks ADD CONSTRAINT fk_project_template_tasks_predecessor FOREIGN KEY(predecessor) REFERENCES project_template_tasks (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE project_template_tasks ADD CONSTRAINT fk_project_template_tasks_template FOREIGN KEY(template) REFERENCES project_templates (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE project_template_tasks ADD CONSTRAINT fk_project_template_tasks_parent_task FOREIGN KEY(parent_task) REFERENCES project_template_tasks (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE projects ADD COLUMN template UUID;
CREATE INDEX ix_projects_template ON projects (template, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE projects ADD CONSTRAINT fk_projects_template FOREIGN KEY(template) REFERENCES project_templates (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
