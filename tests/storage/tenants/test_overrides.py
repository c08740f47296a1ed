"""Limits of one company's own, and word of those that are nearly used up."""

from datetime import UTC, datetime, timedelta

import pytest

from crm_domain.problems import BadValue, NotFound
from crm_domain.tenancy import Quotas, Tenant, Usage, near
from crm_storage.database import Database
from crm_storage.people.preferences import setting
from crm_storage.tenants.change import set_facts, set_plan
from crm_storage.tenants.overrides import Override, drop_override, forget_overrides, set_override
from crm_storage.tenants.rows import tenant_by_number
from crm_storage.tenants.usage import NEAR, warn
from tests.installation import Installation

NOW = datetime.now(UTC)


def override(amount: int, days: int | None = 1, name: str = "records", reason: str = "a big import") -> Override:
    return Override(name, amount, NOW + timedelta(days=days) if days is not None else None, reason, "olga")


async def quotas(database: Database, tenant: Tenant) -> Quotas:
    async with database.host() as session:
        found = await tenant_by_number(session, tenant.number)
    assert found
    return found.quotas


async def test_an_own_limit_counts_instead_of_the_plans_until_its_end(installation: Installation) -> None:
    async with installation.database("sadra_host") as database:
        tenant, other = await installation.tenant(database), await installation.tenant(database)
        await set_plan(database, "narrow", Quotas(users=3, records=100))
        for one in (tenant, other):
            await set_facts(database, one.slug, name="N", plan="narrow", actor="olga")
        await set_override(database, tenant.number, override(500), NOW)
        assert (await quotas(database, tenant)).records == 500 and (await quotas(database, tenant)).users == 3
        assert (await quotas(database, other)).records == 100
        async with database.host() as session:
            await session.execute("UPDATE host.quota_override SET expires_at = now() - interval '2 days'")
            await session.commit()
        assert (await quotas(database, tenant)).records == 100
        async with database.host() as session:
            assert await forget_overrides(session) == 1
        await set_override(database, tenant.number, override(0, None), NOW)
        assert (await quotas(database, tenant)).records == 0
        await drop_override(database, tenant.number, "records", actor="olga")
        assert (await quotas(database, tenant)).records == 100
        with pytest.raises(NotFound):
            await drop_override(database, tenant.number, "records", actor="olga")
        for wrong in (override(1, name="backup_days"), override(1, reason=" "), override(1, -1)):
            with pytest.raises(BadValue):
                await set_override(database, tenant.number, wrong, NOW)


def usage(records: int) -> Usage:
    return Usage(users=1, records=records, storage=0, mails=0)


@pytest.mark.parametrize(
    ("records", "mark"), [(79, None), (80, 80), (94, 80), (95, 95), (99, 95), (100, 100), (120, 100)]
)
def test_marks_are_reached_at_80_95_and_100_per_cent(records: int, mark: int | None) -> None:
    assert near(Quotas(records=100), usage(records)) == ({"records": mark} if mark else {})


async def test_administrators_are_told_once_at_each_mark(installation: Installation) -> None:
    async with installation.database("sadra_host") as database:
        tenant = await installation.tenant(database)
        await set_plan(database, "narrow", Quotas(records=100))
        tenant = await set_facts(database, tenant.slug, name="N", plan="narrow", actor="olga")
        told: list[int] = []
        for records in (50, 81, 82, 96, 70, 81):
            async with database.tenant(tenant.number) as session:
                await warn(session, tenant, usage(records))
                [(number,)] = await session.rows(
                    "SELECT count(*) FROM outbox WHERE payload ->> 'template' = 'quota_near'"
                )
                told.append(number)
                kept = await setting(session, NEAR)
                await session.commit()
        assert told == [0, 1, 1, 2, 2, 3] and kept == {"records": 80}
