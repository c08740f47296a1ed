CREATE TABLE invitees (
  id UUID NOT NULL,
  name TEXT,
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
  CONSTRAINT pk_invitees PRIMARY KEY (id)
);
CREATE INDEX ix_invitees_name ON invitees (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_invitees_prefix ON invitees (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_invitees_deleted ON invitees (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_invitees_team ON invitees (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_invitees_search ON invitees USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_invitees_assigned_to ON invitees (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_invitees_told_name ON invitees (search_key(name));
CREATE INDEX ix_invitees_created_at ON invitees (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_invitees_modified_at ON invitees (modified_at, id) WHERE deleted_at IS NULL;
CREATE TABLE projects_bugs (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_projects_bugs PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_projects_bugs_left_id FOREIGN KEY(left_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_projects_bugs_right_id FOREIGN KEY(right_id) REFERENCES bugs (id) ON DELETE CASCADE
);
CREATE INDEX ix_projects_bugs_right ON projects_bugs (right_id, left_id);
CREATE TABLE projects_cases (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_projects_cases PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_projects_cases_left_id FOREIGN KEY(left_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_projects_cases_right_id FOREIGN KEY(right_id) REFERENCES cases (id) ON DELETE CASCADE
);
CREATE INDEX ix_projects_cases_right ON projects_cases (right_id, left_id);
CREATE TABLE projects_quotes (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_projects_quotes PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_projects_quotes_left_id FOREIGN KEY(left_id) REFERENCES projects (id) ON DELETE CASCADE,
  CONSTRAINT fk_projects_quotes_right_id FOREIGN KEY(right_id) REFERENCES quotes (id) ON DELETE CASCADE
);
CREATE INDEX ix_projects_quotes_right ON projects_quotes (right_id, left_id);
CREATE TABLE call_invitees (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  acceptance TEXT,
  optional BOOLEAN,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_call_invitees PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_call_invitees_left_id FOREIGN KEY(left_id) REFERENCES calls (id) ON DELETE CASCADE,
  CONSTRAINT fk_call_invitees_right_id FOREIGN KEY(right_id) REFERENCES invitees (id) ON DELETE CASCADE
);
CREATE INDEX ix_call_invitees_right ON call_invitees (right_id, left_id);
CREATE TABLE meeting_invitees (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  acceptance TEXT,
  optional BOOLEAN,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_meeting_invitees PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_meeting_invitees_left_id FOREIGN KEY(left_id) REFERENCES meetings (id) ON DELETE CASCADE,
  CONSTRAINT fk_meeting_invitees_right_id FOREIGN KEY(right_id) REFERENCES invitees (id) ON DELETE CASCADE
);
CREATE INDEX ix_meeting_invitees_right ON meeting_invitees (right_id, left_id);
ALTER TABLE invitees ADD CONSTRAINT fk_invitees_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE employees ADD COLUMN leave_from DATE;
ALTER TABLE employees ADD COLUMN leave_until DATE;
CREATE INDEX ix_employees_leave_until ON employees (leave_until, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_employees_leave_until_desc ON employees (leave_until DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
