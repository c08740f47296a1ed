"""Kinds of files. The content is in the file door; the record keeps its key and label."""

from crm_domain.definition.field import Field
from crm_domain.definition.values import Blob


class File(Field[Blob | None], frozen=True, kw_only=True, eq=False):
    """One file of any type within the plan's limits."""


class Files(Field[tuple[Blob, ...] | None], frozen=True, kw_only=True, eq=False):
    """Any number of files, up to `most`, in the order they were added."""

    most: int = 20


class Image(Field[Blob | None], frozen=True, kw_only=True, eq=False):
    """A picture; like all pictures it was decoded and encoded anew when uploaded (SEC-21)."""
