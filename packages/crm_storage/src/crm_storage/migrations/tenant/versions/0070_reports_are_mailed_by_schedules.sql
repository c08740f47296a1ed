CREATE TABLE report_schedule (
  id UUID DEFAULT uuidv7() NOT NULL,
  report_id UUID NOT NULL,
  owner_id UUID NOT NULL,
  every TEXT NOT NULL,
  day INTEGER NOT NULL,
  minute INTEGER NOT NULL,
  zone TEXT NOT NULL,
  calendar TEXT NOT NULL,
  forms JSONB NOT NULL,
  people JSONB NOT NULL,
  send_empty BOOLEAN NOT NULL,
  paused BOOLEAN DEFAULT false NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE,
  last_due TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_report_schedule PRIMARY KEY (id),
  CONSTRAINT fk_report_schedule_report_id FOREIGN KEY(report_id) REFERENCES reports (id) ON DELETE CASCADE
);
CREATE INDEX ix_report_schedule_report ON report_schedule (report_id);
CREATE INDEX ix_report_schedule_due ON report_schedule (due_at) WHERE NOT paused;
CREATE TABLE report_delivery (
  id UUID DEFAULT uuidv7() NOT NULL,
  schedule_id UUID NOT NULL,
  due TIMESTAMP WITH TIME ZONE NOT NULL,
  user_id UUID,
  address TEXT DEFAULT '' NOT NULL,
  state TEXT DEFAULT 'waiting' NOT NULL,
  problem TEXT DEFAULT '' NOT NULL,
  at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_report_delivery PRIMARY KEY (id),
  CONSTRAINT uq_report_delivery_schedule_id_due_user_id_address UNIQUE NULLS NOT DISTINCT (schedule_id, due, user_id, address),
  CONSTRAINT fk_report_delivery_schedule_id FOREIGN KEY(schedule_id) REFERENCES report_schedule (id) ON DELETE CASCADE
);
CREATE INDEX ix_report_delivery_schedule ON report_delivery (schedule_id);
