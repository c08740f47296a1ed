"""The modules of the product: the only list of them."""

from typing import Any

from crm_domain.definition import Module, Registry, RelationTable
from crm_domain.modules.accounts import ACCOUNTS
from crm_domain.modules.activities import CALL_GUESTS, CALLS, INVITEES, MEETING_GUESTS, MEETINGS, TASKS
from crm_domain.modules.bugs import BUG_ACCOUNTS, BUG_CASES, BUG_CONTACTS, BUGS
from crm_domain.modules.campaigns import CAMPAIGN_LISTS, CAMPAIGNS
from crm_domain.modules.canned_replies import CANNED_REPLIES
from crm_domain.modules.cases import CASE_ARTICLES, CASE_CONTACTS, CASE_UPDATES, CASES
from crm_domain.modules.catalogues import CATALOGUE_CATEGORIES, CATALOGUES
from crm_domain.modules.contacts import ACCOUNT_CONTACTS, CONTACTS
from crm_domain.modules.contracts import CONTRACTS
from crm_domain.modules.currencies import CURRENCIES
from crm_domain.modules.documents import DOCUMENT_LINKS, DOCUMENT_REVISIONS, DOCUMENTS
from crm_domain.modules.email_marketing import EMAIL_MARKETING, MARKETING_LISTS
from crm_domain.modules.email_templates import EMAIL_TEMPLATES
from crm_domain.modules.emails import EMAIL_LINKS, EMAILS
from crm_domain.modules.employees import EMPLOYEES
from crm_domain.modules.feeds import FEED_ITEMS, FEEDS
from crm_domain.modules.invoices import INVOICES
from crm_domain.modules.knowledge import ARTICLE_CATEGORIES, ARTICLES, CATEGORIES, REVISIONS
from crm_domain.modules.leads import LEADS
from crm_domain.modules.mail_accounts import BOUNCE_ACCOUNTS, OUTBOUND_ACCOUNTS
from crm_domain.modules.mailboxes import MAILBOXES
from crm_domain.modules.notes import NOTES
from crm_domain.modules.opportunities import OPPORTUNITIES, OPPORTUNITY_CONTACTS
from crm_domain.modules.pdf_templates import PDF_TEMPLATES
from crm_domain.modules.products import PRODUCT_CATEGORIES, PRODUCTS
from crm_domain.modules.projects import (
    PROJECT_LINKS,
    PROJECT_TASKS,
    PROJECT_TEMPLATE_TASKS,
    PROJECT_TEMPLATES,
    PROJECTS,
    TASK_WAITS,
    TEMPLATE_LINKS,
    TEMPLATE_TASK_WAITS,
)
from crm_domain.modules.quotes import QUOTES
from crm_domain.modules.releases import RELEASES
from crm_domain.modules.reports import REPORTS
from crm_domain.modules.target_lists import TARGET_LIST_MEMBERS, TARGET_LISTS
from crm_domain.modules.targets import TARGETS
from crm_domain.modules.tax_rates import TAX_RATES
from crm_domain.modules.teams import TEAMS
from crm_domain.modules.text_blocks import TEXT_BLOCKS
from crm_domain.modules.tracker_urls import TRACKER_URLS
from crm_domain.modules.users import USERS
from crm_domain.modules.web_forms import WEB_FORMS

MODULES: tuple[Module[Any], ...] = (
    LEADS,
    ACCOUNTS,
    CONTACTS,
    OPPORTUNITIES,
    PRODUCTS,
    PRODUCT_CATEGORIES,
    CATALOGUES,
    QUOTES,
    INVOICES,
    CONTRACTS,
    PDF_TEMPLATES,
    TEXT_BLOCKS,
    TASKS,
    CALLS,
    MEETINGS,
    INVITEES,
    EMAILS,
    CAMPAIGNS,
    TARGETS,
    TARGET_LISTS,
    EMAIL_MARKETING,
    EMAIL_TEMPLATES,
    WEB_FORMS,
    TRACKER_URLS,
    PROJECTS,
    PROJECT_TASKS,
    PROJECT_TEMPLATES,
    PROJECT_TEMPLATE_TASKS,
    NOTES,
    DOCUMENTS,
    DOCUMENT_REVISIONS,
    REPORTS,
    FEEDS,
    FEED_ITEMS,
    CASES,
    CASE_UPDATES,
    CANNED_REPLIES,
    BUGS,
    RELEASES,
    ARTICLES,
    CATEGORIES,
    REVISIONS,
    EMPLOYEES,
    USERS,
    TEAMS,
    CURRENCIES,
    TAX_RATES,
    MAILBOXES,
    OUTBOUND_ACCOUNTS,
    BOUNCE_ACCOUNTS,
)
"""In the order of the menu."""
TABLES: tuple[RelationTable, ...] = (
    ACCOUNT_CONTACTS,
    OPPORTUNITY_CONTACTS,
    *CALL_GUESTS,
    *MEETING_GUESTS,
    CAMPAIGN_LISTS,
    MARKETING_LISTS,
    TARGET_LIST_MEMBERS,
    *DOCUMENT_LINKS,
    CATALOGUE_CATEGORIES,
    CASE_CONTACTS,
    CASE_ARTICLES,
    BUG_CASES,
    BUG_ACCOUNTS,
    BUG_CONTACTS,
    ARTICLE_CATEGORIES,
    *PROJECT_LINKS,
    *TEMPLATE_LINKS,
    TASK_WAITS,
    TEMPLATE_TASK_WAITS,
    EMAIL_LINKS,
)
REGISTRY = Registry(MODULES, TABLES)
