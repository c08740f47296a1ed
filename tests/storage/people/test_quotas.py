"""A plan's limits hold where people and records come to be, and for nobody else's company."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crm_domain.access.rights import Access
from crm_domain.definition import EmailEntry
from crm_domain.modules import REGISTRY
from crm_domain.modules.accounts import Account
from crm_domain.modules.users import User
from crm_domain.problems import Refused
from crm_domain.records.work import Work
from crm_domain.tenancy import Quotas
from crm_domain.text.locale import ENGLISH
from crm_storage.records import volume
from crm_storage.records.context import Context, Schema
from crm_storage.store import TenantStore

SCHEMA = Schema(REGISTRY)


THIRD = (
    User.user_name.to("third"),
    User.last_name.to("Third"),
    User.status.to("active"),
    User.emails.to((EmailEntry("third@x.example", primary=True),)),
)


class Now:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def work_of(session: Any, admin: Any, quotas: Quotas) -> Work:
    store = TenantStore(Context(session, SCHEMA, Access(user=admin, admin=True), "web", "r"), Now())
    return Work(store, REGISTRY, Now(), ENGLISH, "USD", quotas)


async def administrator(office: Any) -> Any:
    return (await office.rows("SELECT id FROM users WHERE user_name = 'admin'"))[0][0]


async def test_nobody_becomes_active_beyond_the_plans_users(office: Any) -> None:
    nima = await office.user("nima")
    admin = await administrator(office)
    async with office.database.tenant(office.number) as session:
        work = work_of(session, admin, Quotas(users=2))
        await work.update(User, nima, User.title.to("Seller"))
        with pytest.raises(Refused, match="quota_users"):
            await work.create(User, *THIRD)
        await work.update(User, nima, User.status.to("inactive"))
        await work.create(User, *THIRD)
        with pytest.raises(Refused, match="quota_users"):
            await work.update(User, nima, User.status.to("active"))


async def test_a_full_company_takes_no_more_records_until_some_go(office: Any) -> None:
    admin = await administrator(office)
    async with office.database.tenant(office.number) as session:
        held = await session.one("SELECT sum(c) FROM (SELECT count(*) c FROM users UNION ALL SELECT count(*) FROM teams"
            " UNION ALL SELECT count(*) FROM currencies UNION ALL SELECT count(*) FROM tax_rates) AS counted")  # fmt: skip
        work = work_of(session, admin, Quotas(records=int(held[0]) + 2))
        first = await work.create(Account, Account.name.to("One"))
        await work.create(Account, Account.name.to("Two"))
        with pytest.raises(Refused, match="quota_records"):
            await work.create(Account, Account.name.to("Three"))
        await work.remove(Account, [first])
        await work.create(Account, Account.name.to("Three"))


async def test_far_from_the_limit_an_estimate_is_enough(office: Any) -> None:
    admin = await administrator(office)
    async with office.database.tenant(office.number) as session:
        context = Context(session, SCHEMA, Access(user=admin, admin=True), "web", "r")
        await session.execute("ANALYZE accounts")
        before = session.statements
        assert await volume.holds(context, 1_000_000) is False
        assert session.statements == before + 1
