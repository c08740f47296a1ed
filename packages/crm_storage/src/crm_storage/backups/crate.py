"""Where the parts of a tenant's backups lie, each sealed with AES-256-GCM and bound to its tenant and name (SEC-51).

The key is made from the installation's secret, so a stolen store tells nothing; a part that was changed, cut short,
exchanged or brought from another tenant does not open.
"""

import asyncio
import os
import tarfile
import zlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from struct import Struct
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm_domain.keys import KeyRing, derive, mark_of
from crm_domain.problems import NotFound, Refused
from crm_storage.backups.manifest import FORMAT, Manifest
from crm_storage.files.store import ObjectsAt

PURPOSE = "backup"
HEAD = Struct(">4sI")
MAGIC = b"SDB1"
NONCE_BYTES = 12
MARK_BITS = 32
END_OF_TAR = b"\0" * 1024
TAR_BLOCK = 512


class Shelf(Protocol):
    """Where sealed bytes lie by name."""

    async def read(self, name: str) -> bytes:
        """Raises NotFound."""
        ...


class Stored:
    """The parts of a tenant in the installation's store, apart from its files."""

    def __init__(self, objects: ObjectsAt, tenant: int) -> None:
        self._objects = objects
        self._tenant = tenant

    async def read(self, name: str) -> bytes:
        return b"".join([piece async for piece in await self._objects.open(self._tenant, name)])

    async def write(self, name: str, sealed: bytes) -> None:
        await self._objects.put(self._tenant, name, sealed)

    async def names(self) -> set[str]:
        return await self._objects.keys(self._tenant)

    async def drop(self, names: Sequence[str]) -> None:
        await self._objects.drop(self._tenant, names)

    async def forget(self) -> int:
        """Drops everything; how many parts."""
        return await self._objects.forget(self._tenant)


class Packed:
    """The parts in a file that was downloaded."""

    def __init__(self, path: Path) -> None:
        try:
            self._tar = tarfile.open(path)  # noqa: SIM115 - open as long as it is read
            self.names = self._tar.getnames()
        except (tarfile.TarError, OSError, EOFError):
            raise Refused("backups.unreadable") from None
        if not self.names:
            raise Refused("backups.unreadable")

    async def read(self, name: str) -> bytes:
        try:
            found = self._tar.extractfile(name)
            return found.read() if found else b""
        except KeyError:
            raise NotFound from None
        except (tarfile.TarError, OSError, EOFError):
            raise Refused("backups.broken") from None


class Crate:
    """The parts of one tenant's backups in clear."""

    def __init__(self, shelf: Shelf, keys: KeyRing, tenant: int) -> None:
        self.shelf = shelf
        self.tenant = tenant
        self._keys = keys

    async def take(self, name: str) -> bytes:
        """A part as it was put in. Raises Refused for one that is missing or not as it was sealed."""
        try:
            sealed = await self.shelf.read(name)
        except NotFound:
            raise Refused("backups.broken") from None
        return await asyncio.to_thread(unsealed, self._keys, self.tenant, name, sealed)

    async def manifest(self, id_: str) -> Manifest:
        """A backup's own account. Raises Refused."""
        found = await self.take(id_)
        try:
            manifest = msgspec.json.decode(found, type=Manifest)
        except msgspec.DecodeError:
            raise Refused("backups.newer") from None
        if manifest.format != FORMAT or manifest.id != id_ or manifest.tenant != self.tenant:
            raise Refused("backups.broken")
        return manifest


def sealed(keys: KeyRing, tenant: int, name: str, plain: bytes) -> bytes:
    """A part ready to lie anywhere: pressed, then sealed under its name."""
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(derive(keys.newest, PURPOSE, tenant))
    head = HEAD.pack(MAGIC, mark_of(keys.newest, MARK_BITS))
    return head + nonce + cipher.encrypt(nonce, zlib.compress(plain, 1), _place(tenant, name))


def unsealed(keys: KeyRing, tenant: int, name: str, part: bytes) -> bytes:
    """A part in clear. Raises Refused for one not as it was sealed, or under a secret this installation does not have."""
    if len(part) < HEAD.size + NONCE_BYTES or part[: len(MAGIC)] != MAGIC:
        raise Refused("backups.broken")
    _, mark = HEAD.unpack_from(part)
    known = keys.by_mark(mark, MARK_BITS)
    if not known:
        raise Refused("backups.other_key")
    nonce, text = part[HEAD.size : HEAD.size + NONCE_BYTES], part[HEAD.size + NONCE_BYTES :]
    for key in known:
        try:
            return zlib.decompress(AESGCM(derive(key, PURPOSE, tenant)).decrypt(nonce, text, _place(tenant, name)))
        except InvalidTag:
            continue
    raise Refused("backups.broken")


async def packed(shelf: Shelf, manifest: Manifest) -> AsyncIterator[bytes]:
    """A whole backup as one file: a tar of its parts, sealed as they lie, the manifest first."""
    label = tarfile.TarInfo(f"{manifest.slug}.{manifest.tenant}")
    yield label.tobuf(tarfile.PAX_FORMAT)
    for name in (manifest.id, *manifest.names()):
        part = await shelf.read(name)
        info = tarfile.TarInfo(name)
        info.size, info.mtime = len(part), int(manifest.taken_at.timestamp())
        yield info.tobuf(tarfile.PAX_FORMAT) + part + b"\0" * (-len(part) % TAR_BLOCK)
    yield END_OF_TAR


def crate_in(path: Path, keys: KeyRing) -> tuple[Crate, str]:
    """The backup in a downloaded file: its crate and its id. Raises Refused."""
    shelf = Packed(path)
    label, _, number = shelf.names[0].rpartition(".")
    if not label or not (number.isascii() and number.isdigit()) or len(shelf.names) < 2:
        raise Refused("backups.unreadable")
    return Crate(shelf, keys, int(number)), shelf.names[1]


def _place(tenant: int, name: str) -> bytes:
    return msgspec.json.encode([PURPOSE, tenant, name])
