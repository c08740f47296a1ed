CREATE SEQUENCE custom_field_number;
CREATE TABLE leads (
  id UUID NOT NULL,
  status TEXT,
  status_description TEXT,
  lead_source TEXT,
  lead_source_description TEXT,
  referred_by TEXT,
  account_name TEXT,
  account_description TEXT,
  website TEXT,
  industry TEXT,
  opportunity_name TEXT,
  opportunity_amount NUMERIC(20, 4),
  opportunity_amount_currency VARCHAR(3),
  opportunity_amount_rate NUMERIC(20, 10),
  opportunity_amount_base NUMERIC(20, 4),
  reports_to UUID,
  converted BOOLEAN,
  converted_at TIMESTAMP WITH TIME ZONE,
  converted_contact UUID,
  converted_account UUID,
  converted_opportunity UUID,
  converted_new TEXT[],
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
  CONSTRAINT pk_leads PRIMARY KEY (id)
);
CREATE INDEX ix_leads_converted_contact ON leads (converted_contact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_converted_opportunity ON leads (converted_opportunity, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_assigned_to ON leads (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_name ON leads (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_lead_source ON leads (lead_source, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_converted_at_desc ON leads (converted_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_team ON leads (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_created_at ON leads (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_converted_account ON leads (converted_account, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_converted_at ON leads (converted_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_deleted ON leads (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_leads_reports_to ON leads (reports_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_opportunity_amount_desc ON leads (opportunity_amount_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_modified_at ON leads (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_prefix ON leads (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_opportunity_amount ON leads (opportunity_amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_status ON leads (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_leads_search ON leads USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE TABLE accounts (
  id UUID NOT NULL,
  name TEXT,
  brand_name TEXT,
  website TEXT,
  phone_office TEXT,
  phone_alternate TEXT,
  phone_fax TEXT,
  billing_address_street TEXT,
  billing_address_city TEXT,
  billing_address_state TEXT,
  billing_address_postal_code TEXT,
  billing_address_country TEXT,
  shipping_address_street TEXT,
  shipping_address_city TEXT,
  shipping_address_state TEXT,
  shipping_address_postal_code TEXT,
  shipping_address_country TEXT,
  account_type TEXT,
  industry TEXT,
  rating TEXT,
  annual_revenue NUMERIC(20, 4),
  annual_revenue_currency VARCHAR(3),
  annual_revenue_rate NUMERIC(20, 10),
  annual_revenue_base NUMERIC(20, 4),
  employees BIGINT,
  ownership TEXT,
  parent UUID,
  national_legal_id TEXT,
  economic_code TEXT,
  registration_no TEXT,
  sic_code TEXT,
  ticker_symbol TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(brand_name, '') || ' ' || coalesce(phone_office, '') || ' ' || coalesce(phone_alternate, '') || ' ' || coalesce(national_legal_id, '') || ' ' || coalesce(economic_code, '') || ' ' || coalesce(registration_no, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_accounts PRIMARY KEY (id)
);
CREATE INDEX ix_accounts_account_type ON accounts (account_type, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_accounts_annual_revenue ON accounts (annual_revenue_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_accounts_annual_revenue_desc ON accounts (annual_revenue_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_accounts_team ON accounts (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_accounts_assigned_to ON accounts (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_accounts_deleted ON accounts (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_accounts_search ON accounts USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_accounts_prefix ON accounts (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_accounts_name ON accounts (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_accounts_industry ON accounts (industry, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_accounts_created_at ON accounts (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_accounts_modified_at ON accounts (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_accounts_parent ON accounts (parent, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE contacts (
  id UUID NOT NULL,
  account UUID,
  reports_to UUID,
  lead_source TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(national_id, '') || ' ' || coalesce(name_latin, '') || ' ' || coalesce(name, '') || ' ' || coalesce(phone_work, '') || ' ' || coalesce(phone_mobile, '') || ' ' || coalesce(phone_home, '') || ' ' || coalesce(phone_other, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(last_name, '') || ' ' || coalesce(name, ''))) STORED,
  CONSTRAINT pk_contacts PRIMARY KEY (id)
);
CREATE INDEX ix_contacts_name ON contacts (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contacts_search ON contacts USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_contacts_team ON contacts (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contacts_reports_to ON contacts (reports_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contacts_deleted ON contacts (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_contacts_lead_source ON contacts (lead_source, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contacts_account ON contacts (account, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contacts_modified_at ON contacts (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contacts_assigned_to ON contacts (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contacts_created_at ON contacts (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contacts_prefix ON contacts (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE TABLE opportunities (
  id UUID NOT NULL,
  name TEXT,
  account UUID,
  amount NUMERIC(20, 4),
  amount_currency VARCHAR(3),
  amount_rate NUMERIC(20, 10),
  amount_base NUMERIC(20, 4),
  closes_on DATE,
  stage TEXT,
  probability NUMERIC(5, 2),
  opportunity_type TEXT,
  lead_source TEXT,
  next_step TEXT,
  description TEXT,
  lost_reason TEXT,
  lost_note TEXT,
  last_stage TEXT,
  stage_entered_at TIMESTAMP WITH TIME ZONE,
  closed_at TIMESTAMP WITH TIME ZONE,
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
  CONSTRAINT pk_opportunities PRIMARY KEY (id)
);
CREATE INDEX ix_opportunities_closes_on_desc ON opportunities (closes_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_modified_at ON opportunities (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_name ON opportunities (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_stage ON opportunities (stage, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_assigned_to ON opportunities (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_probability ON opportunities (probability, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_account ON opportunities (account, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_amount ON opportunities (amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_probability_desc ON opportunities (probability DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_amount_desc ON opportunities (amount_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_search ON opportunities USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_deleted ON opportunities (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_opportunities_closes_on ON opportunities (closes_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_prefix ON opportunities (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_lead_source ON opportunities (lead_source, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_closed_at ON opportunities (closed_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_team ON opportunities (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_closed_at_desc ON opportunities (closed_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_opportunities_created_at ON opportunities (created_at, id) WHERE deleted_at IS NULL;
CREATE TABLE users (
  id UUID NOT NULL,
  user_name TEXT,
  status TEXT,
  user_type TEXT,
  address_street TEXT,
  address_city TEXT,
  address_state TEXT,
  address_postal_code TEXT,
  address_country TEXT,
  employee_status TEXT,
  messenger_type TEXT,
  messenger_id TEXT,
  reports_to UUID,
  show_on_employees BOOLEAN,
  receive_notifications BOOLEAN,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(user_name, '') || ' ' || coalesce(name, '') || ' ' || coalesce(phone_work, '') || ' ' || coalesce(phone_mobile, '') || ' ' || coalesce(phone_home, '') || ' ' || coalesce(phone_other, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(last_name, '') || ' ' || coalesce(name, ''))) STORED,
  CONSTRAINT pk_users PRIMARY KEY (id)
);
CREATE INDEX ix_users_status ON users (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_users_search ON users USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_users_deleted ON users (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_users_reports_to ON users (reports_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_users_created_at ON users (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_users_user_type ON users (user_type, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_users_prefix ON users (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_users_assigned_to ON users (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_users_team ON users (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_users_name ON users (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_users_modified_at ON users (modified_at, id) WHERE deleted_at IS NULL;
CREATE TABLE teams (
  id UUID NOT NULL,
  name TEXT,
  parent UUID,
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
  CONSTRAINT pk_teams PRIMARY KEY (id)
);
CREATE INDEX ix_teams_name ON teams (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_teams_prefix ON teams (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_teams_assigned_to ON teams (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_teams_team ON teams (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_teams_search ON teams USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_teams_created_at ON teams (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_teams_modified_at ON teams (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_teams_parent ON teams (parent, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_teams_deleted ON teams (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE TABLE currencies (
  id UUID NOT NULL,
  name TEXT,
  symbol TEXT,
  iso4217 TEXT,
  conversion_rate NUMERIC(20, 10),
  status TEXT,
  decimals BIGINT,
  symbol_position TEXT,
  is_base BOOLEAN,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(iso4217, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_currencies PRIMARY KEY (id)
);
CREATE INDEX ix_currencies_search ON currencies USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_currencies_assigned_to ON currencies (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_currencies_prefix ON currencies (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_currencies_modified_at ON currencies (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_currencies_team ON currencies (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_currencies_deleted ON currencies (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_currencies_created_at ON currencies (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_currencies_name ON currencies (sort_key, id) WHERE deleted_at IS NULL;
CREATE TABLE email_address (
  id UUID DEFAULT uuidv7() NOT NULL,
  address TEXT NOT NULL,
  address_key TEXT NOT NULL,
  opted_out BOOLEAN DEFAULT false NOT NULL,
  invalid BOOLEAN DEFAULT false NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_email_address PRIMARY KEY (id),
  CONSTRAINT uq_email_address_address_key UNIQUE (address_key)
);
CREATE INDEX ix_email_address_search ON email_address USING gin (address_key crm.gin_trgm_ops);
CREATE TABLE audit_event (
  id UUID DEFAULT uuidv7() NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  actor_id UUID,
  source TEXT NOT NULL,
  request_id TEXT NOT NULL,
  module TEXT NOT NULL,
  record_id UUID,
  action TEXT NOT NULL,
  changes JSONB DEFAULT '{}' NOT NULL,
  version INTEGER,
  CONSTRAINT pk_audit_event PRIMARY KEY (id)
);
CREATE INDEX ix_audit_event_actor ON audit_event (actor_id, at DESC);
CREATE INDEX ix_audit_event_record ON audit_event (record_id, at DESC);
CREATE TABLE removal (
  id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  actor_id UUID,
  module TEXT NOT NULL,
  number INTEGER NOT NULL,
  CONSTRAINT pk_removal PRIMARY KEY (id)
);
CREATE TABLE outbox (
  id UUID DEFAULT uuidv7() NOT NULL,
  subject TEXT NOT NULL,
  payload JSONB NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  published_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_outbox PRIMARY KEY (id)
);
CREATE INDEX ix_outbox_waiting ON outbox (id) WHERE published_at IS NULL;
CREATE TABLE job (
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  user_id UUID NOT NULL,
  state TEXT DEFAULT 'waiting' NOT NULL,
  request JSONB NOT NULL,
  result JSONB,
  done INTEGER DEFAULT 0 NOT NULL,
  total INTEGER,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_job PRIMARY KEY (id)
);
CREATE TABLE idempotency (
  key TEXT NOT NULL,
  user_id UUID NOT NULL,
  answer JSONB,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_idempotency PRIMARY KEY (key)
);
CREATE TABLE favourite (
  user_id UUID NOT NULL,
  record_id UUID NOT NULL,
  module TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT pk_favourite PRIMARY KEY (user_id, record_id)
);
CREATE INDEX ix_favourite_user ON favourite (user_id, created_at DESC);
CREATE TABLE recent_item (
  user_id UUID NOT NULL,
  record_id UUID NOT NULL,
  module TEXT NOT NULL,
  last_seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  visits INTEGER DEFAULT 1 NOT NULL,
  CONSTRAINT pk_recent_item PRIMARY KEY (user_id, record_id)
);
CREATE INDEX ix_recent_item_user ON recent_item (user_id, last_seen_at DESC);
CREATE TABLE list_view (
  id UUID DEFAULT uuidv7() NOT NULL,
  module TEXT NOT NULL,
  name TEXT NOT NULL,
  owner_id UUID NOT NULL,
  shared BOOLEAN DEFAULT false NOT NULL,
  body JSONB NOT NULL,
  position INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  version INTEGER DEFAULT 1 NOT NULL,
  CONSTRAINT pk_list_view PRIMARY KEY (id)
);
CREATE TABLE user_module_state (
  user_id UUID NOT NULL,
  module TEXT NOT NULL,
  body JSONB NOT NULL,
  CONSTRAINT pk_user_module_state PRIMARY KEY (user_id, module)
);
CREATE TABLE overlay (
  module TEXT NOT NULL,
  body JSONB NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  changed_by UUID,
  CONSTRAINT pk_overlay PRIMARY KEY (module)
);
CREATE TABLE role (
  id UUID DEFAULT uuidv7() NOT NULL,
  name TEXT NOT NULL,
  shipped TEXT,
  grants JSONB DEFAULT '{}' NOT NULL,
  specials TEXT[] DEFAULT '{}' NOT NULL,
  fields JSONB DEFAULT '{}' NOT NULL,
  version INTEGER DEFAULT 1 NOT NULL,
  CONSTRAINT pk_role PRIMARY KEY (id),
  CONSTRAINT uq_role_name UNIQUE (name),
  CONSTRAINT uq_role_shipped UNIQUE (shipped)
);
CREATE TABLE setting (
  key TEXT NOT NULL,
  value JSONB NOT NULL,
  CONSTRAINT pk_setting PRIMARY KEY (key)
);
CREATE TABLE login_throttle (
  key TEXT NOT NULL,
  failures INTEGER DEFAULT 0 NOT NULL,
  until TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_login_throttle PRIMARY KEY (key)
);
CREATE TABLE account_contacts (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  is_primary BOOLEAN,
  title TEXT,
  rank BIGINT,
  is_former BOOLEAN,
  from_date DATE,
  to_date DATE,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_account_contacts PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_account_contacts_left_id FOREIGN KEY(left_id) REFERENCES accounts (id) ON DELETE CASCADE,
  CONSTRAINT fk_account_contacts_right_id FOREIGN KEY(right_id) REFERENCES contacts (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX ux_account_contacts_primary ON account_contacts (right_id) WHERE is_primary;
CREATE INDEX ix_account_contacts_right ON account_contacts (right_id, left_id);
CREATE TABLE opportunity_contacts (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  role TEXT,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_opportunity_contacts PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_opportunity_contacts_left_id FOREIGN KEY(left_id) REFERENCES opportunities (id) ON DELETE CASCADE,
  CONSTRAINT fk_opportunity_contacts_right_id FOREIGN KEY(right_id) REFERENCES contacts (id) ON DELETE CASCADE
);
CREATE INDEX ix_opportunity_contacts_right ON opportunity_contacts (right_id, left_id);
CREATE TABLE email_link (
  module TEXT NOT NULL,
  record_id UUID NOT NULL,
  address_id UUID NOT NULL,
  is_primary BOOLEAN DEFAULT false NOT NULL,
  position INTEGER DEFAULT 0 NOT NULL,
  CONSTRAINT pk_email_link PRIMARY KEY (record_id, address_id),
  CONSTRAINT fk_email_link_address_id FOREIGN KEY(address_id) REFERENCES email_address (id) ON DELETE CASCADE
);
CREATE INDEX ix_email_link_address ON email_link (address_id, module, record_id);
CREATE UNIQUE INDEX ux_email_link_primary ON email_link (record_id) WHERE is_primary;
CREATE TABLE user_credential (
  user_id UUID NOT NULL,
  password_hash TEXT,
  changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  must_change BOOLEAN DEFAULT false NOT NULL,
  version INTEGER DEFAULT 1 NOT NULL,
  failed INTEGER DEFAULT 0 NOT NULL,
  locked_until TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_user_credential PRIMARY KEY (user_id),
  CONSTRAINT fk_user_credential_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE session (
  id UUID DEFAULT uuidv7() NOT NULL,
  user_id UUID NOT NULL,
  token_hash BYTEA NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  last_seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  agent TEXT DEFAULT '' NOT NULL,
  address TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_session PRIMARY KEY (id),
  CONSTRAINT fk_session_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT uq_session_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_session_user ON session (user_id, last_seen_at DESC);
CREATE TABLE personal_token (
  id UUID DEFAULT uuidv7() NOT NULL,
  user_id UUID NOT NULL,
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  token_hash BYTEA NOT NULL,
  scopes TEXT[] DEFAULT '{}' NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE,
  last_used_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_personal_token PRIMARY KEY (id),
  CONSTRAINT fk_personal_token_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT uq_personal_token_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_personal_token_user ON personal_token (user_id, created_at DESC);
CREATE TABLE one_time_token (
  id UUID DEFAULT uuidv7() NOT NULL,
  user_id UUID NOT NULL,
  purpose TEXT NOT NULL,
  token_hash BYTEA NOT NULL,
  credential_version INTEGER NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_one_time_token PRIMARY KEY (id),
  CONSTRAINT fk_one_time_token_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT uq_one_time_token_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_one_time_token_user ON one_time_token (user_id, purpose);
CREATE TABLE user_role (
  user_id UUID NOT NULL,
  role_id UUID NOT NULL,
  CONSTRAINT pk_user_role PRIMARY KEY (user_id, role_id),
  CONSTRAINT fk_user_role_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_user_role_role_id FOREIGN KEY(role_id) REFERENCES role (id) ON DELETE CASCADE
);
CREATE INDEX ix_user_role_role ON user_role (role_id);
CREATE TABLE team_member (
  user_id UUID NOT NULL,
  team_id UUID NOT NULL,
  is_leader BOOLEAN DEFAULT false NOT NULL,
  CONSTRAINT pk_team_member PRIMARY KEY (user_id, team_id),
  CONSTRAINT fk_team_member_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_team_member_team_id FOREIGN KEY(team_id) REFERENCES teams (id) ON DELETE CASCADE
);
CREATE INDEX ix_team_member_team ON team_member (team_id);
CREATE TABLE preference (
  user_id UUID NOT NULL,
  body JSONB NOT NULL,
  CONSTRAINT pk_preference PRIMARY KEY (user_id),
  CONSTRAINT fk_preference_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE login_event (
  id UUID DEFAULT uuidv7() NOT NULL,
  user_id UUID,
  name TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  ok BOOLEAN NOT NULL,
  method TEXT NOT NULL,
  address TEXT DEFAULT '' NOT NULL,
  agent TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_login_event PRIMARY KEY (id),
  CONSTRAINT fk_login_event_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX ix_login_event_user ON login_event (user_id, at DESC);
CREATE INDEX ix_login_event_at ON login_event (at DESC);
ALTER TABLE users ADD CONSTRAINT fk_users_reports_to FOREIGN KEY(reports_to) REFERENCES users (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE opportunities ADD CONSTRAINT fk_opportunities_account FOREIGN KEY(account) REFERENCES accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE leads ADD CONSTRAINT fk_leads_converted_contact FOREIGN KEY(converted_contact) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE users ADD CONSTRAINT fk_users_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE currencies ADD CONSTRAINT fk_currencies_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE leads ADD CONSTRAINT fk_leads_converted_opportunity FOREIGN KEY(converted_opportunity) REFERENCES opportunities (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE teams ADD CONSTRAINT fk_teams_parent FOREIGN KEY(parent) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE leads ADD CONSTRAINT fk_leads_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE leads ADD CONSTRAINT fk_leads_converted_account FOREIGN KEY(converted_account) REFERENCES accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contacts ADD CONSTRAINT fk_contacts_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contacts ADD CONSTRAINT fk_contacts_account FOREIGN KEY(account) REFERENCES accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE leads ADD CONSTRAINT fk_leads_reports_to FOREIGN KEY(reports_to) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contacts ADD CONSTRAINT fk_contacts_reports_to FOREIGN KEY(reports_to) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE teams ADD CONSTRAINT fk_teams_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE opportunities ADD CONSTRAINT fk_opportunities_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE accounts ADD CONSTRAINT fk_accounts_parent FOREIGN KEY(parent) REFERENCES accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE accounts ADD CONSTRAINT fk_accounts_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
