"""What a company settled for its conversions; the page and the API begin with it."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from crm_domain.modules.leads.along import Along
from crm_domain.modules.leads.lists import Lists
from crm_domain.problems import FieldProblem, Invalid

PARTS = ("contact", "account", "opportunity")


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to a lead's activities and to its places in target lists unless somebody says otherwise, and whether every
    conversion leads to an account."""

    along: Along = Along(to=("account",))
    lists: Lists = "move"
    account_needed: bool = False

    def along_to(self, parts: Collection[str]) -> Along:
        """The usual way for a conversion of these parts; the contact, which there always is, stands in for others."""
        to = tuple(part for part in self.along.to if part in parts)
        return msgspec.structs.replace(self.along, to=to or ("contact",))


def habits_of(kept: Mapping[str, Any] | None) -> Habits:
    """As they were kept; what no longer fits counts as not settled."""
    try:
        return msgspec.convert(kept or {}, Habits)
    except msgspec.ValidationError:
        return Habits()


def read_habits(how: str, to: Collection[str], lists: str, *, account_needed: bool) -> Habits:
    """What was chosen. Raises Invalid where it makes no sense."""
    try:
        facts = {
            "along": {"how": how, "to": [part for part in PARTS if part in to]},
            "lists": lists,
            "account_needed": account_needed,
        }
        habits = msgspec.convert(facts, Habits)
    except msgspec.ValidationError:
        raise Invalid({"how": (FieldProblem("problems.not_an_option", {"value": f"{how} {lists}"}),)}) from None
    if wrong := habits.along.wrong():
        raise Invalid({"to": (FieldProblem(wrong),)})
    return habits
