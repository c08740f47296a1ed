"""Layouts: rows of field keys. Declared with the fields themselves, kept as keys so that a tenant can rearrange them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from crm_domain.definition.field import Field

Place = Field[Any] | str
"""A field of the module, or the path of one a link away: `account.industry`."""


class Panel(msgspec.Struct, frozen=True):
    """A titled section of detail page and form: rows of one or two field keys. Its label is `<module>.panel.<key>`."""

    key: str
    rows: tuple[tuple[str, ...], ...]
    folded: bool = False
    labels: Mapping[str, str] = {}
    """The tenant's own title by language."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Its fields in their order."""
        return tuple(key for row in self.rows for key in row)


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Where a module's fields stand. Everything here is a key, so a layout is data."""

    columns: tuple[str, ...]
    offered: tuple[str, ...] = ()
    """Columns that may be chosen besides the default ones."""
    panels: tuple[Panel, ...]
    quick: tuple[tuple[str, ...], ...] = ()
    """Rows of the short form for creating in place."""
    picker: tuple[str, ...] = ()
    basic: tuple[str, ...] = ()
    advanced: tuple[str, ...] = ()
    highlights: tuple[str, ...] = ()
    board: str = ""
    """The choice field whose options are the board's lanes; empty means no board."""
    board_sum: str = ""
    """The money field a lane adds up."""
    board_weighted: str = ""
    """Another one that open lanes add up beside it."""
    card: tuple[str, ...] = ()
    subpanels: tuple[str, ...] = ()
    """Relation keys in order."""
    linked: tuple[str, ...] = ()
    """Relations with a table whose links the full form holds."""
    sort: str = "-created_at"
    left_out: tuple[str, ...] = ()
    """Fields the tenant wants on no form and no page."""
    hidden: tuple[str, ...] = ()
    """Relation keys whose records the tenant wants on no page."""


class DraftPanel(msgspec.Struct, frozen=True):
    key: str
    rows: tuple[tuple[Place, ...], ...]
    folded: bool = False


class Arrangement(msgspec.Struct, frozen=True, kw_only=True):
    """A layout as written inside the record's class, where fields do not know their keys yet."""

    columns: tuple[Place, ...]
    offered: tuple[Place, ...] = ()
    panels: tuple[DraftPanel, ...]
    quick: tuple[tuple[Place, ...], ...] = ()
    picker: tuple[Place, ...] = ()
    basic: tuple[Place, ...] = ()
    advanced: tuple[Place, ...] = ()
    highlights: tuple[Place, ...] = ()
    board: Place = ""
    board_sum: Place = ""
    board_weighted: Place = ""
    card: tuple[Place, ...] = ()
    subpanels: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    sort: str = "-created_at"

    def layout(self) -> Layout:
        """The same with keys, once the class exists."""
        # A field is a descriptor; on this struct it is just a value, which a type checker sees only by name.
        single: dict[str, Any] = msgspec.structs.asdict(self)
        return Layout(
            columns=_keys(self.columns),
            offered=_keys(self.offered),
            panels=tuple(Panel(panel.key, tuple(map(_keys, panel.rows)), panel.folded) for panel in self.panels),
            quick=tuple(map(_keys, self.quick)),
            picker=_keys(self.picker) or _keys(self.columns[:4]),
            basic=_keys(self.basic),
            advanced=_keys(self.advanced),
            highlights=_keys(self.highlights),
            board=_key(single["board"]),
            board_sum=_key(single["board_sum"]),
            board_weighted=_key(single["board_weighted"]),
            card=_keys(self.card),
            subpanels=self.subpanels,
            linked=self.linked,
            sort=self.sort,
        )


def panel(key: str, *rows: tuple[Place, ...], folded: bool = False) -> DraftPanel:
    """A section of the form: each row holds one field or two side by side."""
    return DraftPanel(key, rows, folded)


def _key(place: Place) -> str:
    return place if isinstance(place, str) else place.key


def _keys(places: tuple[Place, ...]) -> tuple[str, ...]:
    return tuple(map(_key, places))
