"""Leads: unqualified interest of a person or a company, until it becomes a contact, an account and perhaps a deal."""

from crm_domain.definition import Credit, DuplicateRule, Module
from crm_domain.modules.blocks.handover import assigned_when_given_away
from crm_domain.modules.leads.fields import Lead
from crm_domain.modules.leads.status import converted_by_converting

LEADS = Module(
    key="leads",
    mergeable=True,
    credit=Credit("campaign", "lead"),
    record=Lead,
    icon="user-plus",
    person=True,
    sort_field="last_name",
    open_field="status",
    before_save=(converted_by_converting,),
    many_at_once=True,
    with_work=(assigned_when_given_away(Lead.status),),
    duplicates=(
        DuplicateRule(same=("last_name",), starts=("first_name",)),
        DuplicateRule(same=("national_id",)),
    ),
)

__all__ = ["LEADS", "Lead"]
