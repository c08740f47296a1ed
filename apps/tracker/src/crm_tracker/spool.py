"""The spool: what happened, on this machine's disk before anybody is answered, until the bus has it (REL-08).

A segment is a file of fixed size, mapped into memory: appending copies bytes into the system's page cache, which
outlives this process. Records carry a checksum, so that what a power cut tore is not read.
"""

import fcntl
import mmap
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from zlib import crc32

SEGMENT_BYTES = 4 * 1024**2
CAP_BYTES = 1024**3
SCARCE = 0.95
"""The share of the cap from which only what must not be lost is taken."""
HEAD = Struct(">HII")
"""Length, checksum and tenant of a record; length 0 ends a segment."""
HEAD_BYTES = HEAD.size
POSITION = Struct("Q")
"""In the machine's own order, so that it is one store to memory, which no death leaves half done."""
SLOTS = 64
BATCH_BYTES = 512 * 1024
"""What is read at once is no longer than this by more than one record; the bus takes twice as much in one message."""


class Full(Exception):
    """The disk takes no more."""


class Segment:
    """One file. `end` is where the next record goes; what a former process wrote is only read."""

    def __init__(self, path: Path, *, fresh: bool) -> None:
        self.path = path
        self.number = int(path.stem)
        self._file = os.open(path, os.O_RDWR | (os.O_CREAT if fresh else 0), 0o600)
        try:
            os.posix_fallocate(self._file, 0, SEGMENT_BYTES)
            self._map = mmap.mmap(self._file, SEGMENT_BYTES)
        except OSError:
            os.close(self._file)
            if fresh:
                path.unlink()
            raise
        self.end = 0 if fresh else self._whole()
        self._room = SEGMENT_BYTES - HEAD_BYTES if fresh else 0

    def append(self, tenant: int, record: bytes) -> bool:
        """Whether there was room."""
        end, length = self.end, len(record)
        start = end + HEAD_BYTES
        after = start + length
        if after > self._room:
            return False
        self._map[start:after] = record
        HEAD.pack_into(self._map, end, length, crc32(record), tenant)
        self.end = after
        return True

    def records(self, offset: int) -> Iterator[tuple[int, bytes]]:
        """Tenant and record of everything from here on."""
        while offset < self.end:
            length, _, tenant = HEAD.unpack_from(self._map, offset)
            start = offset + HEAD_BYTES
            offset = start + length
            yield tenant, self._map[start:offset]

    def _whole(self) -> int:
        """Where the records end that a former process wrote and nothing tore."""
        offset = 0
        while offset + HEAD_BYTES <= SEGMENT_BYTES:
            length, check, _ = HEAD.unpack_from(self._map, offset)
            record = self._map[offset + HEAD_BYTES : offset + HEAD_BYTES + length]
            if not length or len(record) != length or crc32(record) != check:
                break
            offset += HEAD_BYTES + length
        return offset

    def sync(self) -> None:
        """Returns when the disk has it. Safe in a thread."""
        os.fdatasync(self._file)

    def close(self, *, remove: bool = False) -> None:
        self._map.close()
        os.close(self._file)
        if remove:
            self.path.unlink()


class Mark:
    """How far the bus has a spool: segment and offset. Mapped, because to truncate a file may wait for the disk's journal."""

    def __init__(self, path: Path) -> None:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(file, 0, POSITION.size)
            self._map = mmap.mmap(file, POSITION.size)
        finally:
            os.close(file)

    def read(self) -> tuple[int, int]:
        (told,) = POSITION.unpack_from(self._map)
        return told >> 32, told & 0xFFFFFFFF

    def write(self, position: tuple[int, int]) -> None:
        POSITION.pack_into(self._map, 0, position[0] << 32 | position[1])

    def close(self) -> None:
        self._map.close()


class Spool:
    """The segments of one process under a folder of its own, and what a former process left there."""

    def __init__(self, folder: Path, *, cap: int = CAP_BYTES, slot: tuple[Path, int] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._cap = cap // SEGMENT_BYTES
        self._scarce = self._cap * SCARCE
        self._folder, self._lock = slot or _own_slot(folder)
        self.name = self._name()
        self._mark = Mark(self._folder / "read")
        self._read = self._mark.read()
        self._segments = [Segment(path, fresh=False) for path in sorted(self._folder.glob("*.seg"))]
        self._unsynced = list(self._segments)
        while self._segments and self._segments[0].number < self._read[0]:
            self._segments.pop(0).close(remove=True)

    @property
    def fill(self) -> float:
        """How much of the cap is used, from 0 to 1 and beyond."""
        return len(self._segments) / self._cap

    @property
    def empty(self) -> bool:
        """Whether the bus has everything."""
        return not self._segments or self._read >= (self._segments[-1].number, self._segments[-1].end)

    def append(self, tenant: int, record: bytes, *, vital: bool) -> bool:
        """Takes a record; what is not vital is left out when room gets scarce. Raises Full."""
        segments = self._segments
        if not vital and len(segments) >= self._scarce:
            return False
        if not segments or not segments[-1].append(tenant, record):
            self._open_next()
            segments[-1].append(tenant, record)
        return True

    def sync(self) -> None:
        """Returns when the disk has all that was appended before. Safe in a thread beside appending."""
        segments = self._unsynced[:]
        for segment in segments:
            segment.sync()
        self._unsynced = [one for one in self._unsynced if one not in segments or one is self._segments[-1]]

    def read(self, most: int) -> tuple[list[tuple[int, bytes]], tuple[int, int]]:
        """The next records that were not forgotten, as many and as long as one message may be, and the position after them."""
        while len(self._segments) > 1 and self._read >= (self._segments[0].number, self._segments[0].end):
            self._drop_first()
        if not self._segments:
            return [], self._read
        first = self._segments[0]
        offset = self._read[1] if self._read[0] == first.number else 0
        begun, found = offset, list[tuple[int, bytes]]()
        for tenant, record in first.records(offset):
            found.append((tenant, record))
            offset += HEAD_BYTES + len(record)
            if len(found) == most or offset - begun > BATCH_BYTES:
                break
        return found, (first.number, offset)

    def forget(self, position: tuple[int, int]) -> None:
        """The bus has everything before this position. What a crash brings back is sent again under the same ids."""
        self._read = position
        self._mark.write(position)

    def close(self) -> None:
        for segment in self._segments:
            segment.close(remove=self.empty)
        self._mark.close()
        os.close(self._lock)

    def _open_next(self) -> None:
        number = max(self._segments[-1].number if self._segments else 0, self._read[0]) + 1
        try:
            segment = Segment(self._folder / f"{number:016d}.seg", fresh=True)
        except OSError as error:
            raise Full from error
        self._segments.append(segment)
        self._unsynced.append(segment)

    def _drop_first(self) -> None:
        gone = self._segments.pop(0)
        self._unsynced = [one for one in self._unsynced if one is not gone]
        gone.close(remove=True)

    def _name(self) -> str:
        """Tells this spool's messages from all others', also of other machines."""
        file = self._folder / "name"
        if not file.exists():
            file.write_text(secrets.token_hex(8))
        return file.read_text()


def orphans(folder: Path) -> list[Spool]:
    """What processes left behind that nobody follows: each held by this one from now on."""
    left = [slot for slot in sorted(folder.glob("*/")) if any(slot.glob("*.seg"))]
    return [Spool(folder, slot=(slot, lock)) for slot in left if (lock := _locked(slot)) is not None]


def _own_slot(folder: Path) -> tuple[Path, int]:
    """The first slot that no living process holds."""
    for number in range(SLOTS):
        slot = folder / str(number)
        slot.mkdir(exist_ok=True, mode=0o700)
        lock = _locked(slot)
        if lock is not None:
            return slot, lock
    raise Full


def _locked(slot: Path) -> int | None:
    """The lock of a slot; the kernel lets go of it when its holder dies."""
    lock = os.open(slot / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
