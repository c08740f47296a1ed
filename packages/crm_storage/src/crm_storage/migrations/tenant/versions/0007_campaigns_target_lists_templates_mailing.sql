CREATE TABLE bounce_accounts (
  id UUID NOT NULL,
  name TEXT,
  protocol TEXT,
  host TEXT,
  port BIGINT,
  security TEXT,
  user_name TEXT,
  address TEXT,
  return_domain TEXT,
  folder TEXT,
  processed_folder TEXT,
  leave_on_server BOOLEAN,
  active BOOLEAN,
  state TEXT,
  state_note TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(address, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_bounce_accounts PRIMARY KEY (id)
);
CREATE INDEX ix_bounce_accounts_assigned_to ON bounce_accounts (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_bounce_accounts_modified_at ON bounce_accounts (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_bounce_accounts_created_at ON bounce_accounts (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_bounce_accounts_deleted ON bounce_accounts (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_bounce_accounts_prefix ON bounce_accounts (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_bounce_accounts_name ON bounce_accounts (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_bounce_accounts_search ON bounce_accounts USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_bounce_accounts_team ON bounce_accounts (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE campaigns (
  id UUID NOT NULL,
  name TEXT,
  status TEXT,
  campaign_type TEXT,
  frequency TEXT,
  start_date DATE,
  end_date DATE,
  impressions BIGINT,
  budget NUMERIC(20, 4),
  budget_currency VARCHAR(3),
  budget_rate NUMERIC(20, 10),
  budget_base NUMERIC(20, 4),
  expected_cost NUMERIC(20, 4),
  expected_cost_currency VARCHAR(3),
  expected_cost_rate NUMERIC(20, 10),
  expected_cost_base NUMERIC(20, 4),
  actual_cost NUMERIC(20, 4),
  actual_cost_currency VARCHAR(3),
  actual_cost_rate NUMERIC(20, 10),
  actual_cost_base NUMERIC(20, 4),
  expected_revenue NUMERIC(20, 4),
  expected_revenue_currency VARCHAR(3),
  expected_revenue_rate NUMERIC(20, 10),
  expected_revenue_base NUMERIC(20, 4),
  objective TEXT,
  description TEXT,
  consent_policy TEXT,
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
  CONSTRAINT pk_campaigns PRIMARY KEY (id)
);
CREATE INDEX ix_campaigns_created_at ON campaigns (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_status ON campaigns (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_start_date_desc ON campaigns (start_date DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_budget_desc ON campaigns (budget_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_actual_cost ON campaigns (actual_cost_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_deleted ON campaigns (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_campaigns_modified_at ON campaigns (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_expected_revenue_desc ON campaigns (expected_revenue_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_end_date ON campaigns (end_date, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_assigned_to ON campaigns (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_prefix ON campaigns (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_budget ON campaigns (budget_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_end_date_desc ON campaigns (end_date DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_actual_cost_desc ON campaigns (actual_cost_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_name ON campaigns (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_expected_revenue ON campaigns (expected_revenue_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_campaign_type ON campaigns (campaign_type, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_start_date ON campaigns (start_date, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_search ON campaigns USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_campaigns_team ON campaigns (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE email_marketing (
  id UUID NOT NULL,
  name TEXT,
  campaign UUID,
  template UUID,
  starts_at TIMESTAMP WITH TIME ZONE,
  status TEXT,
  run_state TEXT,
  outbound_account UUID,
  bounce_account UUID,
  from_name TEXT,
  from_addr TEXT,
  reply_to_name TEXT,
  reply_to_addr TEXT,
  all_lists BOOLEAN,
  track_opens BOOLEAN,
  track_clicks BOOLEAN,
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
  CONSTRAINT pk_email_marketing PRIMARY KEY (id)
);
CREATE INDEX ix_email_marketing_search ON email_marketing USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_status ON email_marketing (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_run_state ON email_marketing (run_state, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_assigned_to ON email_marketing (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_team ON email_marketing (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_modified_at ON email_marketing (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_template ON email_marketing (template, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_bounce_account ON email_marketing (bounce_account, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_name ON email_marketing (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_campaign ON email_marketing (campaign, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_starts_at_desc ON email_marketing (starts_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_starts_at ON email_marketing (starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_outbound_account ON email_marketing (outbound_account, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_prefix ON email_marketing (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_marketing_deleted ON email_marketing (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_email_marketing_created_at ON email_marketing (created_at, id) WHERE deleted_at IS NULL;
CREATE TABLE email_templates (
  id UUID NOT NULL,
  name TEXT,
  template_type TEXT,
  language TEXT,
  subject TEXT,
  preheader TEXT,
  body_html TEXT,
  body_text TEXT,
  text_only BOOLEAN,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(subject, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_email_templates PRIMARY KEY (id)
);
CREATE INDEX ix_email_templates_language ON email_templates (language, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_templates_created_at ON email_templates (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_templates_search ON email_templates USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_templates_team ON email_templates (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_templates_template_type ON email_templates (template_type, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_templates_assigned_to ON email_templates (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_templates_modified_at ON email_templates (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_templates_prefix ON email_templates (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_email_templates_deleted ON email_templates (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_email_templates_name ON email_templates (sort_key, id) WHERE deleted_at IS NULL;
CREATE TABLE outbound_accounts (
  id UUID NOT NULL,
  name TEXT,
  from_name TEXT,
  from_addr TEXT,
  reply_to_name TEXT,
  reply_to_addr TEXT,
  signature TEXT,
  host TEXT,
  port BIGINT,
  security TEXT,
  user_name TEXT,
  bulk BOOLEAN,
  per_second BIGINT,
  per_hour BIGINT,
  per_day BIGINT,
  connections BIGINT,
  per_connection BIGINT,
  own_return_path BOOLEAN,
  dkim_mode TEXT,
  dkim_selector TEXT,
  state TEXT,
  state_note TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(from_addr, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_outbound_accounts PRIMARY KEY (id)
);
CREATE INDEX ix_outbound_accounts_assigned_to ON outbound_accounts (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_outbound_accounts_created_at ON outbound_accounts (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_outbound_accounts_search ON outbound_accounts USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_outbound_accounts_prefix ON outbound_accounts (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_outbound_accounts_deleted ON outbound_accounts (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_outbound_accounts_name ON outbound_accounts (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_outbound_accounts_team ON outbound_accounts (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_outbound_accounts_modified_at ON outbound_accounts (modified_at, id) WHERE deleted_at IS NULL;
CREATE TABLE rate_bucket (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  tokens DOUBLE PRECISION DEFAULT 0 NOT NULL,
  per_second DOUBLE PRECISION,
  failures INTEGER DEFAULT 0 NOT NULL,
  closed_until TIMESTAMP WITH TIME ZONE,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_rate_bucket PRIMARY KEY (scope, key)
);
CREATE TABLE secret (
  record_id UUID NOT NULL,
  field TEXT NOT NULL,
  module TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  set_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_secret PRIMARY KEY (record_id, field)
);
CREATE TABLE suppression (
  id UUID DEFAULT uuidv7() NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  include_subdomains BOOLEAN DEFAULT true NOT NULL,
  reason TEXT DEFAULT 'manual' NOT NULL,
  note TEXT DEFAULT '' NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_suppression PRIMARY KEY (id),
  CONSTRAINT uq_suppression_kind_value UNIQUE (kind, value)
);
CREATE TABLE target_lists (
  id UUID NOT NULL,
  name TEXT,
  list_type TEXT,
  description TEXT,
  entry_count BIGINT,
  purpose TEXT,
  newsletter UUID,
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
  CONSTRAINT pk_target_lists PRIMARY KEY (id)
);
CREATE INDEX ix_target_lists_entry_count_desc ON target_lists (entry_count DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_target_lists_prefix ON target_lists (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_target_lists_team ON target_lists (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_target_lists_newsletter ON target_lists (newsletter, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_target_lists_search ON target_lists USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_target_lists_modified_at ON target_lists (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_target_lists_assigned_to ON target_lists (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_target_lists_deleted ON target_lists (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_target_lists_name ON target_lists (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_target_lists_created_at ON target_lists (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_target_lists_list_type ON target_lists (list_type, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_target_lists_entry_count ON target_lists (entry_count, id) WHERE deleted_at IS NULL;
CREATE TABLE targets (
  id UUID NOT NULL,
  account_name TEXT,
  campaign UUID,
  converted BOOLEAN,
  lead UUID,
  salutation TEXT,
  do_not_call BOOLEAN,
  assistant TEXT,
  assistant_phone TEXT,
  birthdate DATE,
  primary_address_street TEXT,
  primary_address_city TEXT,
  primary_address_state TEXT,
  primary_address_postal_code TEXT,
  primary_address_country TEXT,
  alt_address_street TEXT,
  alt_address_city TEXT,
  alt_address_state TEXT,
  alt_address_postal_code TEXT,
  alt_address_country TEXT,
  lawful_basis TEXT[],
  date_reviewed DATE,
  lawful_basis_source TEXT,
  gender TEXT,
  national_id TEXT,
  name_latin TEXT,
  father_name TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(account_name, '') || ' ' || coalesce(national_id, '') || ' ' || coalesce(name_latin, '') || ' ' || coalesce(name, '') || ' ' || coalesce(phone_work, '') || ' ' || coalesce(phone_mobile, '') || ' ' || coalesce(phone_home, '') || ' ' || coalesce(phone_other, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(last_name, '') || ' ' || coalesce(name, ''))) STORED,
  CONSTRAINT pk_targets PRIMARY KEY (id)
);
CREATE INDEX ix_targets_search ON targets USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_targets_prefix ON targets (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_targets_name ON targets (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_targets_modified_at ON targets (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_targets_deleted ON targets (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_targets_team ON targets (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_targets_campaign ON targets (campaign, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_targets_assigned_to ON targets (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_targets_created_at ON targets (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_targets_lead ON targets (lead, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE tracker_urls (
  id UUID NOT NULL,
  name TEXT,
  label TEXT,
  campaign UUID,
  url TEXT,
  is_opt_out BOOLEAN,
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
  CONSTRAINT pk_tracker_urls PRIMARY KEY (id)
);
CREATE INDEX ix_tracker_urls_name ON tracker_urls (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tracker_urls_prefix ON tracker_urls (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tracker_urls_search ON tracker_urls USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_tracker_urls_team ON tracker_urls (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tracker_urls_deleted ON tracker_urls (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_tracker_urls_modified_at ON tracker_urls (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tracker_urls_assigned_to ON tracker_urls (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tracker_urls_campaign ON tracker_urls (campaign, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tracker_urls_created_at ON tracker_urls (created_at, id) WHERE deleted_at IS NULL;
CREATE TABLE consent_log (
  id UUID DEFAULT uuidv7() NOT NULL,
  address_id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  campaign_id UUID,
  "old" TEXT DEFAULT '' NOT NULL,
  "new" TEXT DEFAULT '' NOT NULL,
  source TEXT DEFAULT '' NOT NULL,
  actor_id UUID,
  evidence JSONB DEFAULT '{}' NOT NULL,
  CONSTRAINT pk_consent_log PRIMARY KEY (id),
  CONSTRAINT fk_consent_log_address_id FOREIGN KEY(address_id) REFERENCES email_address (id) ON DELETE CASCADE
);
CREATE INDEX ix_consent_log_address ON consent_log (address_id, at DESC);
CREATE TABLE campaign_target_lists (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_campaign_target_lists PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_campaign_target_lists_left_id FOREIGN KEY(left_id) REFERENCES campaigns (id) ON DELETE CASCADE,
  CONSTRAINT fk_campaign_target_lists_right_id FOREIGN KEY(right_id) REFERENCES target_lists (id) ON DELETE CASCADE
);
CREATE INDEX ix_campaign_target_lists_right ON campaign_target_lists (right_id, left_id);
CREATE TABLE email_marketing_lists (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_email_marketing_lists PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_email_marketing_lists_left_id FOREIGN KEY(left_id) REFERENCES email_marketing (id) ON DELETE CASCADE,
  CONSTRAINT fk_email_marketing_lists_right_id FOREIGN KEY(right_id) REFERENCES target_lists (id) ON DELETE CASCADE
);
CREATE INDEX ix_email_marketing_lists_right ON email_marketing_lists (right_id, left_id);
CREATE TABLE newsletter_optout (
  campaign_id UUID NOT NULL,
  address_id UUID NOT NULL,
  marketing_id UUID,
  source TEXT DEFAULT '' NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_newsletter_optout PRIMARY KEY (campaign_id, address_id),
  CONSTRAINT fk_newsletter_optout_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
  CONSTRAINT fk_newsletter_optout_address_id FOREIGN KEY(address_id) REFERENCES email_address (id) ON DELETE CASCADE
);
CREATE INDEX ix_newsletter_optout_address ON newsletter_optout (address_id);
CREATE TABLE target_list_address (
  list_id UUID NOT NULL,
  address_key TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_target_list_address PRIMARY KEY (list_id, address_key),
  CONSTRAINT fk_target_list_address_list_id FOREIGN KEY(list_id) REFERENCES target_lists (id) ON DELETE CASCADE
);
CREATE TABLE target_list_domain (
  list_id UUID NOT NULL,
  domain TEXT NOT NULL,
  include_subdomains BOOLEAN DEFAULT true NOT NULL,
  CONSTRAINT pk_target_list_domain PRIMARY KEY (list_id, domain),
  CONSTRAINT fk_target_list_domain_list_id FOREIGN KEY(list_id) REFERENCES target_lists (id) ON DELETE CASCADE
);
CREATE TABLE target_list_member (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  module TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_target_list_member PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_target_list_member_left_id FOREIGN KEY(left_id) REFERENCES target_lists (id) ON DELETE CASCADE
);
CREATE INDEX ix_target_list_member_right ON target_list_member (right_id, left_id);
CREATE TABLE template_version (
  id UUID DEFAULT uuidv7() NOT NULL,
  template_id UUID NOT NULL,
  number INTEGER NOT NULL,
  body JSONB NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_template_version PRIMARY KEY (id),
  CONSTRAINT uq_template_version_template_id_number UNIQUE (template_id, number),
  CONSTRAINT fk_template_version_template_id FOREIGN KEY(template_id) REFERENCES email_templates (id) ON DELETE CASCADE
);
CREATE TABLE mkt_run (
  id UUID DEFAULT uuidv7() NOT NULL,
  marketing_id UUID NOT NULL,
  campaign_id UUID NOT NULL,
  kind TEXT DEFAULT 'live' NOT NULL,
  state TEXT DEFAULT 'scheduled' NOT NULL,
  state_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  reason TEXT DEFAULT '' NOT NULL,
  reason_facts JSONB DEFAULT '{}' NOT NULL,
  scheduled_for TIMESTAMP WITH TIME ZONE,
  expires_at TIMESTAMP WITH TIME ZONE,
  started_at TIMESTAMP WITH TIME ZONE,
  finished_at TIMESTAMP WITH TIME ZONE,
  template_version_id UUID,
  settings JSONB DEFAULT '{}' NOT NULL,
  audience JSONB DEFAULT '{}' NOT NULL,
  fill_slices INTEGER DEFAULT 0 NOT NULL,
  fill_done INTEGER DEFAULT 0 NOT NULL,
  total INTEGER DEFAULT 0 NOT NULL,
  attempted INTEGER DEFAULT 0 NOT NULL,
  sent INTEGER DEFAULT 0 NOT NULL,
  failed INTEGER DEFAULT 0 NOT NULL,
  skipped INTEGER DEFAULT 0 NOT NULL,
  uncertain INTEGER DEFAULT 0 NOT NULL,
  cancelled INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_mkt_run PRIMARY KEY (id),
  CONSTRAINT fk_mkt_run_marketing_id FOREIGN KEY(marketing_id) REFERENCES email_marketing (id) ON DELETE CASCADE,
  CONSTRAINT fk_mkt_run_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
  CONSTRAINT fk_mkt_run_template_version_id FOREIGN KEY(template_version_id) REFERENCES template_version (id)
);
CREATE INDEX ix_mkt_run_marketing ON mkt_run (marketing_id, created_at DESC);
CREATE INDEX ix_mkt_run_campaign ON mkt_run (campaign_id, created_at DESC);
CREATE INDEX ix_mkt_run_open ON mkt_run (state, scheduled_for) WHERE state NOT IN ('finished', 'cancelled', 'failed');
CREATE UNIQUE INDEX ux_mkt_run_live ON mkt_run (marketing_id) WHERE kind = 'live' AND state NOT IN ('finished', 'cancelled', 'failed');
CREATE TABLE email_queue (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  run_id UUID NOT NULL,
  marketing_id UUID NOT NULL,
  campaign_id UUID NOT NULL,
  is_test BOOLEAN DEFAULT false NOT NULL,
  dedupe_key TEXT NOT NULL,
  address_id UUID NOT NULL,
  module TEXT NOT NULL,
  record_id UUID NOT NULL,
  list_id UUID,
  class TEXT DEFAULT 'default' NOT NULL,
  mailbox_id UUID,
  provider TEXT DEFAULT '' NOT NULL,
  state TEXT DEFAULT 'ready' NOT NULL,
  priority SMALLINT DEFAULT 0 NOT NULL,
  not_before TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  attempts SMALLINT DEFAULT 0 NOT NULL,
  lease_token BIGINT,
  lease_until TIMESTAMP WITH TIME ZONE,
  begun_at TIMESTAMP WITH TIME ZONE,
  ended_at TIMESTAMP WITH TIME ZONE,
  reason TEXT DEFAULT '' NOT NULL,
  reply_code INTEGER,
  reply TEXT DEFAULT '' NOT NULL,
  template_version_id UUID,
  merged JSONB,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_email_queue PRIMARY KEY (id),
  CONSTRAINT fk_email_queue_run_id FOREIGN KEY(run_id) REFERENCES mkt_run (id) ON DELETE CASCADE
);
CREATE INDEX ix_email_queue_ready ON email_queue (mailbox_id, priority, id) WHERE state = 'ready';
CREATE INDEX ix_email_queue_run ON email_queue (run_id, state, id);
CREATE UNIQUE INDEX ux_email_queue_test ON email_queue (run_id, dedupe_key) WHERE is_test;
CREATE INDEX ix_email_queue_leased ON email_queue (lease_until) WHERE state IN ('leased', 'begun');
CREATE UNIQUE INDEX ux_email_queue_live ON email_queue (marketing_id, dedupe_key) WHERE NOT is_test;
CREATE INDEX ix_email_queue_address ON email_queue (address_id, id);
CREATE INDEX ix_email_queue_record ON email_queue (record_id, id);
CREATE TABLE email_skip (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  run_id UUID NOT NULL,
  module TEXT NOT NULL,
  record_id UUID NOT NULL,
  address_id UUID,
  list_id UUID,
  reason TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_email_skip PRIMARY KEY (id),
  CONSTRAINT fk_email_skip_run_id FOREIGN KEY(run_id) REFERENCES mkt_run (id) ON DELETE CASCADE
);
CREATE INDEX ix_email_skip_run ON email_skip (run_id, reason, id);
CREATE TABLE mkt_run_list (
  run_id UUID NOT NULL,
  list_id UUID NOT NULL,
  class TEXT NOT NULL,
  position INTEGER DEFAULT 0 NOT NULL,
  CONSTRAINT pk_mkt_run_list PRIMARY KEY (run_id, list_id),
  CONSTRAINT fk_mkt_run_list_run_id FOREIGN KEY(run_id) REFERENCES mkt_run (id) ON DELETE CASCADE
);
CREATE TABLE run_exempt_address (
  run_id UUID NOT NULL,
  address_key TEXT NOT NULL,
  CONSTRAINT pk_run_exempt_address PRIMARY KEY (run_id, address_key),
  CONSTRAINT fk_run_exempt_address_run_id FOREIGN KEY(run_id) REFERENCES mkt_run (id) ON DELETE CASCADE
);
CREATE TABLE run_exempt_domain (
  run_id UUID NOT NULL,
  domain TEXT NOT NULL,
  include_subdomains BOOLEAN DEFAULT true NOT NULL,
  CONSTRAINT pk_run_exempt_domain PRIMARY KEY (run_id, domain),
  CONSTRAINT fk_run_exempt_domain_run_id FOREIGN KEY(run_id) REFERENCES mkt_run (id) ON DELETE CASCADE
);
CREATE TABLE run_exempt_record (
  run_id UUID NOT NULL,
  record_id UUID NOT NULL,
  CONSTRAINT pk_run_exempt_record PRIMARY KEY (run_id, record_id),
  CONSTRAINT fk_run_exempt_record_run_id FOREIGN KEY(run_id) REFERENCES mkt_run (id) ON DELETE CASCADE
);
ALTER TABLE email_marketing ADD CONSTRAINT fk_email_marketing_bounce_account FOREIGN KEY(bounce_account) REFERENCES bounce_accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE email_marketing ADD CONSTRAINT fk_email_marketing_outbound_account FOREIGN KEY(outbound_account) REFERENCES outbound_accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE target_lists ADD CONSTRAINT fk_target_lists_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE outbound_accounts ADD CONSTRAINT fk_outbound_accounts_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tracker_urls ADD CONSTRAINT fk_tracker_urls_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE bounce_accounts ADD CONSTRAINT fk_bounce_accounts_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE email_marketing ADD CONSTRAINT fk_email_marketing_campaign FOREIGN KEY(campaign) REFERENCES campaigns (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE targets ADD CONSTRAINT fk_targets_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE campaigns ADD CONSTRAINT fk_campaigns_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE email_marketing ADD CONSTRAINT fk_email_marketing_template FOREIGN KEY(template) REFERENCES email_templates (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE email_marketing ADD CONSTRAINT fk_email_marketing_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE target_lists ADD CONSTRAINT fk_target_lists_newsletter FOREIGN KEY(newsletter) REFERENCES campaigns (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE email_templates ADD CONSTRAINT fk_email_templates_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE targets ADD CONSTRAINT fk_targets_lead FOREIGN KEY(lead) REFERENCES leads (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tracker_urls ADD CONSTRAINT fk_tracker_urls_campaign FOREIGN KEY(campaign) REFERENCES campaigns (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE targets ADD CONSTRAINT fk_targets_campaign FOREIGN KEY(campaign) REFERENCES campaigns (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE accounts ADD COLUMN campaign UUID;
CREATE INDEX ix_accounts_campaign ON accounts (campaign, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE accounts ADD CONSTRAINT fk_accounts_campaign FOREIGN KEY(campaign) REFERENCES campaigns (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contacts ADD COLUMN campaign UUID;
CREATE INDEX ix_contacts_campaign ON contacts (campaign, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE contacts ADD CONSTRAINT fk_contacts_campaign FOREIGN KEY(campaign) REFERENCES campaigns (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE email_address ADD COLUMN domain TEXT GENERATED ALWAYS AS (substring(address_key from '[^@]*$')) STORED;
ALTER TABLE email_address ADD COLUMN opted_out_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE email_address ADD COLUMN opted_out_source TEXT;
ALTER TABLE email_address ADD COLUMN invalid_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE email_address ADD COLUMN invalid_reason TEXT;
ALTER TABLE email_address ADD COLUMN complained_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE email_address ADD COLUMN optin_state TEXT DEFAULT 'none' NOT NULL;
ALTER TABLE email_address ADD COLUMN optin_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE email_address ADD COLUMN soft_bounces INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE email_address ADD COLUMN last_success_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE leads ADD COLUMN campaign UUID;
CREATE INDEX ix_leads_campaign ON leads (campaign, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE leads ADD CONSTRAINT fk_leads_campaign FOREIGN KEY(campaign) REFERENCES campaigns (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE opportunities ADD COLUMN campaign UUID;
CREATE INDEX ix_opportunities_campaign ON opportunities (campaign, created_at DESC, id DESC) WHERE deleted_at IS NULL;
ALTER TABLE opportunities ADD CONSTRAINT fk_opportunities_campaign FOREIGN KEY(campaign) REFERENCES campaigns (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
