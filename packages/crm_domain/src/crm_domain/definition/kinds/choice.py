"""Kinds of choice from an option list."""

from crm_domain.definition.field import Field
from crm_domain.definition.options import Options


class Choice(Field[str | None], frozen=True, kw_only=True, eq=False):
    """One option of a list."""

    options: Options


class DependentChoice(Field[str | None], frozen=True, kw_only=True, eq=False):
    """One option of a list that depends on another choice of the record, the field `leader`."""

    options: Options
    leader: str


class MultiChoice(Field[tuple[str, ...] | None], frozen=True, kw_only=True, eq=False):
    """Any number of options of a list, in the list's order."""

    options: Options
