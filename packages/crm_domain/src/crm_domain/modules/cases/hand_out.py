"""Who gets a case that came by mail: the mailbox's keeper, whose turn it is in the team, or who there has the fewest open."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.definition import Ref
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.mailboxes import Mailbox
from crm_domain.query.filter import Condition, StillOpen, both
from crm_domain.query.page import ListQuery, Sort

if TYPE_CHECKING:
    from crm_domain.records.work import Work


async def taker(work: "Work", mailbox: Mailbox, team: Sequence[UUID]) -> Ref | None:
    """By the mailbox's way among those of its team, always in the same order; nobody where it names no way or the team is
    empty."""
    if mailbox.cases_go_to == "keeper":
        return mailbox.assigned_to
    if not team or not mailbox.cases_go_to:
        return None
    choose = _next if mailbox.cases_go_to == "in_turn" else _idlest
    return Ref("users", await choose(work, team))


async def _next(work: "Work", team: Sequence[UUID]) -> UUID:
    """Who comes after the one that got the latest."""
    given = both(Condition("channel", "eq", "email"), Condition("assigned_to", "in", tuple(team)))
    latest = ListQuery(filter=given, columns=("assigned_to",), sort=(Sort("case_number", descending=True),), limit=1)
    rows = (await work.store.page(work.module(Case), latest)).rows
    return team[(team.index(rows[0]["assigned_to"].id) + 1) % len(team)] if rows else team[0]


async def _idlest(work: "Work", team: Sequence[UUID]) -> UUID:
    cases = work.module(Case)
    asked = [(cases, both(StillOpen(), Condition("assigned_to", "eq", user))) for user in team]
    numbers = await work.store.counts(asked)
    return min(zip(team, numbers, strict=True), key=lambda one: one[1].number)[0]
