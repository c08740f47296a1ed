"""Following a record: what happened to it, and what of that a follower may know."""

from typing import Any, Literal, get_args
from uuid import UUID

import msgspec

from crm_domain.access.rights import Access
from crm_domain.definition.module import Module

CHANGED = "record.changed"
"""The message that waits for whoever follows a record."""
KIND = "followed"
CHOICE = "follows"
"""The preference that says what somebody follows without being asked each time."""
Occasion = Literal["created", "assigned"]
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did to a record that is followed: its changed fields, or the module of a part that it got."""

    module: str
    record: UUID
    by: UUID
    fields: tuple[str, ...] = ()
    added: str = ""
    users: tuple[UUID, ...] = ()
    """Who followed it then."""


def known(access: Access, module: Module[Any], change: Followed) -> tuple[str, ...]:
    """The changed fields that the reader may read, in the order of the module; a part's module as `+key`, if he may see it."""
    if change.added:
        return (f"+{change.added}",) if access.can(change.added, "view") else ()
    hidden = access.hidden(module.key)
    return tuple(field.key for field in module.fields if field.key in change.fields and field.key not in hidden)
