"""Cases: what customers ask of us, from the first word to the outcome."""

from crm_domain.definition import DuplicateRule, Module
from crm_domain.modules.blocks.handover import assigned_when_given_away
from crm_domain.modules.cases.fields import CASE_ARTICLES, CASE_CONTACTS, Case
from crm_domain.modules.cases.status import account_of_its_customer, closes_with_an_outcome, state_and_status_agree
from crm_domain.modules.cases.tell import customer_learns
from crm_domain.modules.cases.updates import CASE_UPDATES, CaseUpdate

CASES = Module(
    key="cases",
    mergeable=True,
    record=Case,
    icon="life-buoy",
    group="service",
    number_field="case_number",
    open_field="status",
    due_field="due_at",
    takes={"contract": {"account": "account", "contact": "contact"}},
    before_save=(state_and_status_agree, closes_with_an_outcome),
    many_at_once=True,
    with_work=(assigned_when_given_away(Case.status), account_of_its_customer),
    after_save=(customer_learns,),
    duplicates=(DuplicateRule(same=("name",)),),
)

__all__ = ["CASES", "CASE_ARTICLES", "CASE_CONTACTS", "CASE_UPDATES", "Case", "CaseUpdate"]
