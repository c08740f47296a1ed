"""Taking a backup: the tables in one snapshot, then the files that no earlier backup holds already, then the row that lists it."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec

from crm_domain.keys import KeyRing
from crm_domain.problems import NotFound, Refused
from crm_domain.tenancy import Tenant
from crm_storage.backups.crate import Crate, Stored, sealed
from crm_storage.backups.digest import Rows
from crm_storage.backups.manifest import PART, FileCopy, Manifest, Piece, TableCopy, part_of
from crm_storage.backups.rows import Backup, Kind, add_backup, backups_of
from crm_storage.backups.shape import copy_of, sequences, shape
from crm_storage.database import Database, Session
from crm_storage.files.door import PREVIEW, THUMB
from crm_storage.files.store import ObjectsAt, backups_at
from crm_storage.settings import Settings

SNAPSHOT = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0
"""
STORED = "SELECT key FROM blob WHERE state = 'stored' ORDER BY key"
VERSION = "SELECT version_num FROM alembic_version"


class Storeroom(msgspec.Struct, frozen=True):
    """What backups need of an installation: its database under the owner's login, its files, its backups, its keys."""

    database: Database
    files: ObjectsAt
    backups: ObjectsAt
    keys: KeyRing

    def shelf(self, tenant: int) -> Stored:
        return Stored(self.backups, tenant)

    def crate(self, tenant: int) -> Crate:
        return Crate(self.shelf(tenant), self.keys, tenant)


def storeroom_of(settings: Settings, database: Database) -> Storeroom:
    """The installation's; `database` is the login that owns it."""
    keys = KeyRing(settings.secret_key, settings.former_secret_keys)
    return Storeroom(database, ObjectsAt(settings.blob_url), backups_at(settings.blob_url), keys)


class _Packing:
    """Puts sealed parts on the shelf and counts their bytes."""

    def __init__(self, room: Storeroom, tenant: int) -> None:
        self._room, self._tenant = room, tenant
        self._shelf = room.shelf(tenant)
        self.size = 0

    async def put(self, name: str, plain: bytes) -> None:
        part = await asyncio.to_thread(sealed, self._room.keys, self._tenant, name, plain)
        await self._shelf.write(name, part)
        self.size += len(part)


async def take_backup(room: Storeroom, tenant: Tenant, kind: Kind, *, actor: str) -> Backup:
    """A backup of a tenant as it is now, listed when it is whole; what a broken attempt left is dropped. Raises Away."""
    id_, packing = uuid4(), _Packing(room, tenant.number)
    async with room.database.host() as session:
        earlier = await backups_of(session, tenant.number)
    known = await _known_files(room, tenant.number, earlier)
    manifest, keys = await _tables(room, tenant, id_, packing)
    files, missing = await _files(room, tenant.number, keys, known, packing)
    manifest = msgspec.structs.replace(manifest, files=tuple(files), missing=tuple(missing))
    await packing.put(manifest.id, msgspec.json.encode(manifest))
    backup = Backup(
        id_,
        tenant.number,
        manifest.taken_at,
        kind,
        actor,
        manifest.schema_version,
        packing.size,
        manifest.rows,
        len(files),
        len(missing),
    )
    async with room.database.host() as session:
        await add_backup(session, backup)
        await session.commit()
    return backup


async def _known_files(room: Storeroom, tenant: int, earlier: list[Backup]) -> Mapping[str, FileCopy]:
    """What the newest backup that can be read holds: a file's bytes never change under its key."""
    for backup in earlier:
        try:
            manifest = await room.crate(tenant).manifest(backup.name)
        except Refused:
            continue
        return {file.key: file for file in manifest.files}
    return {}


async def _tables(room: Storeroom, tenant: Tenant, id_: UUID, packing: _Packing) -> tuple[Manifest, list[str]]:
    """The manifest without its files, and the keys of the files that the tables know of."""
    copies: list[TableCopy] = []
    async with room.database.tenant(tenant.number) as session:
        await session.script(SNAPSHOT)
        parts = await _packed(_rows(session, copies), id_.hex, packing)
        version = await session.one(VERSION)
        assert version is not None
        keys = [row[0] for row in await session.rows(STORED)]
        return Manifest(
            id=id_.hex,
            tenant=tenant.number,
            slug=tenant.slug,
            name=tenant.name,
            plan=tenant.plan,
            locale=tenant.locale,
            currency=tenant.currency,
            taken_at=datetime.now(UTC),
            schema_version=version[0],
            parts=parts,
            tables=tuple(copies),
            sequences=await sequences(session),
        ), keys


async def _rows(session: Session, copies: list[TableCopy]) -> AsyncIterator[bytes]:
    """Every row of every table; what is said of a table is added when its last has gone by."""
    for table, columns in (await shape(session)).items():
        seen = Rows()
        async for row in session.copied(f"COPY {copy_of(table, columns)} TO STDOUT"):
            seen.add(row)
            yield row
        copies.append(TableCopy(table, columns, seen.number, seen.length, seen.digest))


async def _packed(rows: AsyncIterator[bytes], name: str, packing: _Packing) -> int:
    held, length, parts = list[bytes](), 0, 0
    async for row in rows:
        held.append(row)
        length += len(row)
        if length >= PART:
            await packing.put(part_of(name, parts), b"".join(held))
            held, length, parts = [], 0, parts + 1
    if held:
        await packing.put(part_of(name, parts), b"".join(held))
        parts += 1
    return parts


async def _files(
    room: Storeroom, tenant: int, keys: list[str], known: Mapping[str, FileCopy], packing: _Packing
) -> tuple[list[FileCopy], list[str]]:
    copies, missing = list[FileCopy](), list[str]()
    for key in keys:
        copy = known.get(key) or await _file(room, tenant, key, packing)
        if copy:
            copies.append(copy)
        else:
            missing.append(key)
    return copies, missing


async def _file(room: Storeroom, tenant: int, key: str, packing: _Packing) -> FileCopy | None:
    """A file with its pictures put on the shelf; None when its bytes are not there."""
    pieces = [await _piece(room, tenant, key, ending, packing) for ending in ("", PREVIEW, THUMB)]
    found = tuple(piece for piece in pieces if piece)
    return FileCopy(key, found) if pieces[0] else None


async def _piece(room: Storeroom, tenant: int, key: str, ending: str, packing: _Packing) -> Piece | None:
    digest, size = hashlib.sha256(), 0
    try:
        bytes_ = await room.files.open(tenant, key + ending)
    except NotFound:
        return None

    async def counted() -> AsyncIterator[bytes]:
        nonlocal size
        async for chunk in bytes_:
            digest.update(chunk)
            size += len(chunk)
            for start in range(0, len(chunk), PART):
                yield chunk[start : start + PART]

    await _filed(counted(), key + ending, packing)
    return Piece(ending, size, digest.hexdigest())


async def _filed(chunks: AsyncIterator[bytes], name: str, packing: _Packing) -> None:
    """In parts of exactly PART bytes but the last, so that the size tells how many there are."""
    held, parts = b"", 0
    async for chunk in chunks:
        held += chunk
        while len(held) >= PART:
            await packing.put(part_of(name, parts), held[:PART])
            held, parts = held[PART:], parts + 1
    if held:
        await packing.put(part_of(name, parts), held)
