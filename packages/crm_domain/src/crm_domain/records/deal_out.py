"""Dealing records out among colleagues: each record gets an assignee of its own, in turn."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Module, Ref
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.records import bulk
from crm_domain.records.assigning import FIELD
from crm_domain.records.runs import Item

if TYPE_CHECKING:
    from crm_domain.records.work import Work

PEOPLE = "people"
"""The key under which a run keeps among whom it deals."""


async def shares(work: "Work", module: Module[Any], people: Sequence[UUID]) -> list[dict[str, Any]]:
    """What the records get in turn, as JSON. Raises Denied, and Invalid with the key `people` for none or for who is gone."""
    if not people:
        raise Invalid({PEOPLE: (FieldProblem("problems.required"),)})
    users = work.registry["users"]
    rows = {row.id: row for row in await work.store.fetch(users, people, columns=("name", "status"))}
    if any(id_ not in rows or rows[id_]["status"] != "active" for id_ in people):
        raise Invalid({PEOPLE: (FieldProblem("users.inactive_receiver"),)})
    refs = [Ref("users", id_, rows[id_]["name"]) for id_ in dict.fromkeys(people)]
    return [bulk.as_json(module, bulk.check_changes(work, module, {FIELD: ref})) for ref in refs]


async def hand_out(work: "Work", module: Module[Any], items: Sequence[Item], *, dry: bool = False) -> list[Item]:
    """Gives each record to whom the run dealt it; what came of each."""
    wanted: Mapping[UUID, Mapping[str, Any]] = {item.id: bulk.as_values(module, item.after) for item in items}
    return await bulk.change_each(work, module, wanted, dry=dry)
