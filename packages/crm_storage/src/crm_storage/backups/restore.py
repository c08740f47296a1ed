"""Ways back from a backup: into a new tenant, in place of what a suspended one holds, or for a rehearsal that leaves nothing.

Each is one transaction, so a process that dies in it leaves the tables as they were (REL-37).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from psycopg import sql
from psycopg.errors import ForeignKeyViolation, UniqueViolation

from crm_domain.ids import new_id
from crm_domain.problems import BadValue, NotFound, Refused
from crm_domain.tenancy import Tenant, checked_name, checked_slug, schema_name
from crm_storage.backups import settle
from crm_storage.backups.bring_back import bring_back, read_through, tidy
from crm_storage.backups.crate import Crate
from crm_storage.backups.load import WITHOUT_HASTE, load, told
from crm_storage.backups.manifest import Manifest
from crm_storage.backups.shape import sequences
from crm_storage.backups.take import Storeroom, take_backup
from crm_storage.chain.lapse import hand_on
from crm_storage.database import SHARED_SCHEMA, Session
from crm_storage.sealing import Seals
from crm_storage.tenants.acting import AS_HOST
from crm_storage.tenants.events import changed, record_event
from crm_storage.tenants.provision import schema_script
from crm_storage.tenants.revisions import TENANT, History
from crm_storage.tenants.rows import tenant_by_number

NUMBER = "SELECT nextval('host.tenant_number')"
REGISTER = """
INSERT INTO host.tenant (number, id, slug, name, state, plan, locale, currency, schema_version)
VALUES (%(number)s, %(id)s, %(slug)s, %(name)s, 'read_only', %(plan)s, %(locale)s::jsonb, %(currency)s, %(version)s)
"""
LOCK = "SELECT state FROM host.tenant WHERE number = %(number)s FOR UPDATE"
RESTORED = """
UPDATE host.tenant SET schema_version = %(version)s, overlay_version = overlay_version + 1 WHERE number = %(number)s
"""
LATER_ANCHORS = "DELETE FROM host.anchor WHERE tenant = %(number)s AND seal > %(seal)s"
LAST_SEAL = "SELECT coalesce(max(number), 0) FROM audit_seal"


async def new_number(room: Storeroom) -> int:
    """A tenant's number that nobody else gets, whether or not a tenant comes of it."""
    async with room.database.host() as session:
        row = await session.one(NUMBER)
        await session.commit()
    assert row is not None
    return row[0]


async def restore_copy(
    room: Storeroom,
    crate: Crate,
    manifest: Manifest,
    *,
    slug: str,
    name: str,
    number: int,
    actor: str,
    history: History = TENANT,
) -> Mapping[str, Any]:
    """Opens a new tenant, read-only and silent, with all that the backup holds; what was compared.

    Raises BadValue for a slug that is wrong or taken, Refused for a backup that is not whole, Away. Whoever calls drops the
    files under `number` when this fails.
    """
    slug, name = checked_slug(slug), checked_name(name or manifest.name)
    async with room.database.host() as session:
        await session.script(WITHOUT_HASTE)
        await _register(session, manifest, number, slug, name, history)
        await session.script(schema_script(number))
        await load(session, crate, manifest, history)
        await settle.settle_copy(session, Seals(room.keys), manifest.tenant, number)
        await session.script(AS_HOST)
        await record_event(
            session, number, actor, "copied_from_backup", "", {"of": manifest.slug, "backup": manifest.id}
        )
        await hand_on(session, manifest.tenant, manifest.taken_at, number)
        await bring_back(room, crate, manifest, number, ())
        await changed(session)
        await session.commit()
    return {**told(manifest), "slug": slug}


async def restore_in_place(
    room: Storeroom,
    crate: Crate,
    manifest: Manifest,
    tenant: Tenant,
    *,
    actor: str,
    reason: str,
    history: History = TENANT,
) -> Mapping[str, Any]:
    """Puts a suspended tenant back to the backup's moment, after a backup of how it is now; what was compared.

    Raises Refused for another tenant's backup, one that is not suspended, and a backup that is not whole; Away.
    """
    if manifest.tenant != tenant.number:
        raise Refused("backups.others")
    if tenant.state != "suspended":
        raise Refused("backups.not_suspended")
    before = await take_backup(room, tenant, "before_restore", actor=actor)
    facts = {**told(manifest), "taken_at": manifest.taken_at.isoformat(), "before": before.name}
    there = await room.files.keys(tenant.number)
    async with room.database.host() as session:
        await session.script(WITHOUT_HASTE)
        await _still_suspended(session, tenant.number)
        numbers = await _clear(session, tenant.number)
        await load(session, crate, manifest, history)
        await settle.settle_in_place(session, numbers)
        seal = await session.one(LAST_SEAL)
        assert seal is not None
        await bring_back(room, crate, manifest, tenant.number, there)
        await session.script(AS_HOST)
        given_up = await session.execute(LATER_ANCHORS, {"number": tenant.number, "seal": seal[0]})
        await session.execute(RESTORED, {"number": tenant.number, "version": history.head})
        await record_event(session, tenant.number, actor, "restored_backup", reason, {**facts, "anchors": given_up})
        await changed(session)
        await session.commit()
    await tidy(room, tenant.number)
    return facts


async def rehearse(
    room: Storeroom, crate: Crate, manifest: Manifest, *, history: History = TENANT
) -> Mapping[str, Any]:
    """Restores into a schema that is never kept and reads every file: what was compared (REL-36). Raises Refused, Away."""
    number = await new_number(room)
    async with room.database.host() as session:
        await session.script(WITHOUT_HASTE)
        await session.script(schema_script(number))
        await load(session, crate, manifest, history)
        await session.rollback()
    await read_through(crate, manifest)
    return told(manifest)


async def is_there(room: Storeroom, number: int) -> bool:
    """Whether a copy came about, although nobody was left to say so."""
    async with room.database.host() as session:
        return await tenant_by_number(session, number) is not None


async def forget_copy(room: Storeroom, number: int) -> None:
    """Drops the files of a copy that did not come about."""
    if not await is_there(room, number):
        await room.files.forget(number)


async def _register(session: Session, manifest: Manifest, number: int, slug: str, name: str, history: History) -> None:
    facts = {
        "number": number,
        "id": new_id(datetime.now(UTC)),
        "slug": slug,
        "name": name,
        "plan": manifest.plan,
        "locale": msgspec.json.encode(manifest.locale).decode(),
        "currency": manifest.currency,
        "version": history.head,
    }
    try:
        await session.execute(REGISTER, facts)
    except UniqueViolation:
        raise BadValue("tenants.slug_taken", slug=slug) from None
    except ForeignKeyViolation:
        raise BadValue("tenants.plan_unknown", plan=manifest.plan) from None


async def _still_suspended(session: Session, number: int) -> None:
    row = await session.one(LOCK, {"number": number})
    if row is None:
        raise NotFound
    if row[0] != "suspended":
        raise Refused("backups.not_suspended")


async def _clear(session: Session, number: int) -> dict[str, int]:
    """Lays aside what must stay, drops the schema and makes it anew, empty; the last number of every sequence."""
    schema = sql.Identifier(schema_name(number)).as_string(None)
    shared = sql.Identifier(SHARED_SCHEMA).as_string(None)
    acting = f"SET LOCAL search_path = {schema}, {shared}; SET LOCAL ROLE {schema}"
    await session.script(f"SET LOCAL lock_timeout = '30s'; {acting}")
    numbers = await sequences(session)
    await settle.lay_aside(session)
    await session.script(
        f"DROP SCHEMA {schema} CASCADE; RESET ROLE; CREATE SCHEMA {schema} AUTHORIZATION {schema}; {acting}"
    )
    return numbers
