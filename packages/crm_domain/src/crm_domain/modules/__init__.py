"""The modules of the product: the only list of them."""

from typing import Any

from crm_domain.definition import ManyToMany, Module, Registry
from crm_domain.modules.accounts import ACCOUNTS
from crm_domain.modules.activities import CALL_GUESTS, CALLS, MEETING_GUESTS, MEETINGS, TASKS
from crm_domain.modules.contacts import ACCOUNT_CONTACTS, CONTACTS
from crm_domain.modules.currencies import CURRENCIES
from crm_domain.modules.leads import LEADS
from crm_domain.modules.notes import NOTES
from crm_domain.modules.opportunities import OPPORTUNITIES, OPPORTUNITY_CONTACTS
from crm_domain.modules.teams import TEAMS
from crm_domain.modules.users import USERS

MODULES: tuple[Module[Any], ...] = (
    LEADS,
    ACCOUNTS,
    CONTACTS,
    OPPORTUNITIES,
    TASKS,
    CALLS,
    MEETINGS,
    NOTES,
    USERS,
    TEAMS,
    CURRENCIES,
)
"""In the order of the menu."""
TABLES: tuple[ManyToMany, ...] = (ACCOUNT_CONTACTS, OPPORTUNITY_CONTACTS, *CALL_GUESTS, *MEETING_GUESTS)
REGISTRY = Registry(MODULES, TABLES)
