"""What a backup says of itself: whose it is, of which moment and revision, and what must be found in it."""

from collections.abc import Mapping
from datetime import datetime
from math import ceil

import msgspec

from crm_domain.text.locale import Locale

FORMAT = 1
PART = 4 * 1024 * 1024
"""Bytes that are sealed together at most."""


class Column(msgspec.Struct, frozen=True):
    """A column and how it would be added: the tenant's own fields are no part of any revision."""

    name: str
    definition: str


class TableCopy(msgspec.Struct, frozen=True):
    """A table's rows as `COPY` writes them: how many, how long together, and the sum of their digests in any order."""

    name: str
    columns: tuple[Column, ...]
    rows: int
    length: int
    digest: str


class Piece(msgspec.Struct, frozen=True):
    """One object of the file door: the file itself or a small picture beside it, which its ending names."""

    ending: str
    size: int
    sha256: str

    @property
    def parts(self) -> int:
        return ceil(self.size / PART)


class FileCopy(msgspec.Struct, frozen=True):
    """A file with its small pictures."""

    key: str
    pieces: tuple[Piece, ...]

    def parts(self) -> list[str]:
        """The names under which its sealed parts lie."""
        return [part_of(self.key + piece.ending, at) for piece in self.pieces for at in range(piece.parts)]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A backup's own account; sealed like everything in it, so nobody can change what it promises."""

    format: int = FORMAT
    id: str
    tenant: int
    slug: str
    name: str
    plan: str
    locale: Locale
    currency: str
    taken_at: datetime
    schema_version: str
    parts: int
    """Of the tables' rows, one stream in the order of `tables`."""
    tables: tuple[TableCopy, ...]
    sequences: Mapping[str, int]
    files: tuple[FileCopy, ...] = ()
    missing: tuple[str, ...] = ()
    """Files the tables know of and the store did not have."""

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    def names(self) -> list[str]:
        """Every part but the manifest's own."""
        return [part_of(self.id, at) for at in range(self.parts)] + [
            name for file in self.files for name in file.parts()
        ]


def part_of(name: str, at: int) -> str:
    """The name of one sealed part."""
    return f"{name}.{at}"
