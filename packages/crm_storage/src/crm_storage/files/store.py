"""Where the bytes lie: a folder or an S3-compatible store, by the setting's address. Names are made by the shared key builder."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from crm_domain.problems import NotFound
from crm_domain.tenancy import schema_name

if TYPE_CHECKING:
    from obstore import GetResult, ObjectMeta

CHUNK = 256 * 1024
KEY_BYTES = 24
BACKUPS = "/backups"
"""The folder beside the tenants' files that holds their backups."""
TOGETHER = 500
"""Objects deleted in one call."""


class Away(Exception):
    """The store cannot be reached or refuses; the request may be tried again."""


class ObjectsAt:
    """The store at an address: `file:///folder`, or `s3://bucket/prefix` with the usual AWS variables for the rest."""

    def __init__(self, url: str) -> None:
        self._store: ObjectStore = _opened(url)

    async def put(self, tenant: int, key: str, body: bytes | BinaryIO) -> None:
        """Keeps the bytes under a name that nobody can guess. Raises Away."""
        try:
            await obstore.put_async(self._store, object_name(tenant, key), body)
        except BaseError as error:
            raise Away from error

    async def open(self, tenant: int, key: str) -> AsyncIterator[bytes]:
        """The bytes, piece by piece. Raises NotFound before the first piece, Away."""
        try:
            found = await obstore.get_async(self._store, object_name(tenant, key))
        except FileNotFoundError:
            raise NotFound from None
        except BaseError as error:
            raise Away from error
        return _pieces(found)

    async def drop(self, tenant: int, keys: Sequence[str]) -> None:
        """Deletes; what is not there is no error."""
        names = [object_name(tenant, key) for key in keys]
        for start in range(0, len(names), TOGETHER):
            try:
                await obstore.delete_async(self._store, names[start : start + TOGETHER])
            except FileNotFoundError:
                await self._drop_each(names[start : start + TOGETHER])
            except BaseError as error:
                raise Away from error

    async def keys(self, tenant: int) -> set[str]:
        """The keys of everything that lies there for a tenant. Raises Away."""
        try:
            names = await asyncio.to_thread(self._listed, f"{schema_name(tenant)}/")
        except BaseError as error:
            raise Away from error
        return {name.rpartition("/")[2] for name in names}

    async def forget(self, tenant: int) -> int:
        """Deletes everything of a tenant; how many objects."""
        names = await asyncio.to_thread(self._listed, f"{schema_name(tenant)}/")
        await self._drop_each(names)
        return len(names)

    def _listed(self, prefix: str) -> list[str]:
        """Read in a thread: the asynchronous listing of this library ends a process that stops soon after."""
        listed = cast("Iterable[Sequence[ObjectMeta]]", obstore.list(self._store, prefix))  # type: ignore[reportUnknownMemberType] - its stream has no item type
        return [item["path"] for part in listed for item in part]

    async def _drop_each(self, names: Sequence[str]) -> None:
        for name in names:
            try:
                await obstore.delete_async(self._store, name)
            except FileNotFoundError:
                continue
            except BaseError as error:
                raise Away from error


def backups_at(url: str) -> ObjectsAt:
    """The store of backups that belongs to a store of files."""
    return ObjectsAt(url.rstrip("/") + BACKUPS)


def new_key() -> str:
    """A name that nobody can guess and that says nothing."""
    return secrets.token_hex(KEY_BYTES)


def object_name(tenant: int, key: str) -> str:
    """The object's name: the tenant first, then the key spread over folders (SEC-06)."""
    return f"{schema_name(tenant)}/{key[:2]}/{key}"


def _opened(url: str) -> ObjectStore:
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStore(parts.path, mkdir=True)
    return S3Store.from_url(url, virtual_hosted_style_request=False)


async def _pieces(found: "GetResult") -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=CHUNK):
        yield bytes(piece)
