"""Jobs as a tenant's table holds them: started, read, listed, wished to end."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.jobs import Job, Outcome
from crm_domain.problems import Denied, NotFound
from crm_storage.database import Session
from crm_storage.outbox import put
from crm_storage.records.context import Context

RUN = "job.run"
"""The subject under which a job's turns travel."""
CHANNEL = "jobs"
"""Where every change of a job is told, as `<schema>:<id>`."""
COLUMNS = """id, kind, user_id, state, request, checkpoint, outcome, done, total, message, facts, cancelling, request_id, turn,
fence, created_at, started_at, moved_at, finished_at"""
TOLD = f"pg_notify('{CHANNEL}', current_schema() || ':' || id)"
START = """
INSERT INTO job (id, kind, user_id, request, total, request_id)
VALUES (uuidv7(), %(kind)s, %(owner)s, %(request)s::jsonb, %(total)s, %(request_id)s) RETURNING id
"""
GET = f"SELECT {COLUMNS} FROM job WHERE id = %(id)s"
CANCEL = f"""
UPDATE job SET cancelling = true,
  state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END,
  finished_at = CASE state WHEN 'waiting' THEN now() END
WHERE id = %(id)s AND finished_at IS NULL RETURNING {TOLD}
"""
OWN = f"SELECT {COLUMNS} FROM job WHERE user_id = %(user)s ORDER BY id DESC LIMIT %(limit)s"
ALL = f"SELECT {COLUMNS} FROM job ORDER BY id DESC LIMIT %(limit)s"


async def start(
    session: Session,
    kind: str,
    owner: UUID | None,
    request: Mapping[str, Any],
    *,
    total: int | None = None,
    request_id: str = "",
) -> UUID:
    """A new job with the message that runs it; both last with the caller's transaction. None as owner is the house."""
    body = msgspec.json.encode(dict(request)).decode()
    facts = {"kind": kind, "owner": owner, "request": body, "total": total, "request_id": request_id}
    row = await session.one(START, facts)
    assert row is not None
    await put(session, RUN, {"job": str(row[0]), "turn": 0})
    return row[0]


async def find(session: Session, id_: UUID) -> Job | None:
    """A job, whoever's it is."""
    row = await session.one(GET, {"id": id_})
    return job_of(row) if row else None


def job_of(row: Sequence[Any]) -> Job:
    """One row of COLUMNS."""
    facts = dict(zip(Job.__struct_fields__, row, strict=True))
    facts["outcome"] = msgspec.convert(facts["outcome"], Outcome)
    return Job(**facts)


class StoredJobs:
    """See `crm_domain.jobs.Jobs`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def start(self, kind: str, request: Mapping[str, Any], *, total: int | None = None) -> UUID:
        """Raises Denied for support: a job acts later, where nothing names the operator beside the user."""
        if self._context.access.support:
            raise Denied("support.no_jobs")
        return await start(
            self._context.session,
            kind,
            self._context.access.user,
            request,
            total=total,
            request_id=self._context.request_id,
        )

    async def get(self, id_: UUID) -> Job:
        job = await find(self._context.session, id_)
        access = self._context.access
        if job is None or not (access.admin or job.owner == access.user):
            raise NotFound
        return job

    async def cancel(self, id_: UUID) -> Job:
        await self.get(id_)
        await self._context.session.execute(CANCEL, {"id": id_})
        return await self.get(id_)

    async def recent(self, *, everybody: bool = False, limit: int = 50) -> list[Job]:
        if everybody and not self._context.access.admin:
            raise Denied
        facts = {"user": self._context.access.user, "limit": limit}
        return [job_of(row) for row in await self._context.session.rows(ALL if everybody else OWN, facts)]
