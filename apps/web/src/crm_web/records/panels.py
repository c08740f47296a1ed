"""What single modules add to a record's page: panels above its subpanels, and those that depend on the record."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from crm_domain.definition import Module
from crm_domain.query.page import Row
from crm_web.visit import Visit


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the record page at `/<module>/<id>/<key>`, worded `<module>.<key>`, loaded when it comes into view."""

    key: str
    instead_of: str = ""
    """The relation it shows, which then is no subpanel."""


PANELS: Mapping[str, tuple[Panel, ...]] = {
    "cases": (Panel(key="thread", instead_of="updates"), Panel(key="suggestions")),
    "knowledge_revisions": (Panel(key="changes"),),
}


def special_panels(module: Module[Any]) -> tuple[Panel, ...]:
    """The module's own parts of the record page, above its subpanels."""
    return PANELS.get(module.key, ())


RowPanel = tuple[str, str, str]
"""Id of its section, title, address that answers it."""


def list_panels(visit: Visit, row: Row) -> list[RowPanel]:
    """Domains or addresses, where the list keeps such out."""
    kind = {"exempt_domain": "domains", "exempt_address": "addresses"}.get(str(row["list_type"]))
    return [("entries", visit.text(f"target_lists.entries.{kind}"), f"/target_lists/{row.id}/entries")] if kind else []


ROW_PANELS: Mapping[str, Callable[[Visit, Row], list[RowPanel]]] = {"target_lists": list_panels}


def row_panels(visit: Visit, module: Module[Any], row: Row) -> list[RowPanel]:
    """The module's own panels that depend on the record."""
    make = ROW_PANELS.get(module.key)
    return make(visit, row) if make else []
