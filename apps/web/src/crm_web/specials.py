"""What single modules add to the generic pages: an action on the record page, a page of their own."""

from collections.abc import Callable, Mapping
from typing import Any

from crm_domain.definition import Module
from crm_domain.query.page import Row
from crm_web.visit import Visit

Action = tuple[str, str, str]
"""Label, address, icon."""


def lead_actions(visit: Visit, row: Row) -> list[Action]:
    """Converting, once."""
    if row["converted"]:
        return []
    return [(visit.text("leads.convert"), f"/leads/{row.id}/convert", "arrow-right-left")]


ACTIONS: Mapping[str, Callable[[Visit, Row], list[Action]]] = {"leads": lead_actions}


def special_actions(visit: Visit, module: Module[Any], row: Row) -> list[Action]:
    """The module's own actions on a record."""
    make = ACTIONS.get(module.key)
    return make(visit, row) if make else []
