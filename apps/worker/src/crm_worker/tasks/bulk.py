"""`records.bulk` and `records.undo`: what is done to many records, batch after batch, and taken back the same way."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from crm_domain.jobs import Outcome, Step
from crm_domain.records.run_many import batch, batch_back
from crm_domain.records.work import Work
from crm_worker.slices import Slice


async def run_bulk(slice_: Slice) -> Step:
    """Some more records of a run."""
    return await _batches(slice_, batch)


async def undo_bulk(slice_: Slice) -> Step:
    """Some more records of a run that is taken back."""
    return await _batches(slice_, batch_back)


async def _batches(slice_: Slice, step: Callable[[Work, UUID], Awaitable[int]]) -> Step:
    run, done, finished = UUID(slice_.job.request["run"]), slice_.job.done, False
    while not finished and slice_.time_left():
        number = await step(slice_.work, run)
        done += number
        finished = number == 0
    href = f"/{slice_.job.request['module']}/bulk/{run}"
    counts = await slice_.work.store.runs.counts(run) if finished else {}
    return Step(done=done, finished=finished, outcome=Outcome(counts=counts, href=href))
