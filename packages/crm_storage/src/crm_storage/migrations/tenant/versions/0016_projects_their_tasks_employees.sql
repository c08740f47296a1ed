CREATE TABLE employees (
  id UUID NOT NULL,
  status TEXT,
  reports_to UUID,
  messenger_type TEXT,
  messenger_id TEXT,
  address_street TEXT,
  address_city TEXT,
  address_state TEXT,
  address_postal_code TEXT,
  address_country TEXT,
  account_user UUID,
  national_id TEXT,
  extension TEXT,
  birthdate DATE,
  hired_on DATE,
  left_on DATE,
  first_name TEXT,
  last_name TEXT,
  name TEXT,
  title TEXT,
  department TEXT,
  photo JSONB,
  phone_work TEXT,
  phone_mobile TEXT,
  phone_home TEXT,
  phone_other TEXT,
  phone_fax TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(national_id, '') || ' ' || coalesce(name, '') || ' ' || coalesce(phone_work, '') || ' ' || coalesce(phone_mobile, '') || ' ' || coalesce(phone_home, '') || ' ' || coalesce(phone_other, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(last_name, '') || ' ' || coalesce(name, ''))) STORED,
  CONSTRAINT pk_employees PRIMARY KEY (id)
);
CREATE INDEX ix_employees_search ON employees USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_employees_modified_at ON employees (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_employees_assigned_to ON employees (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_employees_name ON employees (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_employees_status ON employees (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_employees_hired_on ON employees (hired_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_employees_hired_on_desc ON employees (hired_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_employees_prefix ON employees (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_employees_deleted ON employees (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_employees_team ON employees (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_employees_created_at ON employees (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_employees_reports_to ON employees (reports_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE project_tasks (
  id UUID NOT NULL,
  name TEXT,
  project UUID,
  number BIGINT,
  order_number BIGINT,
  status TEXT,
  priority TEXT,
  starts_on DATE,
  ends_on DATE,
  duration BIGINT,
  duration_unit TEXT,
  actual_duration BIGINT,
  percent_complete BIGINT,
  predecessor UUID,
  relationship TEXT,
  parent_task UUID,
  milestone BOOLEAN,
  estimated_effort BIGINT,
  actual_effort BIGINT,
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
  CONSTRAINT pk_project_tasks PRIMARY KEY (id)
);
CREATE INDEX ix_project_tasks_prefix ON project_tasks (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_number_desc ON project_tasks (number DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_starts_on ON project_tasks (starts_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_ends_on_desc ON project_tasks (ends_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_name ON project_tasks (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_search ON project_tasks USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_percent_complete ON project_tasks (percent_complete, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_team ON project_tasks (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_status ON project_tasks (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_assigned_to ON project_tasks (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_starts_on_desc ON project_tasks (starts_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_parent_task ON project_tasks (parent_task, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_created_at ON project_tasks (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_modified_at ON project_tasks (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_ends_on ON project_tasks (ends_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_project ON project_tasks (project, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_number ON project_tasks (number, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_deleted ON project_tasks (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_project_tasks_percent_complete_desc ON project_tasks (percent_complete DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_priority ON project_tasks (priority, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_project_tasks_predecessor ON project_tasks (predecessor, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE projects (
  id UUID NOT NULL,
  name TEXT,
  status TEXT,
  priority TEXT,
  starts_on DATE,
  ends_on DATE,
  budget NUMERIC(20, 4),
  budget_currency VARCHAR(3),
  budget_rate NUMERIC(20, 10),
  budget_base NUMERIC(20, 4),
  cost NUMERIC(20, 4),
  cost_currency VARCHAR(3),
  cost_rate NUMERIC(20, 10),
  cost_base NUMERIC(20, 4),
  percent_complete BIGINT,
  estimated_effort BIGINT,
  actual_effort BIGINT,
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
  CONSTRAINT pk_projects PRIMARY KEY (id)
);
CREATE INDEX ix_projects_modified_at ON projects (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_search ON projects USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_priority ON projects (priority, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_ends_on ON projects (ends_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_ends_on_desc ON projects (ends_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_created_at ON projects (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_status ON projects (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_budget ON projects (budget_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_assigned_to ON projects (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_name ON projects (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_starts_on ON projects (starts_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_starts_on_desc ON projects (starts_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_budget_desc ON projects (budget_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_prefix ON projects (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_deleted ON projects (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_projects_percent_complete ON projects (percent_complete, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_percent_complete_desc ON projects (percent_complete DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_projects_team ON projects (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE projects_accounts (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_projects_accounts PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_projects_accounts_left_id FOREIGN KEY(left_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_projects_accounts_right_id FOREIGN KEY(right_id) REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE INDEX ix_projects_accounts_right ON projects_accounts (right_id, left_id);
CREATE TABLE projects_contacts (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_projects_contacts PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_projects_contacts_left_id FOREIGN KEY(left_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_projects_contacts_right_id FOREIGN KEY(right_id) REFERENCES contacts (id) ON DELETE CASCADE
);
CREATE INDEX ix_projects_contacts_right ON projects_contacts (right_id, left_id);
CREATE TABLE projects_opportunities (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_projects_opportunities PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_projects_opportunities_left_id FOREIGN KEY(left_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_projects_opportunities_right_id FOREIGN KEY(right_id) REFERENCES opportunities (id) ON DELETE CASCADE
);
CREATE INDEX ix_projects_opportunities_right ON projects_opportunities (right_id, left_id);
CREATE TABLE projects_users (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_projects_users PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_projects_users_left_id FOREIGN KEY(left_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_projects_users_right_id FOREIGN KEY(right_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_projects_users_right ON projects_users (right_id, left_id);
ALTER TABLE project_tasks ADD CONSTRAINT fk_project_tasks_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE project_tasks ADD CONSTRAINT fk_project_tasks_project FOREIGN KEY(project) REFERENCES projects (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE employees ADD CONSTRAINT fk_employees_reports_to FOREIGN KEY(reports_to) REFERENCES employees (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE project_tasks ADD CONSTRAINT fk_project_tasks_predecessor FOREIGN KEY(predecessor) REFERENCES project_tasks (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE employees ADD CONSTRAINT fk_employees_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE projects ADD CONSTRAINT fk_projects_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE project_tasks ADD CONSTRAINT fk_project_tasks_parent_task FOREIGN KEY(parent_task) REFERENCES project_tasks (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
