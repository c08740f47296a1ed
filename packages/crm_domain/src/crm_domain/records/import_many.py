"""An import's life: opened over a file's rows, mapped, tried without effect, carried out by a job, taken back within 30 days."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module
from crm_domain.meaning.raw import ID
from crm_domain.meaning.voice import Voice
from crm_domain.problems import Denied, NotFound, Problem, Refused
from crm_domain.records import bulk
from crm_domain.records.gather import gathering, note_gathered
from crm_domain.records.import_match import guess, key_fields, offered
from crm_domain.records.import_row import Reader
from crm_domain.records.import_saved import applied, fitting
from crm_domain.records.imports import BATCH, Import, ImportRow, Plan
from crm_domain.records.runs import Item

if TYPE_CHECKING:
    from crm_domain.records.work import Work

RUN = "records.import"
UNDO = "records.import_undo"
TRIED = 100
"""So many rows are tried for the preview."""


class _Tried(Exception):
    """Leaves a trial, so that nothing of it stays."""


def allow(work: "Work", module: Module[Any]) -> None:
    """Raises Denied for whoever may not import into the module."""
    if not work.access.can(module.key, "import") or module.closed_to(admin=work.access.admin):
        raise Denied


async def open_import(
    work: "Work", module: Module[Any], voice: Voice, file: str, table: Sequence[Sequence[str]]
) -> UUID:
    """An import of these rows, the head first, with its columns matched as far as they speak for themselves. Raises Denied."""
    allow(work, module)
    heads, *rows = table
    targets = offered(work, module)
    found = guess(module, targets, heads, voice)
    given = Plan(mapping=found, mode="update", key=ID) if ID in found else Plan(mapping=found)
    if saved := fitting(await work.store.imports.mappings(module.key), heads):
        mapping = applied(saved, heads, given.mapping, targets)
        given = Plan(mapping=mapping, mode=saved.mode, key=saved.key if saved.key in mapping else "")
    return await work.store.imports.open(module.key, file, heads, given, rows)


async def plan(work: "Work", run: Import, given: Plan) -> None:
    """How the rows are read. Raises Denied, Refused where the plan makes no sense or has begun."""
    module = work.registry[run.module]
    allow(work, module)
    targets = offered(work, module)
    if run.state != "draft":
        raise Refused("imports.has_begun")
    chosen = [target for target in given.mapping if target]
    if len(given.mapping) != len(run.heads) or not {*chosen} - {ID} or not set(chosen) <= set(targets):
        raise Refused("imports.nothing_mapped")
    if len(set(chosen)) < len(chosen):
        raise Refused("imports.mapped_twice")
    if ID in chosen and not given.key:
        given = msgspec.structs.replace(given, key=ID)
    if given.key not in key_fields(module, chosen) and (given.key or given.mode != "create"):
        raise Refused("imports.no_key")
    if ID in chosen and given.key != ID:
        raise Refused("imports.id_is_key")
    if given.gather_into and not await _may_gather(work, module, given.gather_into):
        raise Refused("imports.no_list")
    await work.store.imports.plan(run.id, given)


async def preview(work: "Work", run: Import, voice: Voice) -> list[ImportRow]:
    """What would come of the first rows: they are saved in truth, and all of it is undone. Raises Denied."""
    module = work.registry[run.module]
    allow(work, module)
    reader, found = Reader(work, module, voice, run), list[ImportRow]()
    try:
        async with work.store.imports.attempt():
            for row in await work.store.imports.rows(run.id, ("waiting",), TRIED):
                found.append(await reader.take(row))
            raise _Tried
    except _Tried:
        return found


async def begin(work: "Work", id_: UUID) -> UUID:
    """Hands the import to a job; the job. Raises NotFound, Denied, Refused when it has begun before."""
    run = await work.store.imports.get(id_, lock=True)
    allow(work, work.registry[run.module])
    if run.state != "draft" or not any(run.mapping):
        raise Refused("imports.has_begun" if run.state != "draft" else "imports.nothing_mapped")
    job = await work.store.jobs.start(RUN, {"run": str(id_), "module": run.module}, total=run.total)
    await work.store.imports.move(id_, "started", job=job)
    return job


async def undo(work: "Work", id_: UUID) -> UUID:
    """Hands the taking back to a job; the job. Raises NotFound, Denied, Refused when it is too late."""
    run = await work.store.imports.get(id_, lock=True)
    allow(work, work.registry[run.module])
    if not run.undoable(work.now()):
        raise Refused("imports.too_late")
    counts = await work.store.imports.counts(id_)
    total = counts.get("created", 0) + counts.get("updated", 0)
    job = await work.store.jobs.start(UNDO, {"run": str(id_), "module": run.module}, total=total)
    await work.store.imports.move(id_, "undoing", job=job)
    return job


async def batch(work: "Work", voice: Voice, id_: UUID) -> int:
    """Takes in the next rows; how many. After the last ones the import is done. Raises Denied when the right is gone."""
    run, module = await _at_work(work, id_)
    rows = await work.store.imports.rows(id_, ("waiting",), BATCH)
    if not rows:
        await _gather(work, module, run)
        await work.store.imports.move(id_, "done")
        return 0
    await work.store.imports.keep(id_, await _taken(work, module, voice, run, rows))
    return len(rows)


async def _taken(
    work: "Work", module: Module[Any], voice: Voice, run: Import, rows: Sequence[ImportRow]
) -> list[ImportRow]:
    """Rows in one go, which is quick; where one of them stands against that, either half of them, until it is alone."""
    if len(rows) == 1:
        return [await Reader(work, module, voice, run).take(rows[0])]
    try:
        async with work.store.imports.attempt():
            return await Reader(work, module, voice, run).take_all(rows)
    except Problem:
        middle = len(rows) // 2
        first = await _taken(work, module, voice, run, rows[:middle])
        return [*first, *await _taken(work, module, voice, run, rows[middle:])]


async def batch_back(work: "Work", voice: Voice, id_: UUID) -> int:
    """Takes back the next rows; how many: first what was created, then what was updated, the last change first."""
    run, module = await _at_work(work, id_)
    if rows := await work.store.imports.rows(id_, ("created",), BATCH):
        await work.store.imports.keep(id_, await _removed(work, module, run, rows))
    elif rows := await work.store.imports.rows(id_, ("updated",), BATCH, last=True):
        await work.store.imports.keep(id_, [await _changed_back(work, module, row) for row in rows])
    else:
        await work.store.imports.move(id_, "undone")
    return len(rows)


async def _may_gather(work: "Work", module: Module[Any], owner: UUID) -> bool:
    relation = gathering(work, module.key)
    return bool(
        relation and await work.store.fetch(work.registry[relation.module], [owner], action="edit", columns=("name",))
    )


async def _gather(work: "Work", module: Module[Any], run: Import) -> None:
    """Everybody of the file joins the list, if it is still there for the actor."""
    relation, owner = gathering(work, module.key), run.gather_into
    if relation and owner and await _may_gather(work, module, owner):
        await note_gathered(work, relation, owner, await work.store.imports.gather(run.id, relation, owner))


async def _at_work(work: "Work", id_: UUID) -> tuple[Import, Module[Any]]:
    run = await work.store.imports.get(id_)
    if run.module not in work.registry:
        raise NotFound
    allow(work, work.registry[run.module])
    return run, work.registry[run.module]


async def _removed(work: "Work", module: Module[Any], run: Import, rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Moves created records to the trash; those that somebody has changed since stay."""
    ids = [row.record_id for row in rows if row.record_id]
    there = await work.store.fetch(module, ids, columns=("name", "modified_at"))
    untouched = [row.id for row in there if run.finished_at and row["modified_at"] <= run.finished_at]
    items = await bulk.remove_many(work, module, untouched) if untouched else []
    gone = {item.id for item in items if item.status == "changed"}
    return [msgspec.structs.replace(row, status="undone" if row.record_id in gone else "kept") for row in rows]


async def _changed_back(work: "Work", module: Module[Any], row: ImportRow) -> ImportRow:
    assert row.record_id
    item = Item(id=row.record_id, status="changed", before=row.before, after=row.after)
    [back] = await bulk.change_back(work, module, [item])
    return msgspec.structs.replace(row, status="undone" if back.status == "undone" else "kept")
