"""Guests that a program names while it creates an event: records of ours, others by their addresses."""

from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref
from crm_domain.modules.activities.attendance import MOST
from crm_domain.problems import FieldProblem, Invalid
from crm_web.calendar.guest_address import addressed
from crm_web.calendar.guests import guest_kinds
from crm_web.calendar.new_guests import bring_all
from crm_web.visit import Visit

GUESTS = "guests"
"""Where a new event's body names them."""
SCHEMA = {
    "type": "array",
    "maxItems": MOST,
    "writeOnly": True,
    "description": "Who takes part besides its planner and who is responsible: a record by its module and id, or an address.",
    "items": {
        "anyOf": [
            {
                "type": "object",
                "properties": {"module": {"type": "string"}, "id": {"type": "string", "format": "uuid"}},
                "required": ["module", "id"],
            },
            {
                "type": "object",
                "properties": {"address": {"type": "string", "examples": ["Sara Kazemi <sara@example.com>"]}},
                "required": ["address"],
            },
        ]
    },
}


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of them: a record, or an address with or without a name before it."""

    module: str = ""
    id: UUID | None = None
    address: str = ""


def has_guests(module: Module[Any]) -> bool:
    """Whether guests may be named."""
    return module.schedule is not None and bool(module.schedule.guests)


async def bring_named(visit: Visit, module: Module[Any], id_: UUID, given: Any) -> None:
    """Makes those whom the body names guests of the event just created. Raises Invalid."""
    try:
        named = msgspec.convert(given, list[Named])
    except msgspec.ValidationError:
        raise Invalid({GUESTS: (FieldProblem("problems.unknown_record"),)}) from None
    if len(named) > MOST:
        raise Invalid({GUESTS: (FieldProblem("problems.too_many", {"most": MOST}),)})
    guests = [await _guest(visit, module, one) for one in named]
    await bring_all(visit, module, id_, list(dict.fromkeys(guests)), GUESTS)


async def _guest(visit: Visit, module: Module[Any], one: Named) -> Ref:
    problem: FieldProblem | None = FieldProblem("problems.unknown_record")
    guest: Ref | None = None
    if one.address:
        guest, problem = await addressed(visit, module, one.address)
    elif one.id and one.module in dict(guest_kinds(visit, module)):
        guest = Ref(one.module, one.id)
    if guest is None:
        raise Invalid({GUESTS: (problem or FieldProblem("problems.unknown_record"),)})
    return guest
