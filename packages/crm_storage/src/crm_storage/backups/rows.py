"""The backups there are, by tenant: a row comes when everything of it lies in the store, so none is listed that is not whole."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from crm_storage.database import Session

Kind = Literal["nightly", "asked", "before_restore"]
COLUMNS = "id, tenant, taken_at, kind, actor, schema_version, size, rows, files, missing"
ADD = f"""
INSERT INTO host.backup ({COLUMNS}) VALUES (%(id)s, %(tenant)s, %(taken_at)s, %(kind)s, %(actor)s, %(schema_version)s,
  %(size)s, %(rows)s, %(files)s, %(missing)s)
"""
LIST = f"SELECT {COLUMNS} FROM host.backup WHERE tenant = %(tenant)s ORDER BY taken_at DESC, id"
ONE = f"SELECT {COLUMNS} FROM host.backup WHERE tenant = %(tenant)s AND id = %(id)s"
SOME_NEWEST = f"""
SELECT * FROM (SELECT DISTINCT ON (tenant) {COLUMNS} FROM host.backup ORDER BY tenant, taken_at DESC) newest
ORDER BY random() LIMIT 1
"""
DROP = "DELETE FROM host.backup WHERE tenant = %(tenant)s AND id = ANY(%(ids)s)"


class Backup(msgspec.Struct, frozen=True):
    """One backup. `size` is in bytes of the parts that it alone holds; `missing` counts files that the store did not have."""

    id: UUID
    tenant: int
    taken_at: datetime
    kind: Kind
    actor: str
    schema_version: str
    size: int
    rows: int
    files: int
    missing: int

    @property
    def name(self) -> str:
        """Under which its manifest lies."""
        return self.id.hex


async def add_backup(session: Session, backup: Backup) -> None:
    """The caller commits."""
    await session.execute(ADD, msgspec.structs.asdict(backup))


async def backups_of(session: Session, tenant: int) -> list[Backup]:
    """The newest first."""
    return [Backup(*row) for row in await session.rows(LIST, {"tenant": tenant})]


async def backup_of(session: Session, tenant: int, id_: UUID) -> Backup | None:
    """One of a tenant's; none of another's."""
    row = await session.one(ONE, {"tenant": tenant, "id": id_})
    return Backup(*row) if row else None


async def some_newest(session: Session) -> Backup | None:
    """The newest backup of some tenant, whichever."""
    row = await session.one(SOME_NEWEST)
    return Backup(*row) if row else None


async def drop_backups(session: Session, tenant: int, ids: Iterable[UUID]) -> int:
    """How many went from the list. The caller commits, and only then drops their parts."""
    return await session.execute(DROP, {"tenant": tenant, "ids": list(ids)})
