"""Files of a backup: read and held against their digests, and put where the tenant's files lie."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection

from crm_domain.problems import Refused
from crm_storage.backups.crate import Crate
from crm_storage.backups.manifest import FileCopy, Manifest, Piece, part_of
from crm_storage.backups.take import Storeroom

Put = Callable[[str, bytes], Awaitable[None]]
BLOBS = "SELECT key FROM blob"


async def bring_back(room: Storeroom, crate: Crate, manifest: Manifest, tenant: int, there: Collection[str]) -> None:
    """Puts every file of the backup that is not there. Raises Refused for one that is not whole, Away."""

    async def put(key: str, body: bytes) -> None:
        await room.files.put(tenant, key, body)

    for file in manifest.files:
        if any(file.key + piece.ending not in there for piece in file.pieces):
            await _file(crate, file, put)


async def read_through(crate: Crate, manifest: Manifest) -> None:
    """Reads every file and puts none. Raises Refused for one that is not whole."""

    async def put(_key: str, _body: bytes) -> None: ...

    for file in manifest.files:
        await _file(crate, file, put)


async def tidy(room: Storeroom, tenant: int) -> int:
    """Drops what lies there without a row that knows of it, as a restoration leaves whose work was undone; how many objects.

    What lies there is read before the rows: a file's row comes before its bytes and goes after them.
    """
    there = await room.files.keys(tenant)
    async with room.database.tenant(tenant) as session:
        known = {row[0] for row in await session.rows(BLOBS)}
    gone = sorted(key for key in there if key.partition(".")[0] not in known)
    await room.files.drop(tenant, gone)
    return len(gone)


async def _file(crate: Crate, file: FileCopy, put: Put) -> None:
    for piece in file.pieces:
        body = b"".join([part async for part in _parts(crate, file.key, piece)])
        if (len(body), hashlib.sha256(body).hexdigest()) != (piece.size, piece.sha256):
            raise Refused("backups.file_differs")
        await put(file.key + piece.ending, body)


async def _parts(crate: Crate, key: str, piece: Piece) -> AsyncIterator[bytes]:
    for at in range(piece.parts):
        yield await crate.take(part_of(key + piece.ending, at))
