"""How a case moves: its state and status agree, it closes with an outcome, and opening it again is counted."""

from typing import TYPE_CHECKING

from crm_domain.definition import Change
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.contacts import Contact
from crm_domain.modules.contracts import Contract
from crm_domain.modules.service_options import CASE_STATUSES
from crm_domain.problems import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm_domain.records.work import Work

FIRST_STATUS = {"open": "assigned", "closed": "closed"}
"""What a case becomes when only its state is changed."""


def state_and_status_agree(change: Change[Case]) -> None:
    """Each follows the other; where both are given they must belong together."""
    status = CASE_STATUSES.get(change.after.status)
    if status is None or change.after.state in status.parent:
        return
    if change.touches(Case.state) and not change.touches(Case.status):
        change.set(Case.status, FIRST_STATUS[change.after.state])
    elif change.named(Case.state) and change.named(Case.status) and not change.new:
        raise Invalid({"status": (FieldProblem("cases.status_of_other_state"),)})
    else:
        change.set(Case.state, status.parent[0])


def closes_with_an_outcome(change: Change[Case]) -> None:
    """A closed case says how it was solved, a duplicate which case it repeats; opening again takes the date away."""
    after, before = change.after, change.before
    if after.status == "closed" and not after.resolution:
        raise Invalid({"resolution": (FieldProblem("cases.resolution_needed"),)})
    if after.status == "duplicate" and (after.duplicate_of is None or after.duplicate_of.id == after.id):
        raise Invalid({"duplicate_of": (FieldProblem("cases.duplicate_needed"),)})
    closed, was_closed = after.state == "closed", before is not None and before.state == "closed"
    if closed and not was_closed:
        change.set(Case.closed_at, change.now)
    elif was_closed and not closed:
        change.set(Case.closed_at, None)
        change.set(Case.reopened_count, (after.reopened_count or 0) + 1)


async def account_of_its_customer(work: "Work", change: Change[Case]) -> None:
    """A case without an account takes its contact's or, without one, that of its contract."""
    after = change.after
    if after.account or not (change.touches(Case.contact) or change.touches(Case.contract)):
        return
    for whose, ref in ((work.module(Contact), after.contact), (work.module(Contract), after.contract)):
        rows = await work.store.fetch(whose, [ref.id], columns=("account",)) if ref else []
        if rows and rows[0]["account"]:
            change.set(Case.account, rows[0]["account"])
            return
