CREATE TABLE calls (
  id UUID NOT NULL,
  status TEXT,
  direction TEXT,
  parent_module TEXT,
  parent_id UUID,
  phone_used TEXT,
  series UUID,
  name TEXT,
  starts_at TIMESTAMP WITH TIME ZONE,
  duration BIGINT,
  ends_at TIMESTAMP WITH TIME ZONE,
  description TEXT,
  reminders TEXT[],
  mail_reminders TEXT[],
  repeat TEXT,
  repeat_every BIGINT,
  repeat_weekdays TEXT[],
  repeat_until DATE,
  repeat_count BIGINT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(phone_used, '') || ' ' || coalesce(name, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_calls PRIMARY KEY (id)
);
CREATE INDEX ix_calls_starts_at_desc ON calls (starts_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_name ON calls (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_direction ON calls (direction, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_search ON calls USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_status ON calls (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_starts_at ON calls (starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_team ON calls (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_deleted ON calls (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_calls_parent ON calls (parent_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_assigned_to ON calls (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_prefix ON calls (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_created_at ON calls (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_modified_at ON calls (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_ends_at ON calls (ends_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_series ON calls (series, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_calls_ends_at_desc ON calls (ends_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE meetings (
  id UUID NOT NULL,
  status TEXT,
  meeting_type TEXT,
  location TEXT,
  join_url TEXT,
  password TEXT,
  whole_day BOOLEAN,
  parent_module TEXT,
  parent_id UUID,
  series UUID,
  name TEXT,
  starts_at TIMESTAMP WITH TIME ZONE,
  duration BIGINT,
  ends_at TIMESTAMP WITH TIME ZONE,
  description TEXT,
  reminders TEXT[],
  mail_reminders TEXT[],
  repeat TEXT,
  repeat_every BIGINT,
  repeat_weekdays TEXT[],
  repeat_until DATE,
  repeat_count BIGINT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(location, '') || ' ' || coalesce(name, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_meetings PRIMARY KEY (id)
);
CREATE INDEX ix_meetings_starts_at ON meetings (starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_team ON meetings (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_modified_at ON meetings (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_parent ON meetings (parent_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_starts_at_desc ON meetings (starts_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_ends_at_desc ON meetings (ends_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_name ON meetings (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_search ON meetings USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_series ON meetings (series, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_ends_at ON meetings (ends_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_status ON meetings (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_created_at ON meetings (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_assigned_to ON meetings (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_prefix ON meetings (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_meetings_deleted ON meetings (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE TABLE tasks (
  id UUID NOT NULL,
  name TEXT,
  status TEXT,
  priority TEXT,
  starts_at TIMESTAMP WITH TIME ZONE,
  due_at TIMESTAMP WITH TIME ZONE,
  parent_module TEXT,
  parent_id UUID,
  contact UUID,
  description TEXT,
  reminders TEXT[],
  mail_reminders TEXT[],
  completed_at TIMESTAMP WITH TIME ZONE,
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
  CONSTRAINT pk_tasks PRIMARY KEY (id)
);
CREATE INDEX ix_tasks_prefix ON tasks (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_assigned_to ON tasks (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_created_at ON tasks (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_due_at_desc ON tasks (due_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_contact ON tasks (contact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_deleted ON tasks (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_tasks_parent ON tasks (parent_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_modified_at ON tasks (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_status ON tasks (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_name ON tasks (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_search ON tasks USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_priority ON tasks (priority, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_completed_at ON tasks (completed_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_team ON tasks (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_completed_at_desc ON tasks (completed_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tasks_due_at ON tasks (due_at, id) WHERE deleted_at IS NULL;
CREATE TABLE call_contacts (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  acceptance TEXT,
  optional BOOLEAN,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_call_contacts PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_call_contacts_left_id FOREIGN KEY(left_id) REFERENCES calls (id) ON DELETE CASCADE,
  CONSTRAINT fk_call_contacts_right_id FOREIGN KEY(right_id) REFERENCES contacts (id) ON DELETE CASCADE
);
CREATE INDEX ix_call_contacts_right ON call_contacts (right_id, left_id);
CREATE TABLE call_leads (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  acceptance TEXT,
  optional BOOLEAN,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_call_leads PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_call_leads_left_id FOREIGN KEY(left_id) REFERENCES calls (id) ON DELETE CASCADE,
  CONSTRAINT fk_call_leads_right_id FOREIGN KEY(right_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE INDEX ix_call_leads_right ON call_leads (right_id, left_id);
CREATE TABLE call_users (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  acceptance TEXT,
  optional BOOLEAN,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_call_users PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_call_users_left_id FOREIGN KEY(left_id) REFERENCES calls (id) ON DELETE CASCADE,
  CONSTRAINT fk_call_users_right_id FOREIGN KEY(right_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_call_users_right ON call_users (right_id, left_id);
CREATE TABLE meeting_contacts (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  acceptance TEXT,
  optional BOOLEAN,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_meeting_contacts PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_meeting_contacts_left_id FOREIGN KEY(left_id) REFERENCES meetings (id) ON DELETE CASCADE,
  CONSTRAINT fk_meeting_contacts_right_id FOREIGN KEY(right_id) REFERENCES contacts (id) ON DELETE CASCADE
);
CREATE INDEX ix_meeting_contacts_right ON meeting_contacts (right_id, left_id);
CREATE TABLE meeting_leads (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  acceptance TEXT,
  optional BOOLEAN,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_meeting_leads PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_meeting_leads_left_id FOREIGN KEY(left_id) REFERENCES meetings (id) ON DELETE CASCADE,
  CONSTRAINT fk_meeting_leads_right_id FOREIGN KEY(right_id) REFERENCES leads (id) ON DELETE CASCADE
);
CREATE INDEX ix_meeting_leads_right ON meeting_leads (right_id, left_id);
CREATE TABLE meeting_users (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  acceptance TEXT,
  optional BOOLEAN,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_meeting_users PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_meeting_users_left_id FOREIGN KEY(left_id) REFERENCES meetings (id) ON DELETE CASCADE,
  CONSTRAINT fk_meeting_users_right_id FOREIGN KEY(right_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_meeting_users_right ON meeting_users (right_id, left_id);
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE meetings ADD CONSTRAINT fk_meetings_series FOREIGN KEY(series) REFERENCES meetings (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE calls ADD CONSTRAINT fk_calls_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_contact FOREIGN KEY(contact) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE calls ADD CONSTRAINT fk_calls_series FOREIGN KEY(series) REFERENCES calls (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE meetings ADD CONSTRAINT fk_meetings_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
