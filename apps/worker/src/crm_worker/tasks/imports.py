"""`records.import` and `records.import_undo`: rows of a file, batch after batch; each row's outcome lasts with its record."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from crm_domain.jobs import Outcome, Step
from crm_domain.meaning.voice import Voice
from crm_domain.records.import_many import batch, batch_back
from crm_domain.records.work import Work
from crm_worker.slices import Slice


async def run_import(slice_: Slice) -> Step:
    """Some more rows of a file."""
    return await _batches(slice_, batch)


async def undo_import(slice_: Slice) -> Step:
    """Some more rows of a file that is taken back."""
    return await _batches(slice_, batch_back)


async def _batches(slice_: Slice, step: Callable[[Work, Voice, UUID], Awaitable[int]]) -> Step:
    run, done, finished = UUID(slice_.job.request["run"]), slice_.job.done, False
    while not finished and slice_.time_left():
        number = await step(slice_.work, slice_.voice, run)
        done += number
        finished = number == 0
    href = f"/{slice_.job.request['module']}/import/{run}"
    counts = await slice_.work.store.imports.counts(run) if finished else {}
    return Step(done=done, finished=finished, outcome=Outcome(counts=counts, href=href))
