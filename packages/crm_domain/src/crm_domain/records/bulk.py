"""Changing many records at once: rows read in one statement, rules applied to each, all changes written together."""

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import UUID

import msgspec

from crm_domain.definition import Change, Module, Ref, kinds
from crm_domain.meaning.wire import from_json, to_json
from crm_domain.problems import BadValue, Denied, FieldProblem, Invalid, Refused
from crm_domain.query.page import Row
from crm_domain.records import remove, save
from crm_domain.records.runs import Item

if TYPE_CHECKING:
    from crm_domain.records.work import Work

OFFERED = (
    kinds.Integer, kinds.DecimalNumber, kinds.Percent, kinds.Money, kinds.Boolean, kinds.Date, kinds.DateTime,
    kinds.Duration, kinds.Choice, kinds.DependentChoice, kinds.MultiChoice, kinds.Link, kinds.UserLink,
)  # fmt: skip
"""Texts and addresses belong to one record; they are not set on many."""


def mass_fields(work: "Work", module: Module[Any]) -> tuple[str, ...]:
    """The fields a mass update offers this actor."""
    return tuple(
        field.key
        for field in module.fields
        if isinstance(field, OFFERED)
        and field.mass
        and not (field.readonly or field.unique)
        and work.access.field(module.key, field.key) == "write"
    )


def check_changes(work: "Work", module: Module[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values cleaned. Raises Denied without the rights, Invalid for fields not offered or values that do not fit."""
    if not (work.access.can(module.key, "mass_update") and work.access.can(module.key, "edit")):
        raise Denied
    offered = mass_fields(work, module)
    problems = {
        key: (FieldProblem("problems.not_for_many", {"field": key}),) for key in values if key not in offered
    } | {
        key: (FieldProblem("problems.required"),)
        for key, value in values.items()
        if key in offered and module.field(key).required and value in (None, "", ())
    }
    if problems or not values:
        raise Invalid(problems or {"set": (FieldProblem("problems.required"),)})
    return save.cleaned(module, values)


def as_json(module: Module[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a run keeps them."""
    return {key: to_json(module.field(key), value) for key, value in values.items()}


def as_values(module: Module[Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse, without fields that are no more."""
    found: dict[str, Any] = {}
    for key, value in kept.items():
        try:
            found[key] = from_json(module.by_key[key], value)
        except (BadValue, KeyError):
            continue
    return found


async def change_many(
    work: "Work", module: Module[Any], ids: Sequence[UUID], values: Mapping[str, Any], *, dry: bool = False
) -> list[Item]:
    """Sets the same values on all of them by each record's rules; what came of each. `dry` only says what would."""
    return await change_each(work, module, dict.fromkeys(ids, values), dry=dry)


async def change_each(
    work: "Work", module: Module[Any], wanted: Mapping[UUID, Mapping[str, Any]], *, dry: bool = False
) -> list[Item]:
    """The same where each record has values of its own."""
    narrow = min(("edit", "mass_update"), key=lambda action: work.access.scope(module.key, action))
    ids = list(wanted)
    rows = await work.store.fetch(module, ids, action=narrow, lock=not dry)
    return await _change(work, module, ids, rows, wanted, dry=dry)


class Drawn(NamedTuple):
    """What a change of a record comes to, not yet stored."""

    item: Item
    settled: dict[str, Any]
    change: Change[Any] | None = None


async def draw_change(
    work: "Work",
    module: Module[Any],
    row: Row,
    values: Mapping[str, Any],
    *,
    bare: bool = False,
    sure: Container[Ref] = (),
) -> Drawn:
    """A change of a record that was read for editing, by its rules. `bare` leaves the rules out; `sure` are records that the
    actor is known to reach."""
    change: Change[Any] | None = None
    settled = save.differing(module, row, values)
    try:
        if settled and not bare:
            change, settled = await save.settle(work, module, row, settled, sure=sure)
    except (Invalid, Refused) as problem:
        return Drawn(refused(row.id, problem), {})
    return Drawn(_item(module, row, settled), settled, change)


async def store_changes(work: "Work", module: Module[Any], drawn: Sequence[Drawn]) -> None:
    """Stores changes that were drawn up, each record's once, and does what the module does next."""
    if found := [(one.item.id, one.settled) for one in drawn if one.settled]:
        await work.store.change(module, found)
    for one in drawn if module.after_save else ():
        if one.change:
            await save.follow(work, module, one.change)


async def change_back(work: "Work", module: Module[Any], items: Sequence[Item]) -> list[Item]:
    """Takes changes back where the fields still are what the run made of them; the others are `kept` (scenario 14)."""
    ids = [item.id for item in items]
    rows = {row.id: row for row in await work.store.fetch(module, ids, action="edit", lock=True)}
    same = [item for item in items if item.id in rows and _still(module, rows[item.id], item)]
    wanted = {item.id: as_values(module, item.before) for item in same}
    found = await _change(work, module, list(wanted), [rows[id_] for id_ in wanted], wanted, bare=True)
    done = {one.id for one in found if one.status in ("changed", "unchanged")}
    return [
        msgspec.structs.replace(item, status="undone" if item.id in done else "kept", reason="", facts={})
        for item in items
    ]


async def remove_many(work: "Work", module: Module[Any], ids: Sequence[UUID]) -> list[Item]:
    """Moves them to the trash; where something stands against one of them, the others go all the same."""
    within = {row.id for row in await work.store.fetch(module, ids, action="delete", columns=("name",), lock=True)}
    found = [Item(id=id_, status="denied") for id_ in ids if id_ not in within]
    going = [id_ for id_ in ids if id_ in within]
    if not going:
        return found
    try:
        await remove.remove(work, module, going)
    except (Refused, Denied) as problem:
        if len(going) == 1:
            return [*found, Item(id=going[0], status="refused", reason=problem.id, facts=problem.facts)]
        middle = len(going) // 2
        first = await remove_many(work, module, going[:middle])
        return [*found, *first, *await remove_many(work, module, going[middle:])]
    return [*found, *(Item(id=id_, status="changed") for id_ in going)]


async def restore_many(work: "Work", module: Module[Any], items: Sequence[Item]) -> list[Item]:
    """Brings back from the trash what a run took there."""
    gone = await work.store.fetch(module, [item.id for item in items], action="delete", columns=("name",), deleted=True)
    if gone:
        await remove.restore(work, module, [row.id for row in gone])
    back = {row.id for row in gone}
    return [msgspec.structs.replace(item, status="undone" if item.id in back else "kept") for item in items]


async def _change(
    work: "Work",
    module: Module[Any],
    ids: Sequence[UUID],
    rows: Sequence[Row],
    wanted: Mapping[UUID, Mapping[str, Any]],
    *,
    dry: bool = False,
    bare: bool = False,
) -> list[Item]:
    reached = {row.id for row in rows}
    drawn = [await draw_change(work, module, row, wanted[row.id], bare=bare) for row in rows]
    if not dry:
        await store_changes(work, module, drawn)
    return [*(Item(id=id_, status="denied") for id_ in ids if id_ not in reached), *(one.item for one in drawn)]


def _item(module: Module[Any], row: Row, settled: Mapping[str, Any]) -> Item:
    if not settled:
        return Item(id=row.id, status="unchanged")
    before = as_json(module, {key: row[key] for key in settled})
    return Item(id=row.id, status="changed", before=before, after=as_json(module, settled))


def refused(id_: UUID, problem: Invalid | Refused) -> Item:
    """What stands against a record, as a run keeps it."""
    if isinstance(problem, Refused):
        return Item(id=id_, status="refused", reason=problem.id, facts=problem.facts)
    key, [first, *_] = next(iter(problem.fields.items()))
    return Item(id=id_, status="refused", reason=first.id, facts={**first.facts, "of_field": key})


def _still(module: Module[Any], row: Row, item: Item) -> bool:
    now = as_json(module, {key: row.values.get(key) for key in item.after if key in module.by_key})
    return all(_nameless(now.get(key)) == _nameless(value) for key, value in item.after.items())


def _nameless(value: Any) -> Any:
    """A link is the same whatever its record is called now."""
    if not isinstance(value, dict):
        return value
    return {key: part for key, part in cast("dict[str, Any]", value).items() if key != "name"}
