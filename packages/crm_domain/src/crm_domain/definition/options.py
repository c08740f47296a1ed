"""Option lists: ordered choices with facts. Behaviour hangs on an option's kind, never on its label."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import msgspec

Hue = Literal["gray", "blue", "violet", "teal", "green", "amber", "rose", "red"]
OptionKind = Literal["", "open", "won", "lost", "closed", "sent"]


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One choice. `weight` is a percentage where the list has one; `parent` the keys of the leading list it follows."""

    key: str
    kind: OptionKind = ""
    hue: Hue = "gray"
    weight: Decimal | None = None
    parent: tuple[str, ...] = ()
    active: bool = True
    labels: Mapping[str, str] = {}
    aliases: tuple[str, ...] = ()
    """Other spellings an import accepts, such as the keys of older systems."""

    @property
    def closed(self) -> bool:
        return self.kind in ("won", "lost", "closed")


class Options(msgspec.Struct, frozen=True):
    """A named list. Labels are the messages `<name>.<key>` unless the tenant words them itself.

    `fixed` lists carry behaviour: a tenant may reword their options but not remove them. It adds its own to one of them only
    where that list `grows`: what is added behaves as its kind says.
    """

    name: str
    items: tuple[Option, ...]
    fixed: bool = False
    grows: bool = False

    def __getitem__(self, key: str) -> Option:
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return any(item.key == key for item in self.items)

    def get(self, key: str | None) -> Option | None:
        return next((item for item in self.items if item.key == key), None)

    def keys(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.items)

    def weight(self, key: str) -> Decimal | None:
        """The option's percentage; None for an unknown key."""
        item = self.get(key)
        return item.weight if item else None

    def closed_keys(self) -> tuple[str, ...]:
        return tuple(item.key for item in self.items if item.closed)


def option(
    key: str,
    *,
    kind: OptionKind = "",
    hue: Hue = "gray",
    weight: int | None = None,
    parent: tuple[str, ...] = (),
    active: bool = True,
    aliases: tuple[str, ...] = (),
) -> Option:
    """An option, with its percentage as a plain number."""
    exact = None if weight is None else Decimal(weight)
    return Option(key=key, kind=kind, hue=hue, weight=exact, parent=parent, active=active, aliases=aliases)


def plain(name: str, keys: str, *, fixed: bool = False) -> Options:
    """A list without facts: the keys, separated by blanks."""
    return Options(name, tuple(option(key) for key in keys.split()), fixed)
