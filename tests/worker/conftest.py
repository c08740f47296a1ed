"""A worker in this process on a real database and a real bus."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from crm_domain.jobs import Job
from crm_domain.tenancy import Tenant
from crm_storage.bus.broker import Patience
from crm_storage.database import Database
from crm_storage.jobs import rows
from crm_storage.settings import Settings, load
from crm_worker.app import Worker
from crm_worker.slices import Handler, Task
from crm_worker.tasks import TASKS
from sadra_cli.children import free_port
from sadra_cli.nats_server import Nats
from tests.installation import Installation

PATIENCE_S = 90
"""Less than a test may take, so that what fails says what it waited for."""
STOP_S = 60


async def until(true: Callable[[], Awaitable[Any]], what: str) -> Any:
    """Waits for something that other tasks bring about; its value."""
    for _ in range(PATIENCE_S * 20):
        if found := await true():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(what)


@dataclass
class Plant:
    """A company, its database, and the settings of workers for it."""

    database: Database
    tenant: Tenant
    settings: Settings
    bus: Nats
    served: set[int] = field(init=False)
    """The companies whose work is done here: what other tests left in the installation stays where it is."""

    def __post_init__(self) -> None:
        self.served = {self.tenant.number}

    @asynccontextmanager
    async def worker(
        self,
        jobs: Mapping[str, Handler] | None = None,
        tasks: Mapping[str, Task] = TASKS,
        patience: Patience | None = None,
    ) -> AsyncGenerator[Worker]:
        """A worker that has started, and stops in the end."""
        worker, stop = Worker(self.settings, tasks, jobs or {}, patience), asyncio.Event()
        everybody = worker.shop.directory.all
        worker.shop.directory.all = lambda: [tenant for tenant in everybody() if tenant.number in self.served]
        running = asyncio.create_task(worker.run_until(stop))

        async def connected() -> bool:
            if running.done():
                running.result()
            return worker.broker.connected

        await until(connected, "the worker connects")
        try:
            yield worker
        finally:
            stop.set()
            await asyncio.wait({running}, timeout=STOP_S)
            if not running.done():
                for task in asyncio.all_tasks():
                    task.print_stack()
            assert running.done(), "the worker ends when it is told to"
            running.result()

    async def admin(self) -> UUID:
        async with self.database.tenant(self.tenant.number) as session:
            row = await session.one("SELECT id FROM users WHERE user_type = 'administrator'")
        assert row is not None
        return row[0]

    async def start(self, kind: str, request: Mapping[str, Any] | None = None, *, total: int | None = None) -> UUID:
        """A job of the administrator."""
        admin = await self.admin()
        async with self.database.tenant(self.tenant.number) as session:
            id_ = await rows.start(session, kind, admin, request or {}, total=total, request_id="the click")
            await session.commit()
        return id_

    async def job(self, id_: UUID) -> Job:
        async with self.database.tenant(self.tenant.number) as session:
            found = await rows.find(session, id_)
        assert found is not None
        return found

    async def ended(self, id_: UUID) -> Job:
        """The job, once it has ended."""

        async def over() -> Job | None:
            job = await self.job(id_)
            return job if job.ended else None

        return await until(over, "the job ends")

    async def rows(self, statement: str, **params: Any) -> list[tuple[Any, ...]]:
        async with self.database.tenant(self.tenant.number) as session:
            return await session.rows(statement, params)

    async def change(self, statement: str, **params: Any) -> int:
        async with self.database.tenant(self.tenant.number) as session:
            count = await session.execute(statement, params)
            await session.commit()
        return count


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Nats]:
    with Nats(tmp_path / "nats", port=free_port()) as server:
        yield server


@pytest.fixture
async def plant(installation: Installation, bus: Nats, tmp_path: Path) -> AsyncGenerator[Plant]:
    """A company of its own for each test."""
    settings = load(
        {
            "SADRA_DATABASE_URL": installation.url,
            "SADRA_WORKER_DATABASE_URL": installation.login("sadra_worker"),
            "SADRA_NATS_URL": bus.url,
            "SADRA_SECRET_KEY": "a key for these tests and nothing else",
            "SADRA_DATA_DIR": str(tmp_path),
            "SADRA_SMTP_URL": "smtp://127.0.0.1:4",
        }
    )
    async with installation.database() as database:
        tenant = await installation.tenant(database)
        yield Plant(database, tenant, settings, bus)
