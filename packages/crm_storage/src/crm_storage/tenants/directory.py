"""Which tenant a host name belongs to (SEC-01): a copy in memory, dropped when the host changes anything."""

import asyncio
from contextlib import suppress

import structlog
from psycopg import AsyncConnection, Error

from crm_domain.tenancy import Tenant, host_name
from crm_storage.database import Database
from crm_storage.tenants.rows import all_tenants

CHANNEL = "host_tenants"
REFRESH_S = 5.0
"""SEC-07: also when a notice is lost, no process acts on what is older."""


class Directory:
    """All tenants by host name and number."""

    def __init__(self, database: Database, url: str, base_domain: str) -> None:
        self._database = database
        self._url = url
        self._base = "." + base_domain
        self._by_host: dict[str, Tenant] = {}
        self._by_number: dict[int, Tenant] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Reads all tenants, then keeps up with changes."""
        await self.read()
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def find(self, header: str) -> Tenant | None:
        """The tenant of a Host header: `<slug>.<base domain>` or its own domain, compared exactly."""
        return self._by_host.get(host_name(header))

    def by_number(self, number: int) -> Tenant | None:
        return self._by_number.get(number)

    def all(self) -> list[Tenant]:
        return list(self._by_number.values())

    async def read(self) -> None:
        """Reads the host's table anew."""
        async with self._database.host() as session:
            tenants = await all_tenants(session)
        self._by_number = {tenant.number: tenant for tenant in tenants}
        self._by_host = {tenant.slug + self._base: tenant for tenant in tenants}
        self._by_host |= {tenant.domain: tenant for tenant in tenants if tenant.domain}

    async def _follow(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}".encode())
                    while True:
                        async for _ in connection.notifies(timeout=REFRESH_S, stop_after=1):
                            pass
                        await self.read()
            except (Error, OSError) as error:
                structlog.get_logger().warning("directory.lost", error=type(error).__name__)
                await asyncio.sleep(1)
