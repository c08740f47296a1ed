"""Host names of a tenant's own: claimed, proven by a DNS record, checked again, given up (SEC-47)."""

import secrets
from collections.abc import Iterable
from datetime import datetime

import msgspec
from psycopg.errors import UniqueViolation

from crm_domain.problems import NotFound, Refused
from crm_domain.tenancy import checked_domain
from crm_storage.database import Database
from crm_storage.tenants.events import changed, record_event

PROOF_RECORD = "_sadra."
"""What stands before the domain where its TXT record with the proof is looked for."""
CLAIM = """
INSERT INTO host.domain (name, tenant, proof) VALUES (%(name)s, %(tenant)s, %(proof)s)
ON CONFLICT (name, tenant) DO UPDATE SET name = excluded.name RETURNING name, proof, verified_at, checked_at
"""
OF_TENANT = """
SELECT name, proof, verified_at, checked_at FROM host.domain WHERE tenant = %(tenant)s ORDER BY created_at, name
"""
ALL = "SELECT tenant, name FROM host.domain ORDER BY tenant, name"
CHECKED = """
UPDATE host.domain SET checked_at = now(),
  verified_at = CASE WHEN proof = ANY (%(found)s) THEN coalesce(verified_at, now()) END
WHERE name = %(name)s AND tenant = %(tenant)s RETURNING verified_at IS NOT NULL
"""
DROP = "DELETE FROM host.domain WHERE name = %(name)s AND tenant = %(tenant)s"


class Domain(msgspec.Struct, frozen=True):
    """A claimed host name. It serves the tenant from the time it was verified."""

    name: str
    proof: str
    verified_at: datetime | None
    checked_at: datetime | None


async def claim(database: Database, tenant: int, name: str, *, actor: str) -> Domain:
    """Notes that a tenant wants that host name; its proof goes into a TXT record. Raises BadValue."""
    facts = {"name": checked_domain(name), "tenant": tenant, "proof": f"sadra={secrets.token_urlsafe(24)}"}
    async with database.host() as session:
        row = await session.one(CLAIM, facts)
        assert row is not None
        await record_event(session, tenant, actor, "domain_claimed", "", {"domain": facts["name"]})
        await session.commit()
    return Domain(*row)


async def domains_of(database: Database, tenant: int) -> list[Domain]:
    """The host names a tenant has claimed."""
    async with database.host() as session:
        return [Domain(*row) for row in await session.rows(OF_TENANT, {"tenant": tenant})]


async def all_domains(database: Database) -> list[tuple[int, str]]:
    """Every claim: the tenant's number and the host name."""
    async with database.host() as session:
        return [(row[0], row[1]) for row in await session.rows(ALL)]


async def settle(database: Database, tenant: int, name: str, found: Iterable[str]) -> bool:
    """Judges a claim by the TXT records found just now: without its proof a domain stops serving. Whether it serves.

    Raises NotFound for a name the tenant did not claim, Refused for one that another tenant has proven.
    """
    async with database.host() as session:
        try:
            row = await session.one(CHECKED, {"name": name, "tenant": tenant, "found": list(found)})
        except UniqueViolation:
            raise Refused("tenants.domain_taken", domain=name) from None
        if row is None:
            raise NotFound
        await changed(session)
        await session.commit()
    return row[0]


async def drop(database: Database, tenant: int, name: str, *, actor: str) -> None:
    """Gives a host name up. Raises NotFound."""
    async with database.host() as session:
        if not await session.execute(DROP, {"name": name, "tenant": tenant}):
            raise NotFound
        await record_event(session, tenant, actor, "domain_dropped", "", {"domain": name})
        await changed(session)
        await session.commit()
