"""Taking files in and giving them out: size and quota, type, pictures made anew, previews, and who may open what."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import BinaryIO
from uuid import UUID

import msgspec

from crm_domain.definition import Blob
from crm_domain.problems import BadValue
from crm_domain.tenancy import Tenant
from crm_storage.database import Database, Session
from crm_storage.files.store import ObjectsAt, backups_at, new_key
from crm_storage.files.types import HEAD, PDF, PICTURES, label, media_type
from crm_storage.limited import in_child
from crm_storage.settings import Settings

MEGABYTE = 1024 * 1024
PREVIEW, THUMB = ".preview", ".thumb"
"""What a key ends with that names the small pictures beside a file."""
LOCK = "LOCK TABLE blob IN SHARE ROW EXCLUSIVE MODE"
HELD = "SELECT coalesce(sum(size), 0)::bigint FROM blob"
ANNOUNCE = """
INSERT INTO blob (key, name, media_type, size, sha256, pictured, state, created_by)
VALUES (%(key)s, %(name)s, %(media_type)s, %(size)s, %(sha256)s, %(pictured)s, 'arriving', %(me)s)
"""
ARRIVED = "UPDATE blob SET state = 'stored' WHERE key = %(key)s"


class _Made(msgspec.Struct):
    """What is to be kept of an upload."""

    media_type: str
    body: bytes | BinaryIO
    size: int
    sha256: str
    preview: bytes = b""
    thumb: bytes = b""


class FileDoor:
    """The door of an installation. `most` is the largest file in bytes."""

    def __init__(self, url: str, most: int) -> None:
        self._objects = ObjectsAt(url)
        self._backups = backups_at(url)
        self._most = most

    async def receive(self, database: Database, tenant: Tenant, user: UUID | None, name: str, body: BinaryIO) -> Blob:
        """Keeps a file; until a record holds it, only its sender may open it, for a day. Raises BadValue, Away.

        Its row comes first and is marked when the bytes are there, so that no crash leaves bytes nobody knows of.
        """
        made = await self._made(label(name), body)
        blob = Blob(new_key(), label(name), made.media_type, made.size, bool(made.thumb))
        async with database.tenant(tenant.number) as session:
            await _announce(session, tenant, blob, made.sha256, user)
            await session.commit()
        for ending, bytes_ in (("", made.body), (PREVIEW, made.preview), (THUMB, made.thumb)):
            if bytes_:
                await self._objects.put(tenant.number, blob.key + ending, bytes_)
        async with database.tenant(tenant.number) as session:
            await session.execute(ARRIVED, {"key": blob.key})
            await session.commit()
        return blob

    async def keep(self, tenant: int, key: str, body: bytes) -> None:
        """Puts bytes of our own making under a key that the caller has announced."""
        await self._objects.put(tenant, key, body)

    async def open(self, tenant: Tenant, key: str, ending: str = "") -> AsyncIterator[bytes]:
        """The bytes of a file, or of a picture beside it, whose reader has been checked. Raises NotFound, Away."""
        return await self._objects.open(tenant.number, key + ending)

    async def drop(self, tenant: int, keys: list[str]) -> None:
        """Deletes files with their small pictures."""
        await self._objects.drop(tenant, [key + ending for key in keys for ending in ("", PREVIEW, THUMB)])

    async def forget(self, tenant: int) -> int:
        """Deletes everything of a tenant that is no more, its backups too; how many objects."""
        return await self._objects.forget(tenant) + await self._backups.forget(tenant)

    async def _made(self, name: str, body: BinaryIO) -> _Made:
        size, sha256 = await asyncio.to_thread(_measured, body, self._most)
        type_ = media_type(name, body.read(HEAD))
        body.seek(0)
        if type_ in PICTURES.values():
            type_, picture, preview, thumb = await in_child("picture", body.read())
            return _Made(type_, picture, len(picture), hashlib.sha256(picture).hexdigest(), preview, thumb)
        if type_ == PDF:
            preview, thumb = await _first_page(body.read())
            body.seek(0)
            return _Made(type_, body, size, sha256, preview, thumb)
        return _Made(type_, body, size, sha256)


def door_of(settings: Settings) -> FileDoor:
    """The installation's door."""
    return FileDoor(settings.blob_url, settings.upload_mb * MEGABYTE)


async def _announce(session: Session, tenant: Tenant, blob: Blob, sha256: str, user: UUID | None) -> None:
    """The file's row, within the plan's storage; others wait, so that two together cannot pass it."""
    if tenant.quotas.storage_mb:
        await session.execute(LOCK)
        held = await session.one(HELD)
        if held and held[0] + blob.size > tenant.quotas.storage_mb * MEGABYTE:
            raise BadValue("tenants.quota_storage")
    await session.execute(ANNOUNCE, {**msgspec.structs.asdict(blob), "sha256": sha256, "me": user})


async def _first_page(body: bytes) -> tuple[bytes, bytes]:
    """No picture of a PDF that cannot be drawn, such as one with a password: it is kept all the same."""
    try:
        preview, thumb = await in_child("page", body)
    except BadValue:
        return b"", b""
    return preview, thumb


def _measured(body: BinaryIO, most: int) -> tuple[int, str]:
    """Size and hash, read in pieces; the file stands at its beginning again. Raises BadValue when too large or empty."""
    digest, size = hashlib.sha256(), 0
    while piece := body.read(MEGABYTE):
        size += len(piece)
        if size > most:
            raise BadValue("problems.file_too_large", most=most // MEGABYTE)
        digest.update(piece)
    if not size:
        raise BadValue("problems.file_empty")
    body.seek(0)
    return size, digest.hexdigest()
