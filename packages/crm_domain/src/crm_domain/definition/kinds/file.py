"""Kinds of files. The content is in the file door; the record keeps its key and label."""

from crm_domain.definition.field import Field
from crm_domain.definition.values import Blob


class File(Field[Blob | None], frozen=True, kw_only=True, eq=False):
    """Any file within the plan's limits."""


class Image(Field[Blob | None], frozen=True, kw_only=True, eq=False):
    """A picture, decoded and encoded anew when uploaded (SEC-21)."""
