CREATE TABLE target_list_rule (
  list_id UUID NOT NULL,
  module TEXT NOT NULL,
  name TEXT DEFAULT '' NOT NULL,
  question JSONB NOT NULL,
  owner_id UUID NOT NULL,
  refreshed_at TIMESTAMP WITH TIME ZONE,
  problem TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_target_list_rule PRIMARY KEY (list_id, module),
  CONSTRAINT fk_target_list_rule_list_id FOREIGN KEY(list_id) REFERENCES target_lists (id) ON DELETE CASCADE
);
CREATE INDEX ix_target_list_rule_refreshed ON target_list_rule (refreshed_at);
