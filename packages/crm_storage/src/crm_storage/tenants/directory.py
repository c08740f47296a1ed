"""Which tenant a host name belongs to (SEC-01): a copy in memory, dropped when the host changes anything."""

import asyncio

import structlog
from psycopg import AsyncConnection, Error

from crm_domain.tenancy import Tenant, host_name
from crm_storage.database import Database
from crm_storage.ending import end
from crm_storage.tenants.rows import all_tenants

CHANNEL = "host_tenants"
REFRESH_S = 3.0
"""SEC-07: also when a notice is lost, no process acts on what is older than 5 s."""


class Directory:
    """All tenants by host name and number."""

    def __init__(self, database: Database, url: str, base_domain: str) -> None:
        self._database = database
        self._url = url
        self._base = "." + base_domain.lower()
        self._by_host: dict[str, Tenant] = {}
        self._by_number: dict[int, Tenant] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Reads all tenants, then keeps up with changes."""
        await self.read()
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Ends the watch; what was read stays."""
        if self._task:
            await end(self._task)

    def find(self, header: str) -> Tenant | None:
        """The tenant of a Host header: `<slug>.<base domain>` or a verified domain of its own, compared exactly.

        Archived and deleted tenants have no host name.
        """
        return self._by_host.get(host_name(header))

    def by_number(self, number: int) -> Tenant | None:
        """The tenant of that number, whatever its state."""
        return self._by_number.get(number)

    def all(self) -> list[Tenant]:
        """Every tenant, whatever its state."""
        return list(self._by_number.values())

    async def read(self) -> None:
        """Reads the host's table anew."""
        async with self._database.host() as session:
            tenants = await all_tenants(session)
        served = [tenant for tenant in tenants if tenant.reachable]
        by_host = {domain: tenant for tenant in served for domain in tenant.domains}
        self._by_host = by_host | {tenant.slug + self._base: tenant for tenant in served}
        self._by_number = {tenant.number: tenant for tenant in tenants}

    async def _follow(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}".encode())
                    while True:
                        await self.read()
                        async for _ in connection.notifies(timeout=REFRESH_S, stop_after=1):
                            pass
            except (Error, OSError) as error:
                structlog.get_logger().warning("directory.lost", error=type(error).__name__)
                await asyncio.sleep(1)
