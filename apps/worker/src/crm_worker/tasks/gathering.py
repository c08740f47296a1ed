"""`gather`: the entire result of a question joins a list, a stretch at a time, with the rights of who asked."""

from uuid import UUID

from crm_domain.jobs import Outcome, Step
from crm_domain.problems import NotFound
from crm_domain.query.read import read_filter
from crm_domain.query.resolve import resolve
from crm_domain.records.gather import CHUNK, Choice, gather, gathering, note_gathered
from crm_worker.slices import Slice


async def gather_records(part: Slice) -> Step:
    """As many stretches as the slice has time for."""
    request, work = part.job.request, part.work
    module = work.registry[request["module"]]
    relation, owner = gathering(work, module.key), UUID(request["list"])
    if relation is None:
        raise NotFound
    params = [(name, value) for name, value in request["question"]]
    asked = read_filter(work.registry, module, params, part.voice)
    found = resolve(asked, work.registry, module, work.access, part.voice)
    choice = Choice(filter=found.filter, along=bool(request["along"]))
    seen, added = part.job.done, int(part.job.checkpoint.get("added", 0))
    after = UUID(part.job.checkpoint["after"]) if "after" in part.job.checkpoint else None
    while True:
        stretch = await gather(work, relation, owner, choice, after=after, limit=CHUNK)
        seen, added, after = seen + stretch.seen, added + stretch.added, stretch.last or after
        finished = stretch.seen < CHUNK
        if finished or not part.time_left():
            break
    if finished:
        await note_gathered(work, relation, owner, added)
    return Step(
        done=seen,
        checkpoint={"after": str(after), "added": added} if after else {},
        finished=finished,
        outcome=Outcome(counts={"added": added}, href=f"/{relation.module}/{owner}"),
    )
