"""What a packed file says of its content, judged before any of it is unpacked (SEC-22)."""

import io
import stat
import zipfile

from crm_domain.problems import BadValue

NAMES = "cp437"
"""How entries are named that do not say it otherwise."""
MOST_ENTRIES = 10_000
MOST_BYTES = 100 * 2**20
MOST_RATIO = 100
SMALL = 2**20
"""An entry that comes to no more may be packed as tightly as it likes."""


def look_into(body: bytes) -> None:
    """Raises BadValue for what is too much or leads elsewhere. What lies about its size meets the limits of the child."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        raise BadValue("problems.file_unreadable") from None
    if (
        len(entries) > MOST_ENTRIES
        or sum(entry.file_size for entry in entries) > MOST_BYTES
        or any(map(_is_hostile, entries))
    ):
        raise BadValue("problems.file_too_hard")


def _is_hostile(entry: zipfile.ZipInfo) -> bool:
    """A bomb, a link, or something under a password."""
    tight = entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size)
    return tight or stat.S_ISLNK(entry.external_attr >> 16) or bool(entry.flag_bits & 1)
