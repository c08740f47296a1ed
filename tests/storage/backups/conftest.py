"""A company with rows of every difficult kind and a file, and where its backups go."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crm_domain.definition.overlay import CustomField
from crm_domain.keys import KeyRing
from crm_domain.modules import REGISTRY
from crm_domain.tenancy import Tenant
from crm_storage.backups.rows import Backup
from crm_storage.backups.take import Storeroom, take_backup
from crm_storage.database import Database
from crm_storage.files.door import FileDoor
from crm_storage.files.store import ObjectsAt
from crm_storage.overlays import add_field
from crm_storage.tenants.change import set_state
from crm_storage.tenants.rows import tenant_by_slug
from tests.installation import Installation

HARD = ("علی\tرضایی", "a\nb\\N", "\\.", 'it\'s "quoted"', "می‌رود")
FILE = b"a contract, page by page\n" * 300_000
"""More than one part."""


@dataclass
class Company:
    """A tenant, its installation's stores, and short words for what tests do with them."""

    room: Storeroom
    tenant: Tenant
    door: FileDoor
    blob: str
    field: str

    async def backup(self) -> Backup:
        return await take_backup(self.room, self.tenant, "asked", actor="tests")

    async def run(self, statement: str, number: int = 0) -> list[tuple[Any, ...]]:
        """Does something in the company, or in another."""
        async with self.room.database.tenant(number or self.tenant.number) as session:
            if statement.startswith("SELECT"):
                return await session.rows(statement)
            await session.script(statement)
            await session.commit()
        return []

    async def moved(self, state: Any) -> Tenant:
        self.tenant = await set_state(self.room.database, self.tenant.slug, state, actor="tests", reason="r")
        return self.tenant

    async def of(self, slug: str) -> Tenant:
        async with self.room.database.host() as session:
            found = await tenant_by_slug(session, slug)
        assert found
        return found

    async def bytes_of(self, key: str, number: int = 0) -> bytes:
        pieces = await self.room.files.open(number or self.tenant.number, key)
        return b"".join([piece async for piece in pieces])


async def fill(database: Database, tenant: Tenant, door: FileDoor) -> tuple[str, str]:
    """Rows with everything COPY must mind, a field of the company's own, a file that a note holds."""
    async with database.tenant(tenant.number) as session:
        field = await add_field(
            session, REGISTRY["accounts"], CustomField(number=0, kind="integer", labels={"en": "N", "fa": "ن"}), by=None
        )
        for name in HARD:
            facts = {"name": name, "at": 7}
            await session.execute(
                f"INSERT INTO accounts (id, name, x_{field.number}) VALUES (uuidv7(), %(name)s, %(at)s)", facts
            )
        await session.commit()
    blob = await door.receive(database, tenant, None, "contract.txt", io.BytesIO(FILE))
    async with database.tenant(tenant.number) as session:
        await session.execute(
            "INSERT INTO blob_link (key, module, record_id, field) VALUES (%(key)s, 'notes', uuidv7(), 'file')",
            {"key": blob.key},
        )
        await session.commit()
    return blob.key, f"x_{field.number}"


@pytest.fixture
async def company(installation: Installation, tmp_path: Path) -> AsyncIterator[Company]:
    async with installation.database() as database:
        tenant = await installation.tenant(database, language="fa")
        door = FileDoor((tmp_path / "files").as_uri(), 100_000_000)
        blob, field = await fill(database, tenant, door)
        room = Storeroom(
            database,
            ObjectsAt((tmp_path / "files").as_uri()),
            ObjectsAt((tmp_path / "files" / "backups").as_uri()),
            KeyRing("s" * 40),
        )
        yield Company(room, tenant, door, blob, field)
