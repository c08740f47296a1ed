"""Which company a host name means, in every process and within moments of a change (SEC-01, SEC-07, SEC-47)."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import psycopg
import pytest

from crm_domain.problems import BadValue, NotFound, Refused
from crm_storage.overlays import raise_version
from crm_storage.tenants import directory as directories
from crm_storage.tenants import domains
from crm_storage.tenants.change import set_state
from crm_storage.tenants.directory import Directory
from tests.installation import Installation

MOST_S = 5.0
"""SEC-07."""


@asynccontextmanager
async def process(installation: Installation, login: str = "sadra_web") -> AsyncGenerator[Directory]:
    """A directory as an app has it."""
    async with installation.database(login) as database:
        directory = Directory(database, installation.login(login), "crm.example")
        await directory.start()
        try:
            yield directory
        finally:
            await directory.stop()


async def becomes(holds: Callable[[], bool]) -> None:
    """Waits until it holds, as long as the rule allows."""
    async with asyncio.timeout(MOST_S):
        while not holds():  # noqa: ASYNC110 - what it waits for happens in another connection
            await asyncio.sleep(0.02)


async def test_sec_47_host_names_are_compared_exactly(installation: Installation) -> None:
    async with installation.database() as owner:
        tenant = await installation.tenant(owner, "exact")
    async with process(installation) as directory:
        for header in ("exact.crm.example", "EXACT.crm.Example", "exact.crm.example:8000"):
            found = directory.find(header)
            assert found is not None
            assert found.number == tenant.number
        for header in (
            "",
            "crm.example",
            "exact",
            "exact.crm.example.",
            "exact.crm.example:",
            "exact.crm.example:٨٠",
            "exact.crm.example:80:80",
            "a.exact.crm.example",
            "exact.crm.example.evil.test",
            "exact.crm.example@evil.test",
            "exact.crm.example/",
            "exact.crm.examplе",
            "exact_crm.example",
            "127.0.0.1",
            "[::1]",
            ".crm.example",
            "exact.crm.example\r\n",
            "*.crm.example",
        ):
            assert directory.find(header) is None or header.strip() == "exact.crm.example", header
        assert directory.by_number(tenant.number) == directory.find("exact.crm.example")
        assert directory.by_number(999_999) is None


async def test_sec_07_every_process_learns_of_a_suspension(installation: Installation) -> None:
    async with installation.database("sadra_host") as host:
        tenant = await installation.tenant(host)
        name = f"{tenant.slug}.crm.example"
        async with process(installation) as web, process(installation, "sadra_worker") as worker:
            await set_state(host, tenant.slug, "suspended", actor="o", reason="r")
            for directory in (web, worker):
                await becomes(lambda d=directory: (f := d.find(name)) is not None and f.state == "suspended")
            await set_state(host, tenant.slug, "archived", actor="o", reason="r")
            for directory in (web, worker):
                await becomes(lambda d=directory: d.find(name) is None)
                kept = directory.by_number(tenant.number)
                assert kept is not None
                assert kept.state == "archived"


async def test_sec_07_also_when_the_notice_is_lost_or_the_watch_dies(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directories, "REFRESH_S", 0.3)
    async with installation.database() as owner:
        tenant = await installation.tenant(owner)
    name = f"{tenant.slug}.crm.example"
    async with process(installation) as web:
        with psycopg.connect(installation.url, autocommit=True) as connection:
            connection.execute("UPDATE host.tenant SET name = 'Silently' WHERE number = %s", (tenant.number,))
            await becomes(lambda: (found := web.find(name)) is not None and found.name == "Silently")
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR usename = 'sadra_web'"
            )
            connection.execute("UPDATE host.tenant SET name = 'Again' WHERE number = %s", (tenant.number,))
            await becomes(lambda: (found := web.find(name)) is not None and found.name == "Again")


async def test_a_customisation_reaches_every_process(installation: Installation) -> None:
    async with installation.database() as owner:
        tenant = await installation.tenant(owner)
    async with installation.database("sadra_web") as web, process(installation, "sadra_worker") as worker:
        async with web.host() as session:
            await raise_version(session, tenant.number)
            await session.commit()
        await becomes(lambda: (found := worker.by_number(tenant.number)) is not None and found.overlay_version == 1)


async def test_sec_47_a_domain_serves_only_while_it_is_proven(installation: Installation) -> None:
    async with installation.database("sadra_host") as host, process(installation) as web:
        tenant, rival = await installation.tenant(host), await installation.tenant(host)
        mine = await domains.claim(host, tenant.number, "CRM.Company.example", actor="o")
        theirs = await domains.claim(host, rival.number, "crm.company.example", actor="o")
        assert mine.name == "crm.company.example"
        assert mine.proof != theirs.proof
        assert await domains.claim(host, tenant.number, mine.name, actor="o") == mine
        assert not await domains.settle(host, tenant.number, mine.name, [theirs.proof])
        assert web.find(mine.name) is None
        assert await domains.settle(host, tenant.number, mine.name, ["v=spf1", mine.proof])
        await becomes(lambda: (found := web.find(mine.name)) is not None and found.number == tenant.number)
        found = web.find(mine.name)
        assert found is not None
        assert (found.domain, found.domains) == (mine.name, (mine.name,))
        with pytest.raises(Refused):
            await domains.settle(host, rival.number, mine.name, [theirs.proof])
        assert not await domains.settle(host, tenant.number, mine.name, [])
        await becomes(lambda: web.find(mine.name) is None)
        assert await domains.settle(host, rival.number, mine.name, [theirs.proof])
        await domains.drop(host, tenant.number, mine.name, actor="o")
        assert await domains.domains_of(host, tenant.number) == []
        for missing in (
            domains.drop(host, tenant.number, mine.name, actor="o"),
            domains.settle(host, tenant.number, mine.name, []),
        ):
            with pytest.raises(NotFound):
                await missing


@pytest.mark.parametrize(
    "name", ["", "company", "127.0.0.1", "company.example:80", "a_b.example", "a..example", "x" * 300]
)
async def test_sec_47_what_is_no_domain_cannot_be_claimed(installation: Installation, name: str) -> None:
    async with installation.database("sadra_host") as host:
        with pytest.raises(BadValue):
            await domains.claim(host, 1, name, actor="o")
