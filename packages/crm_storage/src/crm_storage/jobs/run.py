"""A worker's hold on a job: only the run that took it last may write (REL-03)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.jobs import Job, State, Step
from crm_storage.database import Session
from crm_storage.jobs.rows import COLUMNS, RUN, TOLD, job_of
from crm_storage.notices import tell
from crm_storage.outbox import put

TAKE = f"""
UPDATE job SET fence = fence + 1, state = 'running', started_at = coalesce(started_at, now()), moved_at = now()
WHERE id = %(id)s AND turn = %(turn)s AND finished_at IS NULL RETURNING {COLUMNS}
"""
KEEP = f"""
UPDATE job SET done = %(done)s, total = coalesce(%(total)s, total), checkpoint = %(checkpoint)s::jsonb,
  message = %(message)s, facts = %(facts)s::jsonb, moved_at = now(), turn = turn + %(turns)s
WHERE id = %(id)s AND fence = %(fence)s AND finished_at IS NULL RETURNING turn, {TOLD}
"""
END = f"""
UPDATE job SET state = %(state)s, outcome = coalesce(%(outcome)s::jsonb, outcome), message = %(message)s,
  facts = %(facts)s::jsonb, moved_at = now(), finished_at = now()
WHERE id = %(id)s AND fence = %(fence)s AND finished_at IS NULL RETURNING user_id, kind, {TOLD}
"""
TROUBLED = f"""
UPDATE job SET message = 'jobs.trying_again', facts = '{{}}', moved_at = now()
WHERE id = %(id)s AND fence = %(fence)s AND finished_at IS NULL RETURNING {TOLD}
"""
BROKEN = f"""
UPDATE job SET state = 'failed', message = 'jobs.broken', facts = '{{}}', finished_at = now()
WHERE id = %(id)s AND finished_at IS NULL RETURNING user_id, kind, {TOLD}
"""
AGAIN = """
UPDATE job SET state = 'waiting', message = '', finished_at = NULL, turn = turn + 1, moved_at = now()
WHERE id = %(id)s AND state = 'failed' RETURNING turn
"""


async def take(session: Session, id_: UUID, turn: int) -> Job | None:
    """Takes the job over from whoever had it. None when it has ended, or its message is older than the job's turn."""
    row = await session.one(TAKE, {"id": id_, "turn": turn})
    return job_of(row) if row else None


async def keep(session: Session, job: Job, step: Step, *, pass_on: bool = False) -> bool:
    """Keeps a slice's progress; `pass_on` ends this turn and asks for the next. False when another run has taken over."""
    facts = {
        "id": job.id,
        "fence": job.fence,
        "done": step.done,
        "total": step.total,
        "checkpoint": _json(step.checkpoint),
        "message": step.message,
        "facts": _json(step.facts),
        "turns": int(pass_on),
    }
    row = await session.one(KEEP, facts)
    if row and pass_on:
        await put(session, RUN, {"job": str(job.id), "turn": row[0]})
    return row is not None


async def end(
    session: Session, job: Job, state: State, step: Step | None = None, message: str = "", **why: Any
) -> bool:
    """Ends the job as done, failed or cancelled; False when another run has taken over."""
    facts = {
        "id": job.id,
        "fence": job.fence,
        "state": state,
        "outcome": msgspec.json.encode(step.outcome).decode() if step else None,
        "message": step.message if step else message,
        "facts": _json(step.facts if step else why),
    }
    row = await session.one(END, facts)
    if row and state != "cancelled":
        await _tell(session, job.id, row[0], row[1], "job_done" if state == "done" else "job_failed")
    return row is not None


async def troubled(session: Session, job: Job) -> None:
    """Says on the job's page that a slice went wrong and is tried again."""
    await session.execute(TROUBLED, {"id": job.id, "fence": job.fence})


async def broken(session: Session, id_: UUID) -> None:
    """Ends a job whose message went to the dead letters."""
    row = await session.one(BROKEN, {"id": id_})
    if row:
        await _tell(session, id_, row[0], row[1], "job_failed")


async def again(session: Session, id_: UUID) -> int | None:
    """A job that broke waits for its next turn; which, or None when there is none to wait for."""
    row = await session.one(AGAIN, {"id": id_})
    return row[0] if row else None


async def _tell(session: Session, id_: UUID, owner: UUID | None, kind: str, what: str) -> None:
    if owner:
        await tell(
            session, what, [owner], f"/jobs/{id_}", {"work": {"id": f"jobs.kind.{kind}"}}, about=Ref("jobs", id_)
        )


def _json(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(dict(value)).decode()
