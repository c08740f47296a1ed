"""What goes along when a lead is converted: its own activities, left, copied or moved, and new ones."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref, Relation
from crm_domain.definition.kinds import AnyLink, Computed
from crm_domain.modules.activities.event import OF_ITS_SERIES, Event
from crm_domain.modules.leads.traces import Trace
from crm_domain.problems import FieldProblem, Invalid, Refused
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row
from crm_domain.records import save
from crm_domain.records.stream import activity_relations

if TYPE_CHECKING:
    from crm_domain.records.work import Work

BESIDE = {"note": "notes", "call": "calls", "meeting": "meetings", "task": "tasks"}
"""The activities that a conversion may begin, by the names of their sections."""
MOST = 1_000
"""Activities of one kind that a conversion takes along."""
NOT_COPIED = frozenset((*OF_ITS_SERIES, Event.reminders.key, Event.mail_reminders.key))
"""What stays with the original: a copy repeats nothing and reminds nobody a second time."""


class Along(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to the lead's activities, and which of the conversion's records get them: `copy` several, `move` one."""

    how: Literal["nothing", "copy", "move"] = "nothing"
    to: tuple[str, ...] = ()

    def wrong(self) -> str:
        """What makes no sense about it, as a message id; empty where nothing is wrong."""
        if self.how == "nothing":
            return ""
        if not self.to:
            return "leads.along_where"
        return "leads.along_to_one" if self.how == "move" and len(set(self.to)) > 1 else ""


async def begin(work: "Work", contact: Ref, beside: Mapping[str, Mapping[str, Any]]) -> list[Trace]:
    """The new activities, all about the contact. Raises Denied, and Invalid with keys such as `task.name`."""
    made: list[Trace] = []
    for section, values in beside.items():
        module = work.registry[BESIDE[section]]
        try:
            id_ = await save.create(work, module, {**values, "parent": contact})
        except Invalid as problem:
            raise Invalid({f"{section}.{key}": found for key, found in problem.fields.items()}) from problem
        made.append(Trace("begun", module.key, (id_,)))
    return made


async def take_along(work: "Work", lead: UUID, along: Along, became: Mapping[str, Ref]) -> list[Trace]:
    """Copies or moves the lead's activities, as far as the actor may; letters stay one and are linked. `became` is what the
    lead has become, by section.

    Raises Invalid with the key `activities.to`, and Refused where there are too many.
    """
    if along.how == "nothing":
        return []
    _check(along, became)
    targets = [became[part] for part in dict.fromkeys(along.to)]
    contact = became["contact"]
    done: list[Trace] = []
    for relation in activity_relations(work, "leads"):
        if relation.table is not None:
            done.append(await _link(work, relation, lead, targets, away=along.how == "move"))
        elif along.how == "move":
            done += await _move(work, relation, lead, targets[0], contact)
        else:
            done.append(await _copy(work, relation, lead, targets, contact))
    return done


def _check(along: Along, became: Mapping[str, Ref]) -> None:
    if wrong := along.wrong() or ("" if set(along.to) <= set(became) else "leads.along_not_there"):
        raise Invalid({"activities.to": (FieldProblem(wrong),)})


async def _link(work: "Work", relation: Relation, lead: UUID, targets: Sequence[Ref], *, away: bool) -> Trace:
    page = await work.store.related(relation, lead, ListQuery(columns=("name",), limit=MOST + 1))
    ids = _within([row.id for row in page.rows])
    for target in targets if ids else ():
        await work.store.link(work.relation(target.module, relation.key), target.id, ids, {})
    if away and ids:
        await work.store.unlink(relation, lead, ids)
    return Trace("unlinked" if away else "linked", relation.target, ids)


async def _move(work: "Work", relation: Relation, lead: UUID, target: Ref, contact: Ref) -> list[Trace]:
    module = work.registry[relation.target]
    rows = await _fitting(work, module, relation, lead, [target], "edit")
    there = {relation.link_field: target}
    joined = [row.id for row in rows if _lacks_contact(module, row, target)]
    moved = [row.id for row in rows if row.id not in joined]
    return [
        Trace("joined", module.key, tuple(await work.store.update(module, joined, {**there, "contact": contact}))),
        Trace("moved", module.key, tuple(await work.store.update(module, moved, there))),
    ]


async def _copy(work: "Work", relation: Relation, lead: UUID, targets: Sequence[Ref], contact: Ref) -> Trace:
    module = work.registry[relation.target]
    rows = await _fitting(work, module, relation, lead, targets, "list")
    if not rows or not work.access.can(module.key, "create"):
        return Trace("made", module.key)
    written = [field.key for field in module.own_fields() if not isinstance(field, Computed)]
    kept = [key for key in written if key not in NOT_COPIED and work.access.field(module.key, key) == "write"]
    copies: list[tuple[UUID, dict[str, Any]]] = []
    for row in rows:
        for target in targets:
            tie = {"contact": contact} if _lacks_contact(module, row, target) else {}
            values = {key: row[key] for key in (*kept, "assigned_to", "team") if row[key] is not None}
            copies.append((work.new_id(), {**values, **tie, relation.link_field: target}))
    await save.check_room(work, len(copies))
    await work.store.insert(module, copies)
    for number, (id_, _) in enumerate(copies):
        await _guests_too(work, module, rows[number // len(targets)].id, id_)
    return Trace("made", module.key, tuple(id_ for id_, _ in copies))


async def _fitting(
    work: "Work", module: Module[Any], relation: Relation, lead: UUID, targets: Sequence[Ref], action: str
) -> list[Row]:
    """The lead's activities of a module; none where it cannot be about the targets."""
    link = module.field(relation.link_field)
    if not (isinstance(link, AnyLink) and {target.module for target in targets} <= set(link.targets)):
        return []
    seen = tuple(field.key for field in module.fields if work.access.field(module.key, field.key) != "hidden")
    query = ListQuery(filter=Condition(relation.link_field, "eq", lead), columns=seen, limit=MOST + 1)
    rows = (await work.store.page(module, query, action=action)).rows
    _within([row.id for row in rows])
    return list(rows)


def _within(ids: Sequence[UUID]) -> tuple[UUID, ...]:
    if len(ids) > MOST:
        raise Refused("leads.along_too_many", number=MOST)
    return tuple(ids)


def _lacks_contact(module: Module[Any], row: Row, target: Ref) -> bool:
    """Whether the activity has room for the contact beside what it is about."""
    return "contact" in module.by_key and row["contact"] is None and target.module != "contacts"


async def _guests_too(work: "Work", module: Module[Any], original: UUID, copy: UUID) -> None:
    """Who takes part in an event takes part in its copy, with the answer he gave."""
    for key in module.schedule.guests if module.schedule else ():
        relation = work.relation(module.key, key)
        for row in (await work.store.related(relation, original, ListQuery(columns=("name",), limit=MOST))).rows:
            answer = {name.removeprefix("link."): row[name] for name in row.values if name.startswith("link.")}
            await work.store.link(relation, copy, [row.id], answer)
