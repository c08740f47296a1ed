"""A company's life after it was opened: states, plan, days of grace, purge, usage."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_domain.modules import REGISTRY
from crm_domain.problems import BadValue, NotFound, Refused
from crm_domain.tenancy import GRACE_DAYS, TRANSITIONS, Quotas, State, Tenant, Usage, near
from crm_storage.database import Database
from crm_storage.files.door import FileDoor
from crm_storage.operators.sign_in import forget_sessions
from crm_storage.tenants.change import purge_expired, set_facts, set_plan, set_state
from crm_storage.tenants.events import read_events
from crm_storage.tenants.usage import forget_usage, keep_usage, latest_usage, measure
from tests.installation import Installation

STATES: tuple[State, ...] = tuple(TRANSITIONS)


async def move(database: Database, tenant: Tenant, *states: State) -> Tenant:
    for state in states:
        tenant = await set_state(database, tenant.slug, state, actor="olga", reason="a reason")
    return tenant


async def age(database: Database, tenant: Tenant, days: int) -> None:
    """Moves the end of the grace into the past."""
    async with database.host() as session:
        facts = {"number": tenant.number, "days": days}
        await session.execute(
            "UPDATE host.tenant SET delete_after = delete_after - make_interval(days => %(days)s)"
            " WHERE number = %(number)s",
            facts,
        )
        await session.commit()


async def test_every_step_is_noted_with_its_reason(installation: Installation) -> None:
    async with installation.database("sadra_host") as database:
        tenant = await move(database, await installation.tenant(database), "read_only", "suspended", "active")
        async with database.host() as session:
            events = await read_events(session, tenant.number)
    said = [(event.action, event.actor, event.reason, event.facts.get("from")) for event in events]
    assert said == [
        ("active", "olga", "a reason", "suspended"),
        ("suspended", "olga", "a reason", "read_only"),
        ("read_only", "olga", "a reason", "active"),
        ("provisioned", "tests", "", None),
    ]


async def test_steps_that_make_no_sense_are_refused_and_change_nothing(installation: Installation) -> None:
    async with installation.database() as database:
        for state in STATES:
            tenant = await installation.tenant(database)
            if state != "active":
                tenant = await move(database, tenant, state)
            for other in set(STATES) - set(TRANSITIONS[state]):
                with pytest.raises(Refused):
                    await move(database, tenant, other)
            async with database.host() as session:
                assert len(await read_events(session, tenant.number)) == (1 if state == "active" else 2)
        with pytest.raises(NotFound):
            await set_state(database, "nobody", "suspended", actor="olga", reason="")


async def test_rel_33_a_deleted_company_comes_back_whole_within_its_grace(
    installation: Installation, tmp_path: Path
) -> None:
    async with installation.database("sadra_host") as database:
        tenant = await move(database, await installation.tenant(database), "deleted")
        assert tenant.delete_after is not None
        left = tenant.delete_after - datetime.now(UTC)
        assert timedelta(days=GRACE_DAYS - 1) < left <= timedelta(days=GRACE_DAYS)
        await age(database, tenant, GRACE_DAYS - 1)
        assert tenant.slug not in await purge_expired(database, FileDoor(tmp_path.as_uri(), 1))
        restored = await move(database, tenant, "suspended", "active")
        assert restored.delete_after is None
        async with database.tenant(tenant.number) as session:
            assert await session.one("SELECT user_name FROM users") == ("admin",)


@pytest.mark.parametrize("opened_by", ["", "sadra_host"])
async def test_rel_33_after_the_grace_nothing_is_left_but_the_events(
    installation: Installation, opened_by: str, tmp_path: Path
) -> None:
    async with installation.database(opened_by) as database:
        tenant = await installation.tenant(database)
        other = await installation.tenant(database)
    async with installation.database("sadra_host") as database:
        await move(database, tenant, "deleted")
        await age(database, tenant, GRACE_DAYS + 1)
        assert await purge_expired(database, FileDoor(tmp_path.as_uri(), 1)) == [tenant.slug]
        async with database.host() as session:
            events = await read_events(session, tenant.number)
            left = await session.rows(
                "SELECT rolname FROM pg_roles WHERE rolname = %(name)s"
                " UNION ALL SELECT nspname FROM pg_namespace WHERE nspname = %(name)s",
                {"name": tenant.schema},
            )
        assert left == []
        assert [event.action for event in events] == ["purged", "deleted", "provisioned"]
        assert events[0].facts == {"slug": tenant.slug}
        again = await installation.tenant(database, tenant.slug)
        assert again.number > tenant.number
        async with database.tenant(other.number) as session:
            assert await session.one("SELECT count(*) FROM users") == (1,)


async def test_name_and_plan_change(installation: Installation) -> None:
    async with installation.database("sadra_host") as database:
        tenant = await installation.tenant(database)
        await set_plan(database, "trial", Quotas(users=1, records=1000))
        changed = await set_facts(database, tenant.slug, name=" New name ", plan="trial", actor="olga")
        assert (changed.name, changed.plan, changed.quotas.users) == ("New name", "trial", 1)
        for name, plan in (("", "trial"), ("N" * 121, "trial"), ("N", "golden")):
            with pytest.raises(BadValue):
                await set_facts(database, tenant.slug, name=name, plan=plan, actor="olga")


async def test_usage_is_measured_in_the_companys_own_tables(installation: Installation) -> None:
    async with installation.database("sadra_host") as database:
        tenant, other = await installation.tenant(database), await installation.tenant(database)
        async with database.tenant(tenant.number) as session:
            await session.execute("INSERT INTO accounts (id, name) SELECT uuidv7(), 'A' FROM generate_series(1, 5)")
            await session.execute(
                "UPDATE accounts SET deleted_at = now() WHERE id = (SELECT min(id::text)::uuid FROM accounts)"
            )
            await session.execute("INSERT INTO outbox (subject, payload) VALUES ('mail.send', '{}'), ('other', '{}')")
            await session.commit()
        used, before = await measure(database, REGISTRY, tenant.number), await measure(database, REGISTRY, other.number)
        assert (used.users, used.records - before.records, used.mails) == (1, 4, 1)
        assert used.storage > 0
        now = datetime.now(UTC)
        assert await latest_usage(database, tenant.number) is None
        await keep_usage(database, tenant.number, before, now - timedelta(days=1))
        await keep_usage(database, tenant.number, before, now)
        await keep_usage(database, tenant.number, used, now)
        assert await latest_usage(database, tenant.number) == used


def test_quotas_of_nought_are_none() -> None:
    usage = Usage(users=3, records=10, storage=2 * 1024 * 1024, mails=7)
    assert near(Quotas(), usage) == {}
    assert near(Quotas(users=4, records=11, storage_mb=3, mails_a_day=8), usage) == {"records": 80, "mails": 80}
    full = Quotas(users=3, records=10, storage_mb=2, mails_a_day=7)
    assert near(full, usage) == {"users": 100, "records": 100, "storage": 100, "mails": 100}


async def test_the_host_forgets_old_measures_and_sessions_but_not_when_an_operator_was_seen(
    installation: Installation,
) -> None:
    async with installation.database("sadra_host") as database:
        tenant = (await installation.tenant(database)).number
        for age in (390, 410):
            await keep_usage(
                database, tenant, Usage(users=1, records=1, storage=1, mails=1), datetime.now(UTC) - timedelta(days=age)
            )
        async with database.host() as session:
            await session.script(
                "INSERT INTO host.operator (email, name, password_hash) VALUES ('prune@host.test', 'P', ''); "
                "INSERT INTO host.operator_session (token_hash, operator_id, last_seen_at) "
                "SELECT int4send(d), o.id, now() - make_interval(days => d) "
                "FROM host.operator o, unnest('{2,3,4}'::int[]) d WHERE o.email = 'prune@host.test'"
            )
            assert (await forget_usage(session), await forget_sessions(session)) == (1, 2)
            assert (await forget_usage(session), await forget_sessions(session)) == (0, 0)
