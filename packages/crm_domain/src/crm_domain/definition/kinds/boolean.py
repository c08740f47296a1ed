"""Yes or no."""

from crm_domain.definition.field import Field


class Boolean(Field[bool | None], frozen=True, kw_only=True, eq=False):
    """Yes or no; empty counts as no."""
