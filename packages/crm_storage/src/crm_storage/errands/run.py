"""Doing errands: each kind's work, what is tidied up when it fails or its holder dies, and the loop of a process that looks for them."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_never
from uuid import UUID

import structlog
from psycopg import OperationalError

from crm_domain.problems import BadValue, NotFound, Problem
from crm_domain.tenancy import Tenant
from crm_storage.backups.bring_back import tidy
from crm_storage.backups.crate import Crate, crate_in
from crm_storage.backups.keep import keep_backups, sweep_parts
from crm_storage.backups.load import told
from crm_storage.backups.restore import forget_copy, is_there, new_number, rehearse, restore_copy, restore_in_place
from crm_storage.backups.rows import backup_of
from crm_storage.backups.take import Storeroom, take_backup
from crm_storage.errands.rows import Errand, again, begin_anew, claim, finish, held, lapsed, note_fact
from crm_storage.files.store import Away
from crm_storage.tenants.rows import tenant_by_number

LOOK_S = 2.0
INTERRUPTED: Mapping[str, Any] = {"problem": "backups.interrupted", "facts": {}}
LOST = "backups.failed"


async def run_errands(room: Storeroom) -> None:
    """Until cancelled: does what waits, tidies up what others left half."""
    while True:
        try:
            while await look(room):
                pass
        except OperationalError as error:
            structlog.get_logger().warning("errands.wait", error=type(error).__name__)
        await asyncio.sleep(LOOK_S)


async def look(room: Storeroom) -> bool:
    """One piece of work, or of tidying up; whether there was any."""
    if left := await lapsed(room.database):
        async with held(room.database, left):
            await tidy_up(room, left)
        if not await begin_anew(room.database, left):
            await finish(room.database, left, "failed", INTERRUPTED)
        return True
    errand = await claim(room.database)
    if errand:
        outcome = await do(room, errand)
        told = outcome if isinstance(outcome, Mapping) else {"error": type(outcome).__name__, "why": str(outcome)[:200]}
        structlog.get_logger().info("errand.ended", errand=errand.kind, tenant=errand.tenant, **told)
    return errand is not None


async def do(room: Storeroom, errand: Errand) -> Mapping[str, Any] | Exception:
    """Does a claimed errand and notes how it ended; the outcome, or what went wrong. Cancelled, it stays to be tidied up."""
    async with held(room.database, errand):
        try:
            outcome = await _work(room, errand)
        except Exception as error:
            await tidy_up(room, await again(room.database, errand))
            await finish(room.database, errand, "failed", _said(error))
            return error
    await finish(room.database, errand, "done", outcome)
    return outcome


async def tidy_up(room: Storeroom, errand: Errand) -> None:
    """Takes away what work that did not end well put into the stores; the tables were never changed. Away changes nothing:
    the next work on that tenant's backups does it again."""
    facts = errand.facts
    try:
        match errand.kind:
            case "backup":
                await sweep_parts(room, errand.tenant)
            case "restore_copy":
                if "number" in facts:
                    await forget_copy(room, facts["number"])
            case "restore_in_place":
                await tidy(room, errand.tenant)
            case "rehearse":
                pass
            case _:
                assert_never(errand.kind)
    except (Away, Problem) as error:
        structlog.get_logger().warning("errand.untidy", tenant=errand.tenant, error=type(error).__name__)


async def _work(room: Storeroom, errand: Errand) -> Mapping[str, Any]:
    match errand.kind:
        case "backup":
            return await _back_up(room, errand)
        case "restore_copy":
            return await _copy(room, errand)
        case "restore_in_place":
            return await _in_place(room, errand)
        case "rehearse":
            crate, id_ = await _source(room, errand)
            return await rehearse(room, crate, await crate.manifest(id_))
        case _:
            assert_never(errand.kind)


async def _back_up(room: Storeroom, errand: Errand) -> Mapping[str, Any]:
    tenant = await _tenant(room, errand.tenant)
    backup = await take_backup(room, tenant, errand.facts.get("kind", "asked"), actor=errand.actor)
    await keep_backups(room, tenant, datetime.now(UTC))
    await sweep_parts(room, tenant.number)
    return {"backup": backup.name, "rows": backup.rows, "files": backup.files, "missing": backup.missing}


async def _copy(room: Storeroom, errand: Errand) -> Mapping[str, Any]:
    crate, id_ = await _source(room, errand)
    manifest = await crate.manifest(id_)
    if "number" in errand.facts and await is_there(room, errand.facts["number"]):
        return {**told(manifest), "slug": errand.facts["slug"]}
    number = await new_number(room)
    await note_fact(room.database, errand, {"number": number})
    named = {"slug": errand.facts["slug"], "name": errand.facts.get("name", "")}
    return await restore_copy(room, crate, manifest, **named, number=number, actor=errand.actor)


async def _in_place(room: Storeroom, errand: Errand) -> Mapping[str, Any]:
    crate, id_ = await _source(room, errand)
    tenant = await _tenant(room, errand.tenant)
    reason = errand.facts.get("reason", "")
    return await restore_in_place(room, crate, await crate.manifest(id_), tenant, actor=errand.actor, reason=reason)


async def _source(room: Storeroom, errand: Errand) -> tuple[Crate, str]:
    """The backup that is meant: one of that tenant's listed ones, or the one in a file on this machine."""
    if "file" in errand.facts:
        return crate_in(Path(errand.facts["file"]), room.keys)
    async with room.database.host() as session:
        backup = await backup_of(session, errand.tenant, UUID(errand.facts["backup"]))
    if backup is None:
        raise NotFound
    return room.crate(errand.tenant), backup.name


async def _tenant(room: Storeroom, number: int) -> Tenant:
    async with room.database.host() as session:
        tenant = await tenant_by_number(session, number)
    if tenant is None:
        raise NotFound
    return tenant


def _said(error: Exception) -> Mapping[str, Any]:
    match error:
        case Problem():
            return {"problem": error.id, "facts": dict(error.facts)}
        case BadValue():
            return {"problem": error.problem.id, "facts": dict(error.problem.facts)}
        case Away():
            return {"problem": "backups.away", "facts": {}}
        case _:
            return {"problem": LOST, "facts": {"kind": type(error).__name__}}
