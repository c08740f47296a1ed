"""A list's filter as one plain form, for browsers without scripts: every field once, with the operator it is asked by."""

from typing import Any

from crm_domain.definition import Module
from crm_web.lists.filters import conditions, filter_fields, filter_row_facts
from crm_web.lists.linked import linked
from crm_web.lists.listing import Listing
from crm_web.visit import Visit

SWITCHES = ("mine", "starred", "followed", "open", "unassigned", "late", "match")
"""What the form asks besides fields."""


def plain_rows(
    visit: Visit, module: Module[Any], listing: Listing
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """The form's rows, filled with what is asked, and the parameters that go along because no row can show them."""
    asked = {path: (name, op, value) for name, path, op, value in conditions(listing)}
    rows: list[dict[str, Any]] = []
    shown: set[str] = set()
    for path, label in filter_fields(visit, module):
        name, op, value = asked.get(path, ("", "", ""))
        row = filter_row_facts(visit, module, path, op, value)
        if _simple(visit, module, row):
            rows.append({**row, "label": label, "says": dict(row["ops"])[row["op"]]})
            shown.add(name)
    kept = [(name, value) for name, value in listing.params if name not in (*shown, *SWITCHES)]
    return rows, kept


def _simple(visit: Visit, module: Module[Any], row: dict[str, Any]) -> bool:
    """Whether one input asks it: no record to be chosen, and not several values of a choice."""
    choices = row["periods"] if row["op"] == "period" else row["choices"]
    known = not choices or not row["value"] or row["value"] in dict(choices)
    return known and not row["bare"] and not linked(visit, module, row["path"])
