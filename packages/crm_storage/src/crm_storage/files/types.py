"""What a file is: by its name's ending and by its bytes, together (SEC-20)."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# The library of magic numbers leaves its values untyped.

from pathlib import PurePosixPath

import puremagic

from crm_domain.problems import BadValue

PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
PDF = "application/pdf"
ANY = "application/octet-stream"
"""What browsers only keep: also everything that could run or show itself, whatever its name says."""
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
TYPES = {
    **PICTURES,
    ".pdf": PDF,
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
    ".odt": f"{_OPEN}text",
    ".ods": f"{_OPEN}spreadsheet",
    ".odp": f"{_OPEN}presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".zip": "application/zip",
    ".rar": "application/vnd.rar",
    ".7z": "application/x-7z-compressed",
    ".gz": "application/gzip",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
}
"""Endings whose bytes must be what the ending says."""
TEXTS = {".txt": "text/plain", ".csv": "text/csv", ".vcf": "text/vcard", ".ics": "text/calendar"}
BEGINNINGS = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".pdf": (b"%PDF-",),
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".zip"), (b"PK\x03\x04", b"PK\x05\x06")),
    **dict.fromkeys((".doc", ".xls", ".ppt"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    ".rar": (b"Rar!\x1a\x07",),
    ".7z": (b"7z\xbc\xaf\x27\x1c",),
    ".gz": (b"\x1f\x8b",),
}
MOST_NAME = 255
HEAD = 8 * 1024
"""Bytes that tell what a file is."""


def label(name: str) -> str:
    """The original name as a label: its last part, without control characters, and never empty (SEC-16, SEC-23)."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if letter.isprintable() or letter in "\u200c\u200d").strip().strip(".")
    if len(kept) > MOST_NAME:
        ending = PurePosixPath(kept).suffix[:20]
        kept = kept[: MOST_NAME - len(ending)] + ending
    return kept or "file"


def media_type(name: str, head: bytes) -> str:
    """The type under which a file is kept. Raises BadValue where the ending and the bytes contradict each other."""
    ending = PurePosixPath(name).suffix.lower()
    if ending in TYPES:
        if not _fits(ending, head):
            raise BadValue("problems.file_mismatch", ending=ending)
        return TYPES[ending]
    if ending in TEXTS and b"\x00" not in head.replace(b"\xff\xfe", b""):
        return TEXTS[ending]
    return ANY


def _fits(ending: str, head: bytes) -> bool:
    if beginnings := BEGINNINGS.get(ending):
        return head.startswith(beginnings)
    try:
        found = {match.mime_type.lower() for match in puremagic.magic_string(head, filename="")}
    except puremagic.PureError:
        return False
    wanted = TYPES[ending]
    return any(_family(type_) == _family(wanted) for type_ in found)


def _family(media_type: str) -> str:
    """Sound and moving pictures share their containers."""
    main = media_type.partition("/")[0]
    return "media" if main in ("audio", "video") else media_type
