"""Imports as rows: a file's rows go in by one statement and are kept batch by batch."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec
import psycopg

from crm_domain.definition import ManyToAny, Relation
from crm_domain.problems import NotFound, Refused
from crm_domain.records.import_saved import SavedMapping
from crm_domain.records.imports import Import, ImportRow, ImportState, Plan, RowStatus
from crm_storage.records.context import Context
from crm_storage.records.memberships import counted

COLUMNS = (
    "id, user_id, module, file, heads, mapping, mode, key, state, total, job, created_at, finished_at, gather_into"
)
OPEN = """
INSERT INTO import_run (user_id, module, file, heads, mapping, mode, key, total)
VALUES (%(me)s, %(module)s, %(file)s, %(heads)s::jsonb, %(mapping)s::jsonb, %(mode)s, %(key)s, %(total)s) RETURNING id
"""
FILL = "COPY import_row (run_id, number, cells) FROM STDIN"
GET = f"SELECT {COLUMNS} FROM import_run WHERE id = %(run)s AND (user_id = %(me)s OR %(all)s)"
RECENT = f"""
SELECT {COLUMNS} FROM import_run WHERE module = %(module)s AND (user_id = %(me)s OR %(all)s)
ORDER BY id DESC LIMIT %(limit)s
"""
PLAN = """
UPDATE import_run SET mapping = %(mapping)s::jsonb, mode = %(mode)s, key = %(key)s, gather_into = %(gather_into)s
WHERE id = %(run)s AND state = 'draft'
"""
MOVE = """
UPDATE import_run SET state = %(state)s, job = coalesce(%(job)s, job),
  finished_at = CASE %(state)s WHEN 'done' THEN clock_timestamp() ELSE finished_at END
WHERE id = %(run)s
"""
ROWS = """
SELECT number, cells, status, record_id, reason, facts, before, after FROM import_row
WHERE run_id = %(run)s AND status = ANY(%(statuses)s) ORDER BY number {order} LIMIT %(limit)s
"""
KEEP = """
UPDATE import_row i SET status = n.status, record_id = n.record_id, reason = n.reason, facts = n.facts,
  before = n.before, after = n.after
FROM jsonb_to_recordset(%(rows)s::jsonb)
  AS n (number int, status text, record_id uuid, reason text, facts jsonb, before jsonb, after jsonb)
WHERE i.run_id = %(run)s AND i.number = n.number
"""
GATHER = """
INSERT INTO "{table}" (left_id, right_id, module, created_by)
SELECT DISTINCT %(list)s, record_id, %(module)s, %(me)s FROM import_row WHERE run_id = %(run)s AND record_id IS NOT NULL
ON CONFLICT DO NOTHING RETURNING left_id, right_id
"""
MAPPINGS = """
SELECT id, user_id, module, name, shared, columns, mode, key FROM import_mapping
WHERE module = %(module)s AND (user_id = %(me)s OR shared) ORDER BY user_id = %(me)s DESC, id DESC
"""
KEEP_MAPPING = """
INSERT INTO import_mapping (id, user_id, module, name, shared, columns, mode, key)
VALUES (%(id)s, %(owner)s, %(module)s, %(name)s, %(shared)s, %(columns)s::jsonb, %(mode)s, %(key)s)
ON CONFLICT (user_id, module, name) DO UPDATE SET shared = excluded.shared, columns = excluded.columns,
  mode = excluded.mode, key = excluded.key
"""
DROP_MAPPING = "DELETE FROM import_mapping WHERE id = %(id)s AND (user_id = %(me)s OR (shared AND %(all)s))"
COUNTS = "SELECT status, count(*) FROM import_row WHERE run_id = %(run)s GROUP BY status"


class StoredImports:
    """See `crm_domain.records.imports.Imports`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._session = context.session

    async def open(
        self, module: str, file: str, heads: Sequence[str], plan: Plan, rows: Sequence[Sequence[str]]
    ) -> UUID:
        facts = {"me": self._context.access.user, "module": module, "file": file, "total": len(rows)}
        read = {"heads": _json(heads), "mapping": _json(plan.mapping), "mode": plan.mode, "key": plan.key}
        row = await self._session.one(OPEN, {**facts, **read})
        assert row is not None
        await self._session.copy(FILL, ((row[0], number, _json(cells)) for number, cells in enumerate(rows, start=2)))
        return row[0]

    async def get(self, id_: UUID, *, lock: bool = False) -> Import:
        row = await self._session.one(GET + (" FOR UPDATE" if lock else ""), {"run": id_, **self._who()})
        if row is None:
            raise NotFound
        return _import(row)

    async def recent(self, module: str, limit: int) -> list[Import]:
        facts = {"module": module, "limit": limit, **self._who()}
        return [_import(row) for row in await self._session.rows(RECENT, facts)]

    async def plan(self, id_: UUID, plan: Plan) -> None:
        facts = {"mode": plan.mode, "key": plan.key, "gather_into": plan.gather_into}
        await self._session.execute(PLAN, {"run": id_, "mapping": _json(plan.mapping), **facts})

    async def move(self, id_: UUID, state: ImportState, *, job: UUID | None = None) -> None:
        await self._session.execute(MOVE, {"run": id_, "state": state, "job": job})

    async def rows(
        self, id_: UUID, statuses: Sequence[RowStatus], limit: int, *, last: bool = False
    ) -> list[ImportRow]:
        facts = {"run": id_, "statuses": list(statuses), "limit": limit}
        found = await self._session.rows(ROWS.format(order="DESC" if last else "ASC"), facts)
        return [ImportRow(**dict(zip(ImportRow.__struct_fields__, row, strict=True))) for row in found]

    async def keep(self, id_: UUID, rows: Sequence[ImportRow]) -> None:
        await self._session.execute(KEEP, {"run": id_, "rows": msgspec.json.encode(rows).decode()})

    async def counts(self, id_: UUID) -> dict[str, int]:
        return {status: count for status, count in await self._session.rows(COUNTS, {"run": id_})}

    async def gather(self, id_: UUID, relation: Relation, owner: UUID) -> int:
        assert isinstance(relation.table, ManyToAny)
        statement = f"WITH {counted(relation.table, GATHER, '+')} SELECT count(*) FROM changed"
        facts = {"list": owner, "module": relation.target, "me": self._context.access.user, "run": id_}
        [(number,)] = await self._session.rows(statement, facts)
        return number

    async def mappings(self, module: str) -> list[SavedMapping]:
        found = await self._session.rows(MAPPINGS, {"module": module, "me": self._context.access.user})
        return [
            msgspec.convert(dict(zip(SavedMapping.__struct_fields__, row, strict=True)), SavedMapping) for row in found
        ]

    async def keep_mapping(self, kept: SavedMapping) -> None:
        columns = msgspec.json.encode(kept.columns).decode()
        await self._session.execute(KEEP_MAPPING, {**msgspec.structs.asdict(kept), "columns": columns})

    async def drop_mapping(self, id_: UUID) -> None:
        await self._session.execute(DROP_MAPPING, {"id": id_, **self._who()})

    @asynccontextmanager
    async def attempt(self) -> AsyncGenerator[None]:
        await self._session.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException as problem:
            await self._session.execute("ROLLBACK TO SAVEPOINT attempt")
            await self._session.execute("RELEASE SAVEPOINT attempt")
            if isinstance(problem, psycopg.IntegrityError | psycopg.DataError):
                raise Refused("imports.clash") from problem
            raise
        await self._session.execute("RELEASE SAVEPOINT attempt")

    def _who(self) -> dict[str, object]:
        return {"me": self._context.access.user, "all": self._context.access.admin}


def _import(row: tuple[object, ...]) -> Import:
    return msgspec.convert(dict(zip(Import.__struct_fields__, row, strict=True)), Import)


def _json(value: Sequence[str]) -> str:
    return msgspec.json.encode(list(value)).decode()
