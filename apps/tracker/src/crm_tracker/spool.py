"""The spool: what happened, on this machine's disk before anybody is answered, until the bus has it (REL-08).

A segment is a file of fixed size, mapped into memory: appending copies bytes into the system's page cache, which
outlives this process. Records carry a checksum, so that what a power cut tore is not read.
"""

import fcntl
import mmap
import os
import secrets
from contextlib import suppress
from pathlib import Path
from struct import Struct
from zlib import adler32

SEGMENT_BYTES = 4 * 1024**2
CAP_BYTES = 1024**3
SCARCE = 0.95
"""The share of the cap from which only what must not be lost is taken."""
HEAD = Struct(">HII")
"""Length, checksum and tenant of a record; length 0 ends a segment."""
HEAD_BYTES = HEAD.size
_pack = HEAD.pack
POSITION = Struct("Q")
"""In the machine's own order, so that it is one store to memory, which no death leaves half done."""
SLOTS = 64
BATCH_BYTES = 512 * 1024
"""What is read at once is no longer than this by more than one record; the bus takes twice as much in one message."""


EMPTY = bytes(SEGMENT_BYTES)
"""Written to a new segment, so that neither a first touch of a page nor syncing it waits for the disk's journal."""


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
            if fresh:
                os.pwrite(self._file, EMPTY, 0)
            self.bytes = mmap.mmap(self._file, SEGMENT_BYTES)
        except OSError:
            os.close(self._file)
            if fresh:
                path.unlink()
            raise
        self.end = 0 if fresh else self._whole()
        self.room = SEGMENT_BYTES - HEAD_BYTES if fresh else 0

    def records(self, offset: int, most: int) -> tuple[list[tuple[int, bytes]], int]:
        """Tenant and record of what comes from here on, as many and as long as one message may be; where they end."""
        found = list[tuple[int, bytes]]()
        bytes_, unpack, end = self.bytes, HEAD.unpack_from, min(self.end, offset + BATCH_BYTES)
        while offset < end and len(found) < most:
            length, _, tenant = unpack(bytes_, offset)
            start = offset + HEAD_BYTES
            offset = start + length
            found.append((tenant, bytes_[start:offset]))
        return found, offset

    def _whole(self) -> int:
        """Where the records end that a former process wrote and nothing tore."""
        offset = 0
        while offset + HEAD_BYTES <= SEGMENT_BYTES:
            length, check, _ = HEAD.unpack_from(self.bytes, offset)
            record = self.bytes[offset + HEAD_BYTES : offset + HEAD_BYTES + length]
            if not length or len(record) != length or adler32(record) != check:
                break
            offset += HEAD_BYTES + length
        return offset

    def sync(self) -> None:
        """Returns when the disk has it. Safe in a thread."""
        os.fdatasync(self._file)

    def close(self, *, remove: bool = False) -> None:
        self.bytes.close()
        os.close(self._file)
        if remove:
            self.path.unlink()


class Nowhere:
    """What stands for a segment before there is one: nothing finds room in it."""

    number = end = room = 0
    bytes = bytearray()


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
        self._last = self._segments[-1] if self._segments else Nowhere()
        self._synced = (0, 0)
        self._is_scarce = self._near_cap()

    @property
    def fill(self) -> float:
        """How much of the cap is used, from 0 to 1 and beyond."""
        return len(self._segments) / self._cap

    @property
    def empty(self) -> bool:
        """Whether the bus has everything."""
        return self._read >= self._end

    @property
    def synced(self) -> bool:
        """Whether the disk has everything."""
        return self._synced == self._end

    @property
    def _end(self) -> tuple[int, int]:
        return self._last.number, self._last.end

    def append(self, tenant: int, record: bytes, vital: bool) -> bool:
        """Takes a record; what is not vital is left out when room gets scarce. Raises Full."""
        if self._is_scarce and not vital:
            return False
        segment = self._last
        framed = _pack(len(record), adler32(record), tenant) + record
        end = segment.end
        after = end + len(framed)
        if after > segment.room:
            segment = self._open_next()
            end, after = 0, len(framed)
        segment.bytes[end:after] = framed
        segment.end = after
        return True

    def sync(self) -> None:
        """Returns when the disk has all that was appended before. Safe in a thread beside appending."""
        end, last, segments = self._end, self._last, self._unsynced[:]
        for segment in segments:
            self._sync(segment)
            if segment is not last:
                self._is_whole(segment)
        self._synced = end

    def _sync(self, segment: Segment) -> None:
        """One that was dropped meanwhile is with the bus, and its file closed."""
        try:
            segment.sync()
        except OSError:
            if segment in self._segments:
                raise

    def _is_whole(self, segment: Segment) -> None:
        """It is full and on the disk, or gone. In place, for the list grows beside."""
        with suppress(ValueError):
            self._unsynced.remove(segment)

    def read(self, most: int) -> tuple[list[tuple[int, bytes]], tuple[int, int]]:
        """The next records that were not forgotten, as many and as long as one message may be, and the position after them."""
        while len(self._segments) > 1 and self._read >= (self._segments[0].number, self._segments[0].end):
            self._drop_first()
        if not self._segments:
            return [], self._read
        first = self._segments[0]
        found, end = first.records(self._read[1] if self._read[0] == first.number else 0, most)
        return found, (first.number, end)

    def forget(self, position: tuple[int, int]) -> None:
        """The bus has everything before this position. What a crash brings back is sent again under the same ids."""
        self._read = position
        self._mark.write(position)

    def close(self) -> None:
        for segment in self._segments:
            segment.close(remove=self.empty)
        self._mark.close()
        os.close(self._lock)

    def _open_next(self) -> Segment:
        number = max(self._segments[-1].number if self._segments else 0, self._read[0]) + 1
        try:
            segment = Segment(self._folder / f"{number:016d}.seg", fresh=True)
        except OSError as error:
            raise Full from error
        self._segments.append(segment)
        self._unsynced.append(segment)
        self._last, self._is_scarce = segment, self._near_cap()
        return segment

    def _drop_first(self) -> None:
        gone = self._segments.pop(0)
        self._is_whole(gone)
        self._is_scarce = self._near_cap()
        gone.close(remove=True)

    def _near_cap(self) -> bool:
        return len(self._segments) >= self._scarce

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
