CREATE TABLE project_task_waits (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  relationship TEXT,
  lag BIGINT,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_project_task_waits PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_project_task_waits_left_id FOREIGN KEY(left_id) REFERENCES project_tasks (id) ON DELETE CASCADE,
  CONSTRAINT fk_project_task_waits_right_id FOREIGN KEY(right_id) REFERENCES project_tasks (id) ON DELETE CASCADE
);
CREATE INDEX ix_project_task_waits_right ON project_task_waits (right_id, left_id);
CREATE TABLE project_template_task_waits (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  relationship TEXT,
  lag BIGINT,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_project_template_task_waits PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_project_template_task_waits_left_id FOREIGN KEY(left_id) REFERENCES project_template_tasks (id) ON DELETE CASCADE,
  CONSTRAINT fk_project_template_task_waits_right_id FOREIGN KEY(right_id) REFERENCES project_template_tasks (id) ON DELETE CASCADE
);
CREATE INDEX ix_project_template_task_waits_right ON project_template_task_waits (right_id, left_id);
INSERT INTO project_task_waits (left_id, right_id, created_at, created_by, relationship, lag)
  SELECT id, predecessor, modified_at, modified_by, relationship, lag FROM project_tasks
  WHERE predecessor IS NOT NULL;
INSERT INTO project_template_task_waits (left_id, right_id, created_at, created_by, relationship, lag)
  SELECT id, predecessor, modified_at, modified_by, relationship, lag FROM project_template_tasks
  WHERE predecessor IS NOT NULL;
DROP INDEX ix_project_tasks_predecessor;
ALTER TABLE project_tasks DROP CONSTRAINT fk_project_tasks_predecessor;
ALTER TABLE project_tasks DROP COLUMN lag;
ALTER TABLE project_tasks DROP COLUMN relationship;
ALTER TABLE project_tasks DROP COLUMN predecessor;
DROP INDEX ix_project_template_tasks_predecessor;
ALTER TABLE project_template_tasks DROP CONSTRAINT fk_project_template_tasks_predecessor;
ALTER TABLE project_template_tasks DROP COLUMN lag;
ALTER TABLE project_template_tasks DROP COLUMN relationship;
ALTER TABLE project_template_tasks DROP COLUMN predecessor;
