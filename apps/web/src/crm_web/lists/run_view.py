"""A run over many records in words: its frame, what it sets, what would come of it, what came of each record."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response

from crm_domain.definition import Module, Ref
from crm_domain.meaning.show import show
from crm_domain.records import bulk
from crm_domain.records.assigning import FIELD
from crm_domain.records.deal_out import PEOPLE
from crm_domain.records.run_many import foresee
from crm_domain.records.runs import Item, Run
from crm_domain.records.task_many import TASKS
from crm_domain.text import numbers
from crm_web.visit import Visit

SAMPLE = 10
LOOKED_AT = 2_000
"""A preview reads so many records; what it says of more is what it found in these."""
LISTED = 200
STATUSES = ("changed", "unchanged", "denied", "refused", "undone", "kept")
TITLES = {
    "update": "bulk.change_title",
    "delete": "bulk.delete_title",
    "deal": "bulk.deal_title",
    "tasks": "bulk.tasks_title",
}


async def run_page(
    visit: Visit, module: Module[Any], run: Run, template: str, *, status: int = 200, **facts: Any
) -> Response[str]:
    """A page of the run in its frame."""
    common = {
        "module": module,
        "modules_name": visit.voice.module(module),
        "title": visit.text(TITLES[run.action]),
        "action": run.action,
        "total": _number(visit, run.total),
        "url": f"/{module.key}/bulk/{run.id}",
        "wrong": False,
    }
    return await visit.page(template, status=status, current=module.key, **{**common, **facts})


async def preview(visit: Visit, module: Module[Any], run: Run) -> Response[str]:
    """What would come of it: counts, and the first changes old to new."""
    items = await foresee(visit.work, run, LOOKED_AT)
    counts = {status: sum(item.status == status for item in items) for status in STATUSES}
    return await run_page(
        visit,
        module,
        run,
        "records/bulk_preview.html",
        changes=await _told(visit, module, run),
        counts=_counts(visit, counts, "bulk.would", run),
        nothing=not counts["changed"],
        of_first=_number(visit, LOOKED_AT) if run.total > LOOKED_AT else "",
        sample=await _lines(visit, module, run, [item for item in items if item.status == "changed"][:SAMPLE]),
        refused=await _lines(visit, module, run, [item for item in items if item.status == "refused"][:SAMPLE]),
    )


async def result(visit: Visit, module: Module[Any], run: Run) -> Response[str]:
    """What came of it, and whether it can be taken back."""
    counts = await visit.work.store.runs.counts(run.id)
    left_alone = await visit.work.store.runs.items(run.id, ("refused", "denied", "kept"), LISTED)
    return await run_page(
        visit,
        module,
        run,
        "records/bulk_result.html",
        title=visit.text(f"bulk.{run.state}"),
        counts=_counts(visit, counts, "bulk.did", run),
        left_alone=await _lines(visit, module, run, left_alone),
        undoable=run.undoable(visit.voice.now) and bool(counts.get("changed")),
        job=run.job if run.state in ("started", "undoing") else None,
    )


async def _told(visit: Visit, module: Module[Any], run: Run) -> list[tuple[str, str]]:
    """What the run sets: of a deal who gets how many, of tasks what each says."""
    if run.action == "deal":
        refs = [Ref("users", UUID(id_)) for id_ in run.changes[PEOPLE]]
        named = await visit.work.store.names(refs)
        each, over = divmod(run.total, len(refs))
        shares = [_number(visit, each + (place < over)) for place in range(len(refs))]
        return [(named[ref].name, share) for ref, share in zip(refs, shares, strict=True)]
    said = visit.module(TASKS) if run.action == "tasks" else module
    linked = await _linked(visit, said, [run.changes])
    told = [(_label(visit, said, key), _shown(visit, said, key, value, linked)) for key, value in run.changes.items()]
    if run.action == "tasks" and FIELD not in run.changes:
        told.append((_label(visit, said, FIELD), visit.text("bulk.whoever_has_it")))
    return told


async def _lines(visit: Visit, module: Module[Any], run: Run, items: list[Item]) -> list[dict[str, Any]]:
    """Records of a run by name, with what changed or why not; those out of reach have no name."""
    rows = await visit.work.store.fetch(module, [item.id for item in items], columns=("name",)) if items else []
    names = {row.id: row["name"] for row in rows}
    said = visit.module(TASKS) if run.action == "tasks" else module
    linked = await _linked(visit, said, [values for item in items for values in (item.before, item.after)])
    return [
        {
            "name": names.get(item.id, ""),
            "href": f"/{module.key}/{item.id}" if item.id in names else "",
            "why": _why(visit, said, item),
            "whose": _shown(visit, said, FIELD, item.after.get(FIELD), linked) if run.action == "tasks" else "",
            "changes": _changes(visit, module, item, linked) if run.action != "tasks" else [],
        }
        for item in items
    ]


async def _linked(visit: Visit, module: Module[Any], kept: Sequence[Mapping[str, Any]]) -> Mapping[Ref, Ref]:
    """All that these values link to, with their names, read in one go."""
    values = (value for one in kept for value in bulk.as_values(module, one).values())
    return await visit.names(list(dict.fromkeys(value for value in values if isinstance(value, Ref))))


def _changes(visit: Visit, module: Module[Any], item: Item, linked: Mapping[Ref, Ref]) -> list[tuple[str, str, str]]:
    return [
        (
            _label(visit, module, key),
            _shown(visit, module, key, item.before.get(key), linked),
            _shown(visit, module, key, value, linked),
        )
        for key, value in item.after.items()
        if key in module.by_key
    ]


def _why(visit: Visit, module: Module[Any], item: Item) -> str:
    if item.status != "refused":
        return visit.text(f"bulk.why.{item.status}")
    said = visit.text(item.reason, **item.facts)
    field = item.facts.get("of_field", "")
    return f"{_label(visit, module, field)}: {said}" if field in module.by_key else said


def _label(visit: Visit, module: Module[Any], key: str) -> str:
    return visit.voice.label(module, module.field(key))


def _shown(visit: Visit, module: Module[Any], key: str, value: Any, linked: Mapping[Ref, Ref]) -> str:
    found = bulk.as_values(module, {key: value}).get(key)
    return show(module.field(key), linked.get(found, found) if isinstance(found, Ref) else found, visit.voice)


def _counts(visit: Visit, counts: Any, place: str, run: Run) -> list[tuple[str, str]]:
    def label(status: str) -> str:
        made = run.action == "tasks" and status == "changed"
        return visit.text(f"{place}.made" if made else f"{place}.{status}")

    return [(label(status), _number(visit, counts[status])) for status in STATUSES if counts.get(status)]


def _number(visit: Visit, number: int) -> str:
    return numbers.format_number(number, visit.voice.locale)
