"""The places of the tenant's administration: what there is, in which group, and who may go there."""

from collections.abc import Callable
from dataclasses import dataclass

from crm_domain.access.rights import Access, Special
from crm_ui.shell import NavItem


@dataclass(frozen=True, slots=True)
class Place:
    """One page; without rights of its own it is for administrators. Its words are `admin.tab.<key>` and `admin.about.<key>`."""

    key: str
    path: str
    icon: str
    rights: tuple[Special, ...] = ()
    """Any one of them opens it."""


GROUPS: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        "organisation",
        (
            Place("organisation", "/admin/organisation", "building-2"),
            Place("hours", "/admin/hours", "clock"),
            Place("search", "/admin/search", "scan-search"),
            Place("keeping", "/admin/keeping", "archive"),
            Place("backups", "/admin/backups", "archive-restore"),
        ),
    ),
    (
        "people",
        (
            Place("people", "/admin/people", "users", ("manage_users",)),
            Place("roles", "/admin/roles", "shield", ("manage_roles",)),
            Place("teams", "/admin/teams", "users-round", ("manage_users",)),
            Place("security", "/admin/security", "lock"),
            Place("single_sign_on", "/admin/single_sign_on", "key-round"),
        ),
    ),
    (
        "modules",
        (
            Place("studio", "/admin/studio", "layout-template", ("customise",)),
            Place("conversion", "/admin/conversion", "user-check"),
            Place("cases", "/admin/cases", "life-buoy"),
        ),
    ),
    (
        "mail",
        (
            Place("mail", "/admin/mail", "inbox"),
            Place("sending", "/admin/sending", "send", ("manage_suppression", "resume_sending")),
            Place("suppressions", "/admin/suppressions", "user-x", ("manage_suppression",)),
        ),
    ),
    (
        "watching",
        (
            Place("audit", "/admin/audit", "history"),
            Place("support", "/admin/support", "headset"),
            Place("jobs", "/admin/jobs", "list-checks"),
        ),
    ),
)


def may_enter(access: Access, place: Place) -> bool:
    """Whether somebody may open a place."""
    return access.admin or any(access.special(right) for right in place.rights)


def open_to(access: Access) -> list[tuple[str, list[Place]]]:
    """The groups that hold something for somebody."""
    mine = [(group, [place for place in found if may_enter(access, place)]) for group, found in GROUPS]
    return [(group, found) for group, found in mine if found]


def menu(access: Access, text: Callable[[str], str], current: str) -> list[tuple[str, list[NavItem]]]:
    """The administration's own menu, for who may open something of it."""
    return [
        (
            text(f"admin.group.{group}"),
            [NavItem(text(f"admin.tab.{one.key}"), one.path, one.icon, one.key == current) for one in found],
        )
        for group, found in open_to(access)
    ]
