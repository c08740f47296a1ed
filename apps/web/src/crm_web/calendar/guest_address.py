"""A guest named by his address instead of a record."""

from typing import Any

from crm_domain.definition import Module, Ref
from crm_domain.letters.addresses import typed
from crm_domain.modules.activities.invitees import INVITEES, guest_at
from crm_domain.problems import BadValue, FieldProblem
from crm_web.visit import Visit


async def addressed(visit: Visit, module: Module[Any], text: str) -> tuple[Ref | None, FieldProblem | None]:
    """The guest whom a typed address means, new where nobody has it yet; or what is wrong with it."""
    try:
        found = typed(text)
    except BadValue as bad:
        return None, bad.problem
    if len(found) != 1 or not visit.access.can(INVITEES.key, "create"):
        return None, FieldProblem("problems.unknown_name", {"name": text[:80]})
    return await guest_at(visit.work, module, found[0]), None
