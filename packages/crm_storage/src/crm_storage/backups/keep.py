"""Keeping backups no longer than a plan says, and the store free of parts that no listed backup holds."""

from datetime import datetime

from crm_domain.backups import kept
from crm_domain.tenancy import Tenant
from crm_storage.backups.rows import backups_of, drop_backups
from crm_storage.backups.take import Storeroom


async def keep_backups(room: Storeroom, tenant: Tenant, now: datetime) -> int:
    """Drops the backups that are past their time; how many. Raises Away."""
    async with room.database.host() as session:
        listed = await backups_of(session, tenant.number)
        stay = kept([(one.id, one.taken_at, one.kind == "nightly") for one in listed], tenant.quotas, now)
        gone = await drop_backups(session, tenant.number, [one.id for one in listed if one.id not in stay])
        await session.commit()
    await sweep_parts(room, tenant.number)
    return gone


async def sweep_parts(room: Storeroom, tenant: int) -> int:
    """Drops parts that no listed backup holds, such as a broken attempt's; how many. Nothing else may be at work on the tenant's
    backups. Raises Refused when a listed backup's manifest cannot be read: then nothing is dropped."""
    async with room.database.host() as session:
        listed = await backups_of(session, tenant)
    crate, shelf, held = room.crate(tenant), room.shelf(tenant), set[str]()
    for backup in listed:
        manifest = await crate.manifest(backup.name)
        held |= {manifest.id, *manifest.names()}
    gone = sorted(await shelf.names() - held)
    await shelf.drop(gone)
    return len(gone)
