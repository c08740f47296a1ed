"""Runs over many records as rows; the records' rows are written by one statement whatever their number."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.problems import NotFound
from crm_domain.records.runs import Action, Item, Run, RunState, Status
from crm_storage.records import names
from crm_storage.records.context import Context

OPEN = """
INSERT INTO bulk_run (user_id, module, action, changes, total)
VALUES (%(me)s, %(module)s, %(action)s, %(changes)s::jsonb, %(total)s) RETURNING id
"""
MEMBERS = "INSERT INTO bulk_item (run_id, record_id) SELECT %(run)s, unnest(%(ids)s::uuid[]) ON CONFLICT DO NOTHING"
GET = """
SELECT id, user_id, module, action, changes, state, total, job, created_at, finished_at FROM bulk_run
WHERE id = %(run)s AND (user_id = %(me)s OR %(all)s)
"""
PLAN = "UPDATE bulk_run SET changes = %(changes)s::jsonb WHERE id = %(run)s AND state = 'draft'"
MOVE = """
UPDATE bulk_run SET state = %(state)s, job = coalesce(%(job)s, job),
  finished_at = CASE %(state)s WHEN 'done' THEN now() ELSE finished_at END
WHERE id = %(run)s
"""
DEAL = """
UPDATE bulk_item i SET after = %(shares)s::jsonb -> mod(n.place, %(number)s)::int
FROM (SELECT record_id, row_number() OVER (ORDER BY record_id) - 1 AS place FROM bulk_item WHERE run_id = %(run)s) n
WHERE i.run_id = %(run)s AND i.record_id = n.record_id AND i.status = 'waiting'
"""
ITEMS = """
SELECT record_id, status, reason, facts, before, after FROM bulk_item
WHERE run_id = %(run)s AND status = ANY(%(statuses)s) ORDER BY status, record_id LIMIT %(limit)s
"""
KEEP = """
UPDATE bulk_item i SET status = n.status, reason = n.reason, facts = n.facts, before = n.before, after = n.after
FROM jsonb_to_recordset(%(items)s::jsonb)
  AS n (id uuid, status text, reason text, facts jsonb, before jsonb, after jsonb)
WHERE i.run_id = %(run)s AND i.record_id = n.id
"""
COUNTS = "SELECT status, count(*) FROM bulk_item WHERE run_id = %(run)s GROUP BY status"

ASSIGNEES = """
SELECT i.after->'assigned_to'->>'id', count(*), coalesce(i.after->'made'->>'module', r.module),
  min(coalesce(i.after->'made'->>'id', i.record_id::text))
FROM bulk_item i JOIN bulk_run r ON r.id = i.run_id
WHERE i.run_id = %(run)s AND i.status = 'changed' AND i.after->'assigned_to'->>'id' IS NOT NULL GROUP BY 1, 3
"""


class StoredRuns:
    """See `crm_domain.records.runs.Runs`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._session = context.session

    async def open(self, module: str, action: Action, changes: Mapping[str, Any], ids: Sequence[UUID]) -> UUID:
        unique = list(dict.fromkeys(ids))
        facts = {"me": self._context.access.user, "module": module, "action": action, "total": len(unique)}
        row = await self._session.one(OPEN, {**facts, "changes": _json(changes)})
        assert row is not None
        await self._session.execute(MEMBERS, {"run": row[0], "ids": unique})
        return row[0]

    async def get(self, id_: UUID, *, lock: bool = False) -> Run:
        access = self._context.access
        facts = {"run": id_, "me": access.user, "all": access.admin}
        row = await self._session.one(GET + (" FOR UPDATE" if lock else ""), facts)
        if row is None:
            raise NotFound
        return Run(**dict(zip(Run.__struct_fields__, row, strict=True)))

    async def plan(self, id_: UUID, changes: Mapping[str, Any]) -> None:
        await self._session.execute(PLAN, {"run": id_, "changes": _json(changes)})

    async def deal(self, id_: UUID, shares: Sequence[Mapping[str, Any]]) -> None:
        facts = {"run": id_, "shares": msgspec.json.encode(shares).decode(), "number": len(shares)}
        await self._session.execute(DEAL, facts)

    async def move(self, id_: UUID, state: RunState, *, job: UUID | None = None) -> None:
        await self._session.execute(MOVE, {"run": id_, "state": state, "job": job})

    async def items(self, id_: UUID, statuses: Sequence[Status], limit: int) -> list[Item]:
        facts = {"run": id_, "statuses": list(statuses), "limit": limit}
        found = await self._session.rows(ITEMS, facts)
        return [Item(**dict(zip(Item.__struct_fields__, row, strict=True))) for row in found]

    async def keep(self, id_: UUID, items: Sequence[Item]) -> None:
        await self._session.execute(KEEP, {"run": id_, "items": msgspec.json.encode(items).decode()})

    async def counts(self, id_: UUID) -> dict[str, int]:
        return {status: count for status, count in await self._session.rows(COUNTS, {"run": id_})}

    async def assignees(self, id_: UUID) -> list[tuple[UUID, int, Ref]]:
        found = await self._session.rows(ASSIGNEES, {"run": id_})
        refs = [Ref(module, UUID(one)) for *_, module, one in found]
        named = await names.names(self._context, refs)
        return [(UUID(user), count, named.get(ref, ref)) for (user, count, *_), ref in zip(found, refs, strict=True)]


def _json(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(dict(value)).decode()
