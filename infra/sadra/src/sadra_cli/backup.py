"""`./sadra tenant backup`, `backups` and `restore-backup`: a tenant's backups without the console."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from cyclopts import Parameter

from crm_storage.backups.crate import crate_in, packed
from crm_storage.backups.rows import Backup, backup_of, backups_of
from crm_storage.backups.take import Storeroom, storeroom_of
from crm_storage.database import Database
from crm_storage.errands.rows import Kind, ask
from crm_storage.errands.run import do
from crm_storage.files.store import Away
from sadra_cli.children import Failed
from sadra_cli.installation import opened, operator_here, showing, tenant_number
from sadra_cli.places import DATA

Json = Annotated[bool, Parameter(name="--json", negative=())]
Flag = Annotated[bool, Parameter(negative=())]


def backup(slug: str, *, to: Path | None = None, data: Path = DATA) -> int:
    """Back a tenant up now, into the store; with `--to` also into a file of its own, sealed with the installation's secret.

    Example: ./sadra tenant backup acme --to acme.sadra-backup

    Parameters
    ----------
    slug
        First part of the tenant's host name.
    to
        File to write the backup to.
    data
        Folder that `up` runs from.
    """
    print(asyncio.run(_backup(data, slug, to)))
    return 0


def backups(slug: str, *, data: Path = DATA, as_json: Json = False) -> int:
    """List a tenant's backups, the newest first.

    Example: ./sadra tenant backups acme --json

    Parameters
    ----------
    slug
        First part of the tenant's host name.
    data
        Folder that `up` runs from.
    as_json
        Print them as JSON.
    """
    showing([_shown(one) for one in asyncio.run(_backups(data, slug))], as_json=as_json)
    return 0


def restore_backup(
    slug: str,
    backup: str = "",
    *,
    file: Path | None = None,
    into: str = "",
    name: str = "",
    in_place: Flag = False,
    rehearse: Flag = False,
    reason: str = "",
    data: Path = DATA,
) -> int:
    """Restore a backup into a new tenant, or in place of what a suspended one holds, or only see whether it is whole.

    Example: ./sadra tenant restore-backup acme --into acme-copy

    Parameters
    ----------
    slug
        First part of the host name of the tenant that was backed up.
    backup
        Id of the backup; the newest without it.
    file
        File with a downloaded backup, instead of one in the store.
    into
        First part of the host name of a new tenant, which is opened read-only.
    name
        Name of the new tenant; that of the old one without it.
    in_place
        Put the suspended tenant itself back to the backup's moment, after a backup of how it is now.
    rehearse
        Restore into nothing that stays, and compare.
    reason
        Why, for the tenant's history.
    data
        Folder that `up` runs from.
    """
    if sum((bool(into), in_place, rehearse)) != 1:
        raise Failed("Say one of --into NEW, --in-place and --rehearse.")
    kind: Kind = "restore_copy" if into else "restore_in_place" if in_place else "rehearse"
    facts = {"slug": into, "name": name} if into else {"reason": reason or "command line"} if in_place else {}
    outcome = asyncio.run(_restore(data, slug, backup, file.absolute() if file else None, kind, facts))
    print(
        "  ".join(f"{key}={outcome[key]}" for key in ("tables", "rows", "files", "missing", "slug") if key in outcome)
    )
    return 0


async def _backup(data: Path, slug: str, to: Path | None) -> str:
    async with opened(data) as (database, settings):
        room = storeroom_of(settings, database)
        outcome = await _done(room, await _number(database, slug), "backup", {})
        if to:
            await _write(room, await _number(database, slug), str(outcome["backup"]), to)
        return f"{outcome['backup']}  rows={outcome['rows']}  files={outcome['files']}  missing={outcome['missing']}"


async def _write(room: Storeroom, number: int, id_: str, to: Path) -> None:
    manifest = await room.crate(number).manifest(id_)
    with to.open("wb") as file:
        async for piece in packed(room.shelf(number), manifest):
            file.write(piece)


async def _backups(data: Path, slug: str) -> list[Backup]:
    async with opened(data) as (database, _):
        number = await _number(database, slug)
        async with database.host() as session:
            return await backups_of(session, number)


async def _restore(
    data: Path, slug: str, backup: str, file: Path | None, kind: Kind, facts: Mapping[str, str]
) -> Mapping[str, Any]:
    async with opened(data) as (database, settings):
        room = storeroom_of(settings, database)
        if file:
            crate, _ = crate_in(file, room.keys)
            number = await _number(database, slug) if kind == "restore_in_place" else crate.tenant
            return await _done(room, number, kind, {**facts, "file": str(file)})
        number = await _number(database, slug)
        return await _done(room, number, kind, {**facts, "backup": await _chosen(database, number, backup)})


async def _chosen(database: Database, number: int, id_: str) -> str:
    async with database.host() as session:
        if not id_:
            listed = await backups_of(session, number)
            if listed:
                return listed[0].name
        else:
            try:
                found = await backup_of(session, number, UUID(id_))
            except ValueError:
                found = None
            if found:
                return found.name
    raise Failed("There is no such backup. `./sadra tenant backups` lists them.")


async def _done(room: Storeroom, number: int, kind: Kind, facts: Mapping[str, str]) -> Mapping[str, Any]:
    """Does the work in this process, noted like the console's. `Failed`, through the caller, says what was refused."""
    async with room.database.host() as session:
        errand = await ask(session, number, kind, facts, actor=operator_here(), at_once=True)
        await session.commit()
    outcome = await do(room, errand)
    if isinstance(outcome, Away):
        raise Failed("The store of files cannot be reached.")
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


async def _number(database: Database, slug: str) -> int:
    async with database.host() as session:
        return await tenant_number(session, slug)


def _shown(one: Backup) -> dict[str, Any]:
    facts = {"id": one.name, "taken_at": one.taken_at.isoformat(), "kind": one.kind, "schema": one.schema_version}
    return facts | {"rows": one.rows, "files": one.files, "missing": one.missing, "size": one.size}
