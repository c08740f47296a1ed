"""A run's life: opened over fixed ids, planned, carried out at once or as a job, taken back within a day."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Module
from crm_domain.problems import Denied, Invalid, NotFound, Refused
from crm_domain.records import bulk
from crm_domain.records.assigning import tell_assignees
from crm_domain.records.deal_out import PEOPLE, hand_out, shares
from crm_domain.records.runs import BATCH, INLINE, MOST, Action, Item, Run
from crm_domain.records.task_many import check_task, make_tasks, may_be_tasked, take_back

if TYPE_CHECKING:
    from crm_domain.records.work import Work

RUN = "records.bulk"
UNDO = "records.undo"


async def open_run(
    work: "Work", module: Module[Any], action: Action, ids: Sequence[UUID], values: Mapping[str, Any] | None = None
) -> UUID:
    """A run over these records. Raises Denied, Invalid, and Refused when there are none or too many."""
    if not _may(work, module, action):
        raise Denied
    if not ids:
        raise Refused("list.nothing_selected")
    if len(ids) > MOST:
        raise Refused("list.too_many", number=MOST)
    changes = bulk.as_json(module, bulk.check_changes(work, module, values)) if values is not None else {}
    return await work.store.runs.open(module.key, action, changes, ids)


async def plan(work: "Work", run: Run, values: Mapping[str, Any]) -> None:
    """Says what the run will set. Raises Denied, Invalid, Refused when it has begun."""
    _check_draft(run)
    module = work.registry[run.module]
    await work.store.runs.plan(run.id, bulk.as_json(module, bulk.check_changes(work, module, values)))


async def plan_deal(work: "Work", run: Run, people: Sequence[UUID]) -> None:
    """Says among whom the records are dealt out. Raises as `plan`, with the key `people`."""
    _check_draft(run)
    dealt = await shares(work, work.registry[run.module], people)
    await work.store.runs.plan(run.id, {PEOPLE: [str(id_) for id_ in dict.fromkeys(people)]})
    await work.store.runs.deal(run.id, dealt)


async def plan_tasks(work: "Work", run: Run, values: Mapping[str, Any]) -> None:
    """Says what the task about each record will be. Raises as `plan`."""
    _check_draft(run)
    await work.store.runs.plan(run.id, await check_task(work, values))


async def foresee(work: "Work", run: Run, limit: int) -> list[Item]:
    """What would come of the first records of a run that was planned."""
    return await _do(work, run, await work.store.runs.items(run.id, ("waiting",), limit), dry=True)


async def begin(work: "Work", id_: UUID, *, always_job: bool = False) -> UUID | None:
    """Carries the run out, or hands it to a job; the job. Raises NotFound, Refused when it has begun before."""
    run = await work.store.runs.get(id_, lock=True)
    _check_draft(run)
    if run.action != "delete" and not run.changes:
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
    items = await work.store.runs.items(id_, ("waiting",), BATCH)
    if not items:
        await work.store.runs.move(id_, "done")
        await tell_assignees(work, run)
        return 0
    await work.store.runs.keep(id_, await _do(work, run, items))
    return len(items)


async def batch_back(work: "Work", id_: UUID) -> int:
    """Takes back the next records of a run; how many."""
    run = await work.store.runs.get(id_)
    module = work.registry[run.module]
    items = await work.store.runs.items(id_, ("changed",), BATCH)
    if not items:
        await work.store.runs.move(id_, "undone")
        return 0
    match run.action:
        case "delete":
            back = await bulk.restore_many(work, module, items)
        case "tasks":
            back = await take_back(work, items)
        case "update" | "deal":
            back = await bulk.change_back(work, module, items)
    await work.store.runs.keep(id_, back)
    return len(items)


async def _do(work: "Work", run: Run, items: Sequence[Item], *, dry: bool = False) -> list[Item]:
    """Does to these records what the run is about; what came of each. Only a deletion has no `dry`."""
    module = work.registry[run.module]
    match run.action:
        case "delete":
            return await bulk.remove_many(work, module, [item.id for item in items])
        case "tasks":
            return await make_tasks(work, module, items, run.changes, dry=dry)
        case "deal":
            return await hand_out(work, module, items, dry=dry)
        case "update":
            values = bulk.as_values(module, run.changes)
            return await bulk.change_many(work, module, [item.id for item in items], values, dry=dry)


def _may(work: "Work", module: Module[Any], action: Action) -> bool:
    if action == "tasks":
        return may_be_tasked(work, module)
    right = "delete" if action == "delete" else "mass_update"
    return work.access.can(module.key, right) and not module.closed_to(admin=work.access.admin)


def _check_draft(run: Run) -> None:
    if run.state != "draft":
        raise Refused("bulk.has_begun")


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
