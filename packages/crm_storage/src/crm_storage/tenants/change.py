"""Changing tenants: suspend, resume, delete with grace, restore, rename, plan. Every step is noted with its reason."""

from crm_domain.problems import NotFound
from crm_domain.tenancy import GRACE_DAYS, State, Tenant, check_transition
from crm_storage.database import Database
from crm_storage.tenants.directory import CHANNEL
from crm_storage.tenants.provision import record_event
from crm_storage.tenants.rows import tenant_by_slug

SET_STATE = """
UPDATE host.tenant SET state = %(state)s,
  delete_after = CASE WHEN %(state)s = 'deleted' THEN now() + make_interval(days => %(days)s) END
WHERE number = %(number)s
"""
SET_FACTS = (
    "UPDATE host.tenant SET name = %(name)s, plan = %(plan)s, domain = nullif(%(domain)s, '') WHERE number = %(number)s"
)
EXPIRED = "SELECT number FROM host.tenant WHERE state = 'deleted' AND delete_after < now()"


async def set_state(database: Database, slug: str, state: State, *, actor: str, reason: str) -> Tenant:
    """Moves a tenant to another state. Raises NotFound, Refused for a step that is not allowed."""
    async with database.host() as session:
        tenant = await tenant_by_slug(session, slug)
        if tenant is None:
            raise NotFound
        check_transition(tenant.state, state)
        await session.execute(SET_STATE, {"number": tenant.number, "state": state, "days": GRACE_DAYS})
        await record_event(session, tenant.number, actor, state, reason)
        changed = await tenant_by_slug(session, slug)
        await session.script(f"NOTIFY {CHANNEL}")
        await session.commit()
    assert changed is not None
    return changed


async def set_facts(database: Database, slug: str, *, name: str, plan: str, domain: str, actor: str) -> None:
    """Renames a tenant, moves it to another plan or domain. Raises NotFound."""
    async with database.host() as session:
        tenant = await tenant_by_slug(session, slug)
        if tenant is None:
            raise NotFound
        await session.execute(SET_FACTS, {"number": tenant.number, "name": name, "plan": plan, "domain": domain})
        await record_event(session, tenant.number, actor, "changed", f"{name} / {plan} / {domain}")
        await session.script(f"NOTIFY {CHANNEL}")
        await session.commit()


async def purge_expired(database: Database) -> int:
    """Drops the schemas and roles of tenants whose grace has run out; how many."""
    async with database.host() as session:
        numbers = [row[0] for row in await session.rows(EXPIRED)]
        for number in numbers:
            await session.script(f"DROP SCHEMA t_{number:d} CASCADE; DROP ROLE t_{number:d}")
            await session.execute("DELETE FROM host.tenant WHERE number = %(number)s", {"number": number})
            await record_event(session, number, "system", "purged", "")
        await session.script(f"NOTIFY {CHANNEL}")
        await session.commit()
    return len(numbers)
