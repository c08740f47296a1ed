"""`./sadra tenant verify`: whether audit logs are as they were sealed."""

import asyncio
from pathlib import Path

from psycopg.errors import UndefinedTable

from crm_storage.chain.verify import MOST, Fault, Verdict
from crm_storage.chain.verify import verify as verify_tenant
from crm_storage.tenants.rows import all_tenants
from sadra_cli.children import Failed
from sadra_cli.installation import opened
from sadra_cli.places import DATA

WORDS = {
    "changed": "position {position}: event {event} was changed",
    "dropped": "position {position}: an event was dropped, after {event}",
    "added": "position {position}: event {event} was added",
    "seal_changed": "the seal itself was changed",
    "seals_dropped": "this seal was dropped, perhaps others after it",
    "not_anchored": "the seal is not the one that was anchored",
}


def verify(slug: str = "", *, data: Path = DATA) -> int:
    """Hold the audit log of a tenant, or of all, against its seals and anchors; exit 1 when anything is not as it was.

    Example: ./sadra tenant verify acme

    Parameters
    ----------
    slug
        First part of the tenant's host name; all tenants without it.
    data
        Folder that `up` runs from.
    """
    return 0 if asyncio.run(_verify(data, slug)) else 1


async def _verify(data: Path, slug: str) -> bool:
    async with opened(data) as (database, _):
        async with database.host() as session:
            chosen = [tenant for tenant in await all_tenants(session) if slug in ("", tenant.slug)]
        if slug and not chosen:
            raise Failed(f"There is no tenant {slug}.")
        whole = True
        for tenant in chosen:
            try:
                verdict = await verify_tenant(database, tenant.number)
            except UndefinedTable:
                print(f"{tenant.slug}: the audit log or its seals are missing")
                whole = False
                continue
            whole &= not verdict.faults
            for line in told(verdict):
                print(f"{tenant.slug}: {line}")
    return whole


def told(verdict: Verdict) -> list[str]:
    """What was found, a line a fault and one for the whole."""
    lines = [f"seal {fault.seal}, {_words(fault)}" for fault in verdict.faults]
    if len(lines) == MOST:
        lines.append("perhaps there is more; this is as far as it was read")
    read = f"{verdict.events} events in {verdict.seals} seals, {verdict.anchors} anchors, {verdict.unsealed} not yet sealed"
    if verdict.lapsed:
        read += f", {verdict.lapsed} kept for their time and gone"
    return [*lines, f"{read}: {'NOT as it was sealed' if lines else 'whole'}"]


def _words(fault: Fault) -> str:
    return WORDS[fault.kind].format(position=fault.position, event=fault.event or "the seal before")
