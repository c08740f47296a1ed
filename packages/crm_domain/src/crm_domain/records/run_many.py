"""A run's life: opened over fixed ids, planned, carried out at once or as a job, taken back within a day."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Module
from crm_domain.problems import Denied, Invalid, NotFound, Refused
from crm_domain.records import bulk
from crm_domain.records.assigning import tell_assignees
from crm_domain.records.runs import BATCH, INLINE, MOST, Action, Run

if TYPE_CHECKING:
    from crm_domain.records.work import Work

RUN = "records.bulk"
UNDO = "records.undo"


async def open_run(
    work: "Work", module: Module[Any], action: Action, ids: Sequence[UUID], values: Mapping[str, Any] | None = None
) -> UUID:
    """A run over these records. Raises Denied, Invalid, and Refused when there are none or too many."""
    if module.closed_to(admin=work.access.admin):
        raise Denied
    if not ids:
        raise Refused("list.nothing_selected")
    if len(ids) > MOST:
        raise Refused("list.too_many", number=MOST)
    if action == "delete" and not work.access.can(module.key, "delete"):
        raise Denied
    if action == "update" and not work.access.can(module.key, "mass_update"):
        raise Denied
    changes = bulk.as_json(module, bulk.check_changes(work, module, values)) if values is not None else {}
    return await work.store.runs.open(module.key, action, changes, ids)


async def plan(work: "Work", run: Run, values: Mapping[str, Any]) -> None:
    """Says what the run will set. Raises Denied, Invalid, Refused when it has begun."""
    if run.state != "draft":
        raise Refused("bulk.has_begun")
    module = work.registry[run.module]
    await work.store.runs.plan(run.id, bulk.as_json(module, bulk.check_changes(work, module, values)))


async def begin(work: "Work", id_: UUID, *, always_job: bool = False) -> UUID | None:
    """Carries the run out, or hands it to a job; the job. Raises NotFound, Refused when it has begun before."""
    run = await work.store.runs.get(id_, lock=True)
    if run.state != "draft":
        raise Refused("bulk.has_begun")
    if run.action == "update" and not run.changes:
        raise Invalid({})
    return await _go(work, run, RUN, always_job=always_job)


async def undo(work: "Work", id_: UUID) -> UUID | None:
    """Takes the run back, or hands that to a job; the job. Raises NotFound, Refused when it is too late."""
    run = await work.store.runs.get(id_, lock=True)
    if not run.undoable(work.now()):
        raise Refused("bulk.too_late")
    return await _go(work, run, UNDO)


async def batch(work: "Work", id_: UUID) -> int:
    """Carries out the next records of a run; how many. After the last ones the run is done."""
    run = await work.store.runs.get(id_)
    module = work.registry[run.module]
    ids = await work.store.runs.ids(id_, "waiting", BATCH)
    if not ids:
        await work.store.runs.move(id_, "done")
        await tell_assignees(work, run)
        return 0
    if run.action == "delete":
        items = await bulk.remove_many(work, module, ids)
    else:
        items = await bulk.change_many(work, module, ids, bulk.as_values(module, run.changes))
    await work.store.runs.keep(id_, items)
    return len(ids)


async def batch_back(work: "Work", id_: UUID) -> int:
    """Takes back the next records of a run; how many."""
    run = await work.store.runs.get(id_)
    module = work.registry[run.module]
    items = await work.store.runs.items(id_, ("changed",), BATCH)
    if not items:
        await work.store.runs.move(id_, "undone")
        return 0
    back = bulk.restore_many if run.action == "delete" else bulk.change_back
    await work.store.runs.keep(id_, await back(work, module, items))
    return len(items)


async def _go(work: "Work", run: Run, kind: str, *, always_job: bool = False) -> UUID | None:
    if run.module not in work.registry:
        raise NotFound
    state = "started" if kind == RUN else "undoing"
    if run.total > INLINE or always_job:
        job = await work.store.jobs.start(kind, {"run": str(run.id), "module": run.module}, total=run.total)
        await work.store.runs.move(run.id, state, job=job)
        return job
    await work.store.runs.move(run.id, state)
    step = batch if kind == RUN else batch_back
    while await step(work, run.id):
        pass
    return None
