"""A task about each of many records, and taking back those that nobody has touched."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Module, Ref, kinds
from crm_domain.meaning.wire import to_json
from crm_domain.problems import Denied, FieldProblem, Invalid, Refused
from crm_domain.query.page import Row
from crm_domain.records import bulk, remove, save
from crm_domain.records.assigning import FIELD
from crm_domain.records.runs import MADE, Item

if TYPE_CHECKING:
    from crm_domain.records.work import Work

TASKS = "tasks"
ABOUT = "parent"
FIELDS = ("name", "due_at", "priority", FIELD, "description")
"""What such a task says; without an assignee each goes to whoever has the record."""


def may_be_tasked(work: "Work", module: Module[Any]) -> bool:
    """Whether the actor may make tasks about records of this module."""
    if TASKS not in work.registry:
        return False
    tasks = work.registry[TASKS]
    about = tasks.field(ABOUT)
    return (
        isinstance(about, kinds.AnyLink)
        and module.key in about.targets
        and not tasks.closed_to(admin=work.access.admin)
        and work.access.can(TASKS, "create")
        and work.access.field(TASKS, ABOUT) == "write"
    )


async def check_task(work: "Work", values: Mapping[str, Any]) -> dict[str, Any]:
    """What each task will say, as JSON. Raises Denied for fields that may not be written, Invalid."""
    tasks = work.registry[TASKS]
    if any(key not in FIELDS or work.access.field(TASKS, key) != "write" for key in values):
        raise Denied
    if not values.get("name"):
        raise Invalid({"name": (FieldProblem("problems.required"),)})
    cleaned = save.cleaned(tasks, values)
    whose = cleaned.get(FIELD)
    if whose and whose not in await save.within_reach(work, [whose]):
        raise Invalid({FIELD: (FieldProblem("problems.unknown_record"),)})
    return bulk.as_json(tasks, cleaned)


async def make_tasks(
    work: "Work", module: Module[Any], items: Sequence[Item], kept: Mapping[str, Any], *, dry: bool = False
) -> list[Item]:
    """A task about each of the records within reach; what came of each."""
    tasks = work.registry[TASKS]
    values = {key: value for key, value in bulk.as_values(tasks, kept).items() if value is not None}
    seen = FIELD in module.by_key and work.access.field(module.key, FIELD) != "hidden"
    columns = ("name", FIELD) if seen else ("name",)
    rows = {row.id: row for row in await work.store.fetch(module, [item.id for item in items], columns=columns)}
    found = [Item(id=item.id, status="denied") for item in items if item.id not in rows]
    made: list[save.New] = []
    for row in rows.values():
        about = Ref(module.key, row.id, row["name"])
        try:
            said = {**_assigned(row), **values, ABOUT: about}
            new = await save.draw_up(
                work, tasks, said, sure=tuple(ref for ref in said.values() if isinstance(ref, Ref))
            )
        except (Invalid, Refused) as problem:
            found.append(bulk.refused(row.id, problem))
            continue
        made.append(new)
        found.append(Item(id=row.id, status="changed", after=_kept(tasks, new)))
    if made and not dry:
        await save.store_new(work, tasks, made)
    return found


async def take_back(work: "Work", items: Sequence[Item]) -> list[Item]:
    """Moves the tasks of a run to the trash; one that was worked on since stays."""
    tasks = work.registry[TASKS]
    ids = {item.id: UUID(item.after[MADE]["id"]) for item in items}
    rows = await work.store.fetch(tasks, list(ids.values()), action="delete", columns=("name", "version"), lock=True)
    same = {row.id for row in rows if row["version"] == 1}
    if same:
        await remove.remove(work, tasks, list(same))
    return [
        Item(id=item.id, status="undone" if ids[item.id] in same else "kept", before=item.before, after=item.after)
        for item in items
    ]


def _assigned(row: Row) -> dict[str, Any]:
    """Whoever has the record, where the actor may see that."""
    return {FIELD: row.values[FIELD]} if row.values.get(FIELD) else {}


def _kept(tasks: Module[Any], new: save.New) -> dict[str, Any]:
    """What the run remembers of a task: itself, and whose it is."""
    kept = {MADE: {"module": TASKS, "id": str(new.id)}}
    whose = new.change.after.values.get(FIELD)
    return {**kept, FIELD: to_json(tasks.field(FIELD), whose)} if whose else kept
