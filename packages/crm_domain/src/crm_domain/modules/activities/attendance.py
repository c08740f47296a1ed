"""Who takes part in an event, and what they answered."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.definition.module import Module
from crm_domain.query.filter import Linked
from crm_domain.query.page import ListQuery, Row, Sort

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST = 200
"""Guests of one kind."""
COLUMNS = ("name", "emails")
WEIGHED = ("", "none")
"""What counts as no answer."""


class Guest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who takes part: a colleague, a contact, a lead or just an address, with what he answered."""

    ref: Ref
    address: str
    answer: str
    optional: bool


async def guests(work: "Work", module: Module[Any], id_: UUID) -> list[Guest]:
    """Everybody who takes part, colleagues first."""
    found: list[Guest] = []
    for key in module.schedule.guests if module.schedule else ():
        relation = work.relation(module.key, key)
        page = await work.store.related(relation, id_, ListQuery(columns=COLUMNS, sort=(Sort("name"),), limit=MOST))
        found += [guest_of(relation.target, row) for row in page.rows]
    return found


async def guests_of_any(work: "Work", module: Module[Any], ids: Sequence[UUID]) -> list[Guest]:
    """Everybody who takes part in one of several events, each once and without an answer."""
    found: list[Guest] = []
    for key in module.schedule.guests if module.schedule else ():
        target = work.relation(module.key, key).target
        linked = Linked(f"invited_{module.key}", list(ids))
        query = ListQuery(filter=linked, columns=COLUMNS, sort=(Sort("name"),), limit=MOST)
        page = await work.store.page(work.registry[target], query)
        found += [guest_of(target, row) for row in page.rows]
    return found


def guest_of(target: str, row: Row) -> Guest:
    """A person's row as a guest; without a link's own fields he has not answered."""
    address = next((entry.address for entry in row["emails"] or () if entry.primary and not entry.invalid), "")
    answer = str(row["link.acceptance"] or "")
    return Guest(
        ref=Ref(target, row.id, str(row["name"] or "")),
        address=address,
        answer="" if answer in WEIGHED else answer,
        optional=bool(row["link.optional"]),
    )
