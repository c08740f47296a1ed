CREATE SEQUENCE bugs_bug_number_seq;
CREATE TABLE bugs (
  id UUID NOT NULL,
  bug_number BIGINT DEFAULT nextval('bugs_bug_number_seq'),
  name TEXT,
  priority TEXT,
  bug_type TEXT,
  status TEXT,
  resolution TEXT,
  source TEXT,
  product_area TEXT,
  found_in_release UUID,
  fixed_in_release UUID,
  description TEXT,
  work_log TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(bug_number::text, '') || ' ' || coalesce(name, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_bugs PRIMARY KEY (id)
);
CREATE INDEX ix_bugs_deleted ON bugs (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_bugs_bug_number ON bugs (bug_number, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_bug_number_desc ON bugs (bug_number DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_created_at ON bugs (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_assigned_to ON bugs (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_status ON bugs (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_name ON bugs (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_modified_at ON bugs (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_prefix ON bugs (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_fixed_in_release ON bugs (fixed_in_release, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_priority ON bugs (priority, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_bug_type ON bugs (bug_type, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_found_in_release ON bugs (found_in_release, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_bugs_bug_number ON bugs (bug_number) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_team ON bugs (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_bugs_search ON bugs USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE TABLE case_updates (
  id UUID NOT NULL,
  name TEXT,
  "case" UUID,
  description TEXT,
  internal BOOLEAN,
  contact UUID,
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
  CONSTRAINT pk_case_updates PRIMARY KEY (id)
);
CREATE INDEX ix_case_updates_contact ON case_updates (contact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_case_updates_created_at ON case_updates (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_case_updates_case ON case_updates ("case", created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_case_updates_prefix ON case_updates (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_case_updates_team ON case_updates (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_case_updates_search ON case_updates USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_case_updates_deleted ON case_updates (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_case_updates_assigned_to ON case_updates (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_case_updates_modified_at ON case_updates (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_case_updates_name ON case_updates (sort_key, id) WHERE deleted_at IS NULL;
CREATE SEQUENCE cases_case_number_seq;
CREATE TABLE cases (
  id UUID NOT NULL,
  case_number BIGINT DEFAULT nextval('cases_case_number_seq'),
  name TEXT,
  account UUID,
  contact UUID,
  state TEXT,
  status TEXT,
  priority TEXT,
  case_type TEXT,
  channel TEXT,
  description TEXT,
  resolution TEXT,
  work_log TEXT,
  is_internal BOOLEAN,
  duplicate_of UUID,
  due_at TIMESTAMP WITH TIME ZONE,
  first_response_at TIMESTAMP WITH TIME ZONE,
  closed_at TIMESTAMP WITH TIME ZONE,
  reopened_count BIGINT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(case_number::text, '') || ' ' || coalesce(name, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_cases PRIMARY KEY (id)
);
CREATE INDEX ix_cases_case_number_desc ON cases (case_number DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_duplicate_of ON cases (duplicate_of, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_name ON cases (sort_key, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_cases_case_number ON cases (case_number) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_closed_at ON cases (closed_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_team ON cases (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_contact ON cases (contact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_case_number ON cases (case_number, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_status ON cases (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_modified_at ON cases (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_due_at ON cases (due_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_closed_at_desc ON cases (closed_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_prefix ON cases (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_deleted ON cases (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_cases_account ON cases (account, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_priority ON cases (priority, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_assigned_to ON cases (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_search ON cases USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_created_at ON cases (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_cases_due_at_desc ON cases (due_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE contracts (
  id UUID NOT NULL,
  name TEXT,
  reference_code TEXT,
  abbreviation TEXT,
  status TEXT,
  contract_type TEXT,
  account UUID,
  contact UUID,
  client_technical_contact UUID,
  contact_person UUID,
  technical_contact UUID,
  opportunity UUID,
  quote UUID,
  renewed_from UUID,
  starts_on DATE,
  ends_on DATE,
  renewal_reminder_at TIMESTAMP WITH TIME ZONE,
  notice_period TEXT,
  notice_by DATE,
  customer_signed_on DATE,
  company_signed_on DATE,
  contract_value NUMERIC(20, 4),
  contract_value_currency VARCHAR(3),
  contract_value_rate NUMERIC(20, 10),
  contract_value_base NUMERIC(20, 4),
  payment_term TEXT,
  shipment_terms TEXT,
  lead_time TEXT,
  warranty TEXT,
  number TEXT,
  bill_currency VARCHAR(3),
  bill_discount_type TEXT,
  bill_discount NUMERIC(20, 4),
  bill_shipping NUMERIC(20, 4),
  bill_shipping_tax NUMERIC(5, 2),
  total_amt NUMERIC(20, 4),
  total_amt_currency VARCHAR(3),
  total_amt_rate NUMERIC(20, 10),
  total_amt_base NUMERIC(20, 4),
  discount_amount NUMERIC(20, 4),
  discount_amount_currency VARCHAR(3),
  discount_amount_rate NUMERIC(20, 10),
  discount_amount_base NUMERIC(20, 4),
  subtotal_amount NUMERIC(20, 4),
  subtotal_amount_currency VARCHAR(3),
  subtotal_amount_rate NUMERIC(20, 10),
  subtotal_amount_base NUMERIC(20, 4),
  shipping_amount NUMERIC(20, 4),
  shipping_amount_currency VARCHAR(3),
  shipping_amount_rate NUMERIC(20, 10),
  shipping_amount_base NUMERIC(20, 4),
  tax_amount NUMERIC(20, 4),
  tax_amount_currency VARCHAR(3),
  tax_amount_rate NUMERIC(20, 10),
  tax_amount_base NUMERIC(20, 4),
  total_amount NUMERIC(20, 4),
  total_amount_currency VARCHAR(3),
  total_amount_rate NUMERIC(20, 10),
  total_amount_base NUMERIC(20, 4),
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
  terms TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(reference_code, '') || ' ' || coalesce(number, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_contracts PRIMARY KEY (id)
);
CREATE INDEX ix_contracts_opportunity ON contracts (opportunity, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_assigned_to ON contracts (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_status ON contracts (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_deleted ON contracts (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_contracts_starts_on_desc ON contracts (starts_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_total_amount_desc ON contracts (total_amount_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_client_technical_contact ON contracts (client_technical_contact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_renewal_reminder_at_desc ON contracts (renewal_reminder_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_ends_on ON contracts (ends_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_notice_by ON contracts (notice_by, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_contact ON contracts (contact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_prefix ON contracts (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_contract_value_desc ON contracts (contract_value_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_account ON contracts (account, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_contracts_number ON contracts (lower(number)) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_team ON contracts (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_ends_on_desc ON contracts (ends_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_renewal_reminder_at ON contracts (renewal_reminder_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_contract_type ON contracts (contract_type, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_renewed_from ON contracts (renewed_from, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_created_at ON contracts (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_name ON contracts (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_notice_by_desc ON contracts (notice_by DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_contract_value ON contracts (contract_value_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_modified_at ON contracts (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_quote ON contracts (quote, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_starts_on ON contracts (starts_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_total_amount ON contracts (total_amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_contracts_search ON contracts USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE TABLE invoices (
  id UUID NOT NULL,
  name TEXT,
  status TEXT,
  account UUID,
  contact UUID,
  quote UUID,
  quote_number TEXT,
  quote_date DATE,
  invoice_date DATE,
  due_on DATE,
  payment_term TEXT,
  paid_amount NUMERIC(20, 4),
  paid_amount_currency VARCHAR(3),
  paid_amount_rate NUMERIC(20, 10),
  paid_amount_base NUMERIC(20, 4),
  remaining_amount NUMERIC(20, 4),
  remaining_amount_currency VARCHAR(3),
  remaining_amount_rate NUMERIC(20, 10),
  remaining_amount_base NUMERIC(20, 4),
  number TEXT,
  bill_currency VARCHAR(3),
  bill_discount_type TEXT,
  bill_discount NUMERIC(20, 4),
  bill_shipping NUMERIC(20, 4),
  bill_shipping_tax NUMERIC(5, 2),
  total_amt NUMERIC(20, 4),
  total_amt_currency VARCHAR(3),
  total_amt_rate NUMERIC(20, 10),
  total_amt_base NUMERIC(20, 4),
  discount_amount NUMERIC(20, 4),
  discount_amount_currency VARCHAR(3),
  discount_amount_rate NUMERIC(20, 10),
  discount_amount_base NUMERIC(20, 4),
  subtotal_amount NUMERIC(20, 4),
  subtotal_amount_currency VARCHAR(3),
  subtotal_amount_rate NUMERIC(20, 10),
  subtotal_amount_base NUMERIC(20, 4),
  shipping_amount NUMERIC(20, 4),
  shipping_amount_currency VARCHAR(3),
  shipping_amount_rate NUMERIC(20, 10),
  shipping_amount_base NUMERIC(20, 4),
  tax_amount NUMERIC(20, 4),
  tax_amount_currency VARCHAR(3),
  tax_amount_rate NUMERIC(20, 10),
  tax_amount_base NUMERIC(20, 4),
  total_amount NUMERIC(20, 4),
  total_amount_currency VARCHAR(3),
  total_amount_rate NUMERIC(20, 10),
  total_amount_base NUMERIC(20, 4),
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
  terms TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(quote_number, '') || ' ' || coalesce(number, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_invoices PRIMARY KEY (id)
);
CREATE INDEX ix_invoices_name ON invoices (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_due_on ON invoices (due_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_assigned_to ON invoices (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_status ON invoices (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_total_amount ON invoices (total_amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_deleted ON invoices (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_invoices_total_amount_desc ON invoices (total_amount_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_search ON invoices USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_remaining_amount ON invoices (remaining_amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_due_on_desc ON invoices (due_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_quote ON invoices (quote, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_prefix ON invoices (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_team ON invoices (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_contact ON invoices (contact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_invoice_date ON invoices (invoice_date, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_created_at ON invoices (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_remaining_amount_desc ON invoices (remaining_amount_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_account ON invoices (account, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_invoices_number ON invoices (lower(number)) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_modified_at ON invoices (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_invoices_invoice_date_desc ON invoices (invoice_date DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE knowledge_articles (
  id UUID NOT NULL,
  name TEXT,
  status TEXT,
  revision BIGINT,
  description TEXT,
  words TEXT,
  additional_info TEXT,
  author UUID,
  approver UUID,
  published_on DATE,
  expires_on DATE,
  language TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(words, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_knowledge_articles PRIMARY KEY (id)
);
CREATE INDEX ix_knowledge_articles_modified_at ON knowledge_articles (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_published_on_desc ON knowledge_articles (published_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_deleted ON knowledge_articles (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_knowledge_articles_created_at ON knowledge_articles (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_status ON knowledge_articles (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_published_on ON knowledge_articles (published_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_name ON knowledge_articles (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_assigned_to ON knowledge_articles (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_prefix ON knowledge_articles (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_expires_on ON knowledge_articles (expires_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_expires_on_desc ON knowledge_articles (expires_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_team ON knowledge_articles (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_search ON knowledge_articles USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_articles_author ON knowledge_articles (author, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE TABLE knowledge_categories (
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
  CONSTRAINT pk_knowledge_categories PRIMARY KEY (id)
);
CREATE INDEX ix_knowledge_categories_prefix ON knowledge_categories (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_categories_team ON knowledge_categories (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_categories_parent ON knowledge_categories (parent, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_categories_name ON knowledge_categories (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_categories_deleted ON knowledge_categories (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_knowledge_categories_modified_at ON knowledge_categories (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_categories_assigned_to ON knowledge_categories (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_categories_search ON knowledge_categories USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_categories_created_at ON knowledge_categories (created_at, id) WHERE deleted_at IS NULL;
CREATE TABLE knowledge_revisions (
  id UUID NOT NULL,
  name TEXT,
  article UUID,
  number BIGINT,
  description TEXT,
  additional_info TEXT,
  published_on DATE,
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
  CONSTRAINT pk_knowledge_revisions PRIMARY KEY (id)
);
CREATE INDEX ix_knowledge_revisions_name ON knowledge_revisions (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_revisions_search ON knowledge_revisions USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_revisions_deleted ON knowledge_revisions (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_knowledge_revisions_number_desc ON knowledge_revisions (number DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_revisions_created_at ON knowledge_revisions (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_revisions_prefix ON knowledge_revisions (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_revisions_assigned_to ON knowledge_revisions (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_revisions_article ON knowledge_revisions (article, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_revisions_team ON knowledge_revisions (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_revisions_modified_at ON knowledge_revisions (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_knowledge_revisions_number ON knowledge_revisions (number, id) WHERE deleted_at IS NULL;
CREATE TABLE line_item (
  id UUID DEFAULT uuidv7() NOT NULL,
  module TEXT NOT NULL,
  record_id UUID NOT NULL,
  field TEXT NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  product UUID,
  part_number TEXT DEFAULT '' NOT NULL,
  note TEXT DEFAULT '' NOT NULL,
  quantity NUMERIC(18, 4) NOT NULL,
  unit TEXT DEFAULT '' NOT NULL,
  list_price NUMERIC(20, 6),
  discount_type TEXT NOT NULL,
  discount NUMERIC(20, 6) NOT NULL,
  tax_rate NUMERIC(5, 2),
  currency VARCHAR(3) NOT NULL,
  unit_price NUMERIC(20, 6) NOT NULL,
  net NUMERIC(20, 4) NOT NULL,
  tax NUMERIC(20, 4) NOT NULL,
  CONSTRAINT pk_line_item PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ux_line_item_place ON line_item (record_id, field, position);
CREATE INDEX ix_line_item_product ON line_item (product, module) WHERE product IS NOT NULL;
CREATE TABLE number_series (
  key TEXT NOT NULL,
  value BIGINT NOT NULL,
  CONSTRAINT pk_number_series PRIMARY KEY (key)
);
CREATE TABLE product_categories (
  id UUID NOT NULL,
  name TEXT,
  parent UUID,
  position BIGINT,
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
  CONSTRAINT pk_product_categories PRIMARY KEY (id)
);
CREATE INDEX ix_product_categories_assigned_to ON product_categories (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_product_categories_position_desc ON product_categories (position DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_product_categories_name ON product_categories (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_product_categories_parent ON product_categories (parent, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_product_categories_team ON product_categories (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_product_categories_created_at ON product_categories (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_product_categories_modified_at ON product_categories (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_product_categories_search ON product_categories USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_product_categories_position ON product_categories (position, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_product_categories_prefix ON product_categories (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_product_categories_deleted ON product_categories (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE TABLE products (
  id UUID NOT NULL,
  part_number TEXT,
  name TEXT,
  category UUID,
  product_type TEXT,
  price NUMERIC(20, 6),
  price_currency VARCHAR(3),
  price_rate NUMERIC(20, 10),
  price_base NUMERIC(20, 6),
  cost NUMERIC(20, 6),
  cost_currency VARCHAR(3),
  cost_rate NUMERIC(20, 10),
  cost_base NUMERIC(20, 6),
  unit TEXT,
  tax_rate UUID,
  status TEXT,
  recurrence TEXT,
  supplier UUID,
  contact UUID,
  url TEXT,
  product_image JSONB,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(part_number, '') || ' ' || coalesce(name, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_products PRIMARY KEY (id)
);
CREATE INDEX ix_products_deleted ON products (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_products_prefix ON products (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_category ON products (category, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_tax_rate ON products (tax_rate, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_name ON products (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_price ON products (price_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_assigned_to ON products (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_team ON products (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_status ON products (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_modified_at ON products (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_product_type ON products (product_type, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_contact ON products (contact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_search ON products USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_price_desc ON products (price_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_created_at ON products (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_products_supplier ON products (supplier, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_products_part_number ON products (lower(part_number)) WHERE deleted_at IS NULL;
CREATE TABLE quotes (
  id UUID NOT NULL,
  name TEXT,
  abbreviation TEXT,
  stage TEXT,
  account UUID,
  contact UUID,
  client_technical_contact UUID,
  contact_person UUID,
  technical_contact UUID,
  opportunity UUID,
  starts_on DATE,
  ends_on DATE,
  answer_by DATE,
  expires_on DATE,
  lead_time TEXT,
  warranty TEXT,
  validity TEXT,
  payment_term TEXT,
  shipment_terms TEXT,
  approval_status TEXT,
  approval_issue TEXT,
  invoice_status TEXT,
  edition BIGINT,
  original UUID,
  is_latest BOOLEAN,
  closed_at TIMESTAMP WITH TIME ZONE,
  number TEXT,
  bill_currency VARCHAR(3),
  bill_discount_type TEXT,
  bill_discount NUMERIC(20, 4),
  bill_shipping NUMERIC(20, 4),
  bill_shipping_tax NUMERIC(5, 2),
  total_amt NUMERIC(20, 4),
  total_amt_currency VARCHAR(3),
  total_amt_rate NUMERIC(20, 10),
  total_amt_base NUMERIC(20, 4),
  discount_amount NUMERIC(20, 4),
  discount_amount_currency VARCHAR(3),
  discount_amount_rate NUMERIC(20, 10),
  discount_amount_base NUMERIC(20, 4),
  subtotal_amount NUMERIC(20, 4),
  subtotal_amount_currency VARCHAR(3),
  subtotal_amount_rate NUMERIC(20, 10),
  subtotal_amount_base NUMERIC(20, 4),
  shipping_amount NUMERIC(20, 4),
  shipping_amount_currency VARCHAR(3),
  shipping_amount_rate NUMERIC(20, 10),
  shipping_amount_base NUMERIC(20, 4),
  tax_amount NUMERIC(20, 4),
  tax_amount_currency VARCHAR(3),
  tax_amount_rate NUMERIC(20, 10),
  tax_amount_base NUMERIC(20, 4),
  total_amount NUMERIC(20, 4),
  total_amount_currency VARCHAR(3),
  total_amount_rate NUMERIC(20, 10),
  total_amount_base NUMERIC(20, 4),
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
  terms TEXT,
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
  search_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.search_key(coalesce(name, '') || ' ' || coalesce(number, ''))) STORED,
  sort_key TEXT COLLATE "C" GENERATED ALWAYS AS (crm.sort_key(coalesce(name, ''))) STORED,
  CONSTRAINT pk_quotes PRIMARY KEY (id)
);
CREATE INDEX ix_quotes_search ON quotes USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_account ON quotes (account, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_client_technical_contact ON quotes (client_technical_contact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_team ON quotes (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_expires_on ON quotes (expires_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_prefix ON quotes (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_contact ON quotes (contact, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_modified_at ON quotes (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_name ON quotes (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_expires_on_desc ON quotes (expires_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_assigned_to ON quotes (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_created_at ON quotes (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_original ON quotes (original, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_total_amount_desc ON quotes (total_amount_base DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_opportunity ON quotes (opportunity, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_quotes_number ON quotes (lower(number)) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_total_amount ON quotes (total_amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_stage ON quotes (stage, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_quotes_deleted ON quotes (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE TABLE releases (
  id UUID NOT NULL,
  name TEXT,
  list_order BIGINT,
  status TEXT,
  released_on DATE,
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
  CONSTRAINT pk_releases PRIMARY KEY (id)
);
CREATE INDEX ix_releases_released_on ON releases (released_on, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_releases_team ON releases (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_releases_list_order_desc ON releases (list_order DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_releases_released_on_desc ON releases (released_on DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_releases_created_at ON releases (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_releases_modified_at ON releases (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_releases_name ON releases (sort_key, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_releases_prefix ON releases (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_releases_search ON releases USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_releases_status ON releases (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_releases_assigned_to ON releases (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_releases_deleted ON releases (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX ix_releases_list_order ON releases (list_order, id) WHERE deleted_at IS NULL;
CREATE TABLE tax_rates (
  id UUID NOT NULL,
  name TEXT,
  rate NUMERIC(5, 2),
  status TEXT,
  is_default BOOLEAN,
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
  CONSTRAINT pk_tax_rates PRIMARY KEY (id)
);
CREATE INDEX ix_tax_rates_name ON tax_rates (sort_key, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_tax_rates_name ON tax_rates (lower(name)) WHERE deleted_at IS NULL;
CREATE INDEX ix_tax_rates_team ON tax_rates (team, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tax_rates_modified_at ON tax_rates (modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tax_rates_search ON tax_rates USING gin (search_key crm.gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX ix_tax_rates_prefix ON tax_rates (left(search_key, 40), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tax_rates_rate_desc ON tax_rates (rate DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tax_rates_rate ON tax_rates (rate, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tax_rates_assigned_to ON tax_rates (assigned_to, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX ix_tax_rates_created_at ON tax_rates (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX ix_tax_rates_deleted ON tax_rates (deleted_at DESC, id) WHERE deleted_at IS NOT NULL;
CREATE TABLE article_categories (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_article_categories PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_article_categories_left_id FOREIGN KEY(left_id) REFERENCES knowledge_categories (id) ON DELETE CASCADE,
  CONSTRAINT fk_article_categories_right_id FOREIGN KEY(right_id) REFERENCES knowledge_articles (id) ON DELETE CASCADE
);
CREATE INDEX ix_article_categories_right ON article_categories (right_id, left_id);
CREATE TABLE bug_accounts (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_bug_accounts PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_bug_accounts_left_id FOREIGN KEY(left_id) REFERENCES bugs (id) ON DELETE CASCADE,
  CONSTRAINT fk_bug_accounts_right_id FOREIGN KEY(right_id) REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE INDEX ix_bug_accounts_right ON bug_accounts (right_id, left_id);
CREATE TABLE bug_cases (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_bug_cases PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_bug_cases_left_id FOREIGN KEY(left_id) REFERENCES bugs (id) ON DELETE CASCADE,
  CONSTRAINT fk_bug_cases_right_id FOREIGN KEY(right_id) REFERENCES cases (id) ON DELETE CASCADE
);
CREATE INDEX ix_bug_cases_right ON bug_cases (right_id, left_id);
CREATE TABLE bug_contacts (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  role TEXT,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_bug_contacts PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_bug_contacts_left_id FOREIGN KEY(left_id) REFERENCES bugs (id) ON DELETE CASCADE,
  CONSTRAINT fk_bug_contacts_right_id FOREIGN KEY(right_id) REFERENCES contacts (id) ON DELETE CASCADE
);
CREATE INDEX ix_bug_contacts_right ON bug_contacts (right_id, left_id);
CREATE TABLE case_articles (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_case_articles PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_case_articles_left_id FOREIGN KEY(left_id) REFERENCES cases (id) ON DELETE CASCADE,
  CONSTRAINT fk_case_articles_right_id FOREIGN KEY(right_id) REFERENCES knowledge_articles (id) ON DELETE CASCADE
);
CREATE INDEX ix_case_articles_right ON case_articles (right_id, left_id);
CREATE TABLE case_contacts (
  left_id UUID NOT NULL,
  right_id UUID NOT NULL,
  role TEXT,
  is_primary BOOLEAN,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  created_by UUID,
  CONSTRAINT pk_case_contacts PRIMARY KEY (left_id, right_id),
  CONSTRAINT fk_case_contacts_left_id FOREIGN KEY(left_id) REFERENCES contacts (id) ON DELETE CASCADE,
  CONSTRAINT fk_case_contacts_right_id FOREIGN KEY(right_id) REFERENCES cases (id) ON DELETE CASCADE
);
CREATE INDEX ix_case_contacts_right ON case_contacts (right_id, left_id);
CREATE UNIQUE INDEX ux_case_contacts_primary ON case_contacts (right_id) WHERE is_primary;
ALTER TABLE cases ADD CONSTRAINT fk_cases_contact FOREIGN KEY(contact) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE invoices ADD CONSTRAINT fk_invoices_account FOREIGN KEY(account) REFERENCES accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE quotes ADD CONSTRAINT fk_quotes_opportunity FOREIGN KEY(opportunity) REFERENCES opportunities (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE quotes ADD CONSTRAINT fk_quotes_original FOREIGN KEY(original) REFERENCES quotes (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE knowledge_categories ADD CONSTRAINT fk_knowledge_categories_parent FOREIGN KEY(parent) REFERENCES knowledge_categories (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE quotes ADD CONSTRAINT fk_quotes_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE case_updates ADD CONSTRAINT fk_case_updates_case FOREIGN KEY("case") REFERENCES cases (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE invoices ADD CONSTRAINT fk_invoices_contact FOREIGN KEY(contact) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE quotes ADD CONSTRAINT fk_quotes_client_technical_contact FOREIGN KEY(client_technical_contact) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE products ADD CONSTRAINT fk_products_contact FOREIGN KEY(contact) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE cases ADD CONSTRAINT fk_cases_duplicate_of FOREIGN KEY(duplicate_of) REFERENCES cases (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE bugs ADD CONSTRAINT fk_bugs_found_in_release FOREIGN KEY(found_in_release) REFERENCES releases (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE case_updates ADD CONSTRAINT fk_case_updates_contact FOREIGN KEY(contact) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts ADD CONSTRAINT fk_contracts_contact FOREIGN KEY(contact) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE bugs ADD CONSTRAINT fk_bugs_fixed_in_release FOREIGN KEY(fixed_in_release) REFERENCES releases (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts ADD CONSTRAINT fk_contracts_account FOREIGN KEY(account) REFERENCES accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE invoices ADD CONSTRAINT fk_invoices_quote FOREIGN KEY(quote) REFERENCES quotes (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE knowledge_categories ADD CONSTRAINT fk_knowledge_categories_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts ADD CONSTRAINT fk_contracts_opportunity FOREIGN KEY(opportunity) REFERENCES opportunities (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tax_rates ADD CONSTRAINT fk_tax_rates_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE case_updates ADD CONSTRAINT fk_case_updates_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE products ADD CONSTRAINT fk_products_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE cases ADD CONSTRAINT fk_cases_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE knowledge_revisions ADD CONSTRAINT fk_knowledge_revisions_article FOREIGN KEY(article) REFERENCES knowledge_articles (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE knowledge_articles ADD CONSTRAINT fk_knowledge_articles_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE product_categories ADD CONSTRAINT fk_product_categories_parent FOREIGN KEY(parent) REFERENCES product_categories (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE products ADD CONSTRAINT fk_products_category FOREIGN KEY(category) REFERENCES product_categories (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE bugs ADD CONSTRAINT fk_bugs_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts ADD CONSTRAINT fk_contracts_quote FOREIGN KEY(quote) REFERENCES quotes (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts ADD CONSTRAINT fk_contracts_renewed_from FOREIGN KEY(renewed_from) REFERENCES contracts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts ADD CONSTRAINT fk_contracts_client_technical_contact FOREIGN KEY(client_technical_contact) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE invoices ADD CONSTRAINT fk_invoices_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE knowledge_revisions ADD CONSTRAINT fk_knowledge_revisions_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE quotes ADD CONSTRAINT fk_quotes_contact FOREIGN KEY(contact) REFERENCES contacts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE cases ADD CONSTRAINT fk_cases_account FOREIGN KEY(account) REFERENCES accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE product_categories ADD CONSTRAINT fk_product_categories_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE products ADD CONSTRAINT fk_products_tax_rate FOREIGN KEY(tax_rate) REFERENCES tax_rates (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE quotes ADD CONSTRAINT fk_quotes_account FOREIGN KEY(account) REFERENCES accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE products ADD CONSTRAINT fk_products_supplier FOREIGN KEY(supplier) REFERENCES accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE releases ADD CONSTRAINT fk_releases_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contracts ADD CONSTRAINT fk_contracts_team FOREIGN KEY(team) REFERENCES teams (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX ux_currencies_iso4217 ON currencies (lower(iso4217)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_teams_name ON teams (lower(name)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ux_users_user_name ON users (lower(user_name)) WHERE deleted_at IS NULL;
