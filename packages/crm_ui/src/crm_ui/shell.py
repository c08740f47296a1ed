"""What the frame of every page needs: plain values, filled by an app from its session and tenant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Direction = Literal["rtl", "ltr"]
Theme = Literal["light", "dark", ""]
Density = Literal["", "normal", "relaxed"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link; `count` is already formatted for the reader, empty when there is nothing to count."""

    label: str
    href: str
    icon: str
    current: bool = False
    count: str = ""
    key: str = ""
    """The physical key after `G` that goes here, as `event.code` names it: `KeyA`."""


@dataclass(frozen=True, slots=True)
class Toast:
    """A message shown once, with the address that takes the change back."""

    text: str
    undo_url: str = ""


@dataclass(frozen=True, slots=True)
class ShellUser:
    """Who is signed in; `menu` is what opens from the avatar, `sign_out` posts."""

    name: str
    initials: str
    hue: str = "teal"
    menu: Sequence[NavItem] = ()
    sign_out: str = "/logout"


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame: brand, reader's preferences, security values and every menu around the sheet."""

    brand: str
    language: str
    dir: Direction
    csrf: str
    nonce: str
    user: ShellUser | None = None
    theme: Theme = ""
    density: Density = ""
    digits: Literal["persian", "latin"] = "latin"
    realm: Literal["tenant", "host"] = "tenant"
    nav: Sequence[tuple[str, Sequence[NavItem]]] = ()
    rooms: Sequence[tuple[str, Sequence[NavItem]]] = ()
    """The menu inside the sheet, of an area with many pages."""
    favourites: Sequence[NavItem] = ()
    recent: Sequence[NavItem] = ()
    create: Sequence[NavItem] = ()
    bottom: Sequence[NavItem] = ()
    search_action: str = "/search"
    palette_url: str = ""
    home: str = "/"
    help_url: str = ""
    notifications_url: str = ""
    unread: str = ""
    bell_url: str = ""
    """The event stream that tells how many notices are unread."""
    support: str = ""
    """Set while support of the host acts in the user's place."""
    notice: str = ""
    shortcuts: bool = True
    libraries: frozenset[str] = frozenset()
    """The modules from which the reader may put copies into what he writes."""
    toasts: Sequence[Toast] = ()
