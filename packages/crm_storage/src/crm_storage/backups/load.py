"""Filling an empty schema from a backup: tables as they were at its revision, the rows, then the way to the newest revision."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from alembic.util import CommandError
from psycopg import DataError, IntegrityError, ProgrammingError

from crm_domain.problems import Refused
from crm_storage.backups.crate import Crate
from crm_storage.backups.digest import Rows
from crm_storage.backups.manifest import Manifest, TableCopy, part_of
from crm_storage.backups.shape import copy_of, quoted, shape
from crm_storage.database import Session
from crm_storage.people.shipped_roles import GIVE, shipped_rights
from crm_storage.tenants.ddl import RIGHTS
from crm_storage.tenants.revisions import History

OWN_FIELD = re.compile(r"x_[0-9]+(_[a-z_]+)?")
"""The columns of the tenant's own fields, which no revision knows."""
WITHOUT_HASTE = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
SET_SEQUENCE = "SELECT setval(%(name)s::regclass, %(last)s)"
AT_ONCE = "SET CONSTRAINTS ALL IMMEDIATE"


async def load(session: Session, crate: Crate, manifest: Manifest, history: History) -> None:
    """Makes the backup's tables and rows in the session's schema, as whose role it acts, and raises them to the newest revision,
    with the shipped roles' rights on what that brings.

    Raises Refused for a backup of a later release, one that is not whole, and rows that are not those that were backed up.
    """
    try:
        script, rest = (
            history.between("", manifest.schema_version),
            history.between(manifest.schema_version, history.head),
        )
    except CommandError:
        raise Refused("backups.newer") from None
    await session.script(script)
    await _own_fields(session, manifest)
    await _fill(session, crate, manifest)
    await session.script(AT_ONCE)
    for name, last in manifest.sequences.items():
        await session.execute(SET_SEQUENCE, {"name": quoted(name), "last": last})
    await _compare(session, manifest)
    await session.script(rest + RIGHTS)
    if rest:
        await session.execute(GIVE, shipped_rights())


async def _own_fields(session: Session, manifest: Manifest) -> None:
    """The columns beyond the revision's; anything else that differs is no backup of that revision."""
    made = await shape(session)
    if set(made) != {table.name for table in manifest.tables}:
        raise Refused("backups.broken")
    for table in manifest.tables:
        there = {column.name for column in made[table.name]}
        for column in table.columns:
            if column.name in there:
                continue
            if not OWN_FIELD.fullmatch(column.name):
                raise Refused("backups.broken")
            await session.script(f"ALTER TABLE {quoted(table.name)} ADD COLUMN {column.name} {column.definition}")


async def _fill(session: Session, crate: Crate, manifest: Manifest) -> None:
    stream = _Stream(crate, manifest)
    for table in manifest.tables:
        try:
            await session.stream(f"COPY {copy_of(table.name, table.columns)} FROM STDIN", stream.next(table.length))
        except (DataError, IntegrityError, ProgrammingError) as error:
            raise Refused("backups.broken") from error


class _Stream:
    """The rows of all tables, handed out by length."""

    def __init__(self, crate: Crate, manifest: Manifest) -> None:
        self._crate, self._manifest = crate, manifest
        self._part, self._held = 0, memoryview(b"")

    async def next(self, length: int) -> AsyncIterator[bytes]:
        """The next bytes. Raises Refused when there are no more."""
        while length:
            if not self._held:
                if self._part == self._manifest.parts:
                    raise Refused("backups.broken")
                self._held = memoryview(await self._crate.take(part_of(self._manifest.id, self._part)))
                self._part += 1
            piece, self._held = self._held[:length], self._held[length:]
            length -= len(piece)
            yield bytes(piece)


async def _compare(session: Session, manifest: Manifest) -> None:
    """Holds every table against what the backup promises (scenario 56). Raises Refused."""
    for table in manifest.tables:
        seen = Rows()
        async for row in session.copied(f"COPY {copy_of(table.name, table.columns)} TO STDOUT"):
            seen.add(row)
        if not _same(table, seen):
            raise Refused("backups.differs", table=table.name)


def _same(table: TableCopy, seen: Rows) -> bool:
    return (table.rows, table.digest) == (seen.number, seen.digest)


def told(manifest: Manifest) -> Mapping[str, Any]:
    """What a restoration reports: counts that were compared."""
    return {
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "files": len(manifest.files),
        "missing": len(manifest.missing),
        "backup": manifest.id,
    }
