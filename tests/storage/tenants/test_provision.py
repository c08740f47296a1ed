"""Opening companies: whole or not at all, by the host admin's own login, and each with what it starts from."""

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from crm_domain.access.shipped import SHIPPED_ROLES
from crm_domain.modules import REGISTRY
from crm_domain.problems import BadValue
from crm_domain.tenancy import NewTenant
from crm_storage.database import Database
from crm_storage.people.seed import Administrator
from crm_storage.tenants import provision as provisioning
from crm_storage.tenants.events import read_events
from crm_storage.tenants.provision import provision
from crm_storage.tenants.revisions import TENANT
from tests.installation import Installation

BOSS = Administrator(email="boss@company.example", company="Company", invite_at="https://company.example/invite/")
TRACES = """
SELECT (SELECT count(*) FROM pg_namespace), (SELECT count(*) FROM pg_roles), (SELECT count(*) FROM host.tenant),
  (SELECT count(*) FROM host.tenant_event)
"""


async def traces(database: Database) -> tuple[int, ...]:
    """What a company leaves outside its own schema."""
    async with database.host() as session:
        row = await session.one(TRACES)
    assert row is not None
    return row


@pytest.mark.parametrize("login", ["", "sadra_host"])
async def test_sec_03_owner_and_host_admin_open_companies_that_web_and_worker_serve(
    installation: Installation, login: str
) -> None:
    async with installation.database(login) as database:
        tenant = await installation.tenant(database)
        async with database.host() as session:
            events = await read_events(session, tenant.number)
    assert [event.action for event in events] == ["provisioned"]
    assert (tenant.schema_version, tenant.state, tenant.language) == (TENANT.head, "active", "en")
    for app in ("sadra_web", "sadra_worker", "sadra_host"):
        async with installation.database(app) as database, database.tenant(tenant.number) as session:
            assert await session.one("SELECT current_user, user_name FROM users") == (tenant.schema, "admin")


async def test_a_company_starts_with_roles_money_a_team_and_an_invitation(installation: Installation) -> None:
    async with installation.database() as database:
        request = NewTenant(slug="foulad", name=" فولاد آتیهٔ البرز ", language="fa")
        tenant = await provision(database, REGISTRY, request, BOSS, actor="tests")
        async with database.tenant(tenant.number) as session:
            roles = await session.rows("SELECT shipped FROM role")
            base = await session.rows("SELECT iso4217 FROM currencies WHERE is_base")
            [(hash_,)] = await session.rows("SELECT password_hash FROM user_credential")
            [(subject, payload)] = await session.rows("SELECT subject, payload FROM outbox")
    assert {key for (key,) in roles} == {role.key for role in SHIPPED_ROLES}
    assert base == [("IRR",)]
    assert (tenant.name, tenant.currency, tenant.locale.calendar) == ("فولاد آتیهٔ البرز", "IRR", "jalali")
    assert hash_ is None
    assert (subject, payload["template"], payload["to"]) == ("mail.send", "invite", BOSS.email)
    assert payload["facts"]["link"].startswith(BOSS.invite_at)


@pytest.mark.parametrize("step", ["tenant_ddl", "stamp", "seed_people", "record_event", "changed"])
async def test_rel_33_a_fault_at_any_step_leaves_nothing(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Fault(Exception):
        pass

    def fail(*_args: object, **_options: object) -> None:
        raise Fault

    async with installation.database() as database:
        before = await traces(database)
        monkeypatch.setattr(provisioning, step, fail)
        with pytest.raises(Fault):
            await installation.tenant(database, "half-done")
        assert await traces(database) == before
        monkeypatch.undo()
        assert (await installation.tenant(database, f"whole-{step.replace('_', '-')}")).state == "active"


@pytest.mark.parametrize(
    ("slug", "plan", "problem"),
    [
        ("taken", "standard", "tenants.slug_taken"),
        ("TAKEN ", "standard", "tenants.slug_taken"),
        ("admin", "standard", "tenants.slug_wrong"),
        ("ab", "standard", "tenants.slug_wrong"),
        ("-abc", "standard", "tenants.slug_wrong"),
        ("a--b", "standard", "tenants.slug_wrong"),
        ("a.b.c", "standard", "tenants.slug_wrong"),
        ("شرکت", "standard", "tenants.slug_wrong"),
        ("a" * 41, "standard", "tenants.slug_wrong"),
        ("fresh", "golden", "tenants.plan_unknown"),
    ],
)
async def test_rel_33_a_refused_request_leaves_nothing(
    installation: Installation, slug: str, plan: str, problem: str
) -> None:
    async with installation.database() as database:
        async with database.host() as session:
            known = await session.rows("SELECT FROM host.tenant WHERE slug = 'taken'")
        if not known:
            await installation.tenant(database, "taken")
        before = await traces(database)
        with pytest.raises(BadValue) as refused:
            await provision(database, REGISTRY, NewTenant(slug=slug, name="N", plan=plan), BOSS, actor="t")
        assert refused.value.problem.id == problem
        assert await traces(database) == before


@pytest.mark.parametrize("login", ["sadra_web", "sadra_worker", "sadra_tracker"])
@pytest.mark.parametrize(
    "statement",
    ["CREATE SCHEMA mine", "CREATE ROLE mine", "CREATE TABLE public.mine ()", "UPDATE host.tenant SET name = ''"],
)
async def test_sec_03_apps_make_no_schemas_roles_or_companies(
    installation: Installation, login: str, statement: str
) -> None:
    with psycopg.connect(installation.login(login)) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement.encode())


async def test_sec_52_the_host_admin_cannot_change_what_was_noted(installation: Installation) -> None:
    for statement in ("DELETE FROM host.tenant_event", "UPDATE host.operator_audit SET action = ''"):
        with psycopg.connect(installation.login("sadra_host")) as connection, pytest.raises(InsufficientPrivilege):
            connection.execute(statement.encode())
