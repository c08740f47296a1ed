"""The advanced filter of a list in words: its rows, what they can ask, and the chips of what is asked."""

from typing import Any

from crm_domain.definition import Module, kinds
from crm_domain.meaning.operators import operators
from crm_domain.meaning.show import show
from crm_domain.problems import BadValue
from crm_domain.query.read import read_path
from crm_domain.text.periods import PERIODS
from crm_web.listing import Listing
from crm_web.tables import field_label
from crm_web.visit import Visit


def filter_fields(visit: Visit, module: Module[Any]) -> list[tuple[str, str]]:
    hidden = visit.access.hidden(module.key)
    every = dict.fromkeys((*module.layout.advanced, *module.layout.columns, *module.layout.offered))
    found = [
        (path, field_label(visit, module, path))
        for path in every
        if path.split(".")[0] not in hidden and _ops(visit, module, path)
    ]
    return sorted(found, key=lambda item: item[1])


def filter_rows(visit: Visit, module: Module[Any], listing: Listing) -> list[dict[str, Any]]:
    rows = [
        filter_row_facts(visit, module, path, op, value)
        for _, path, op, value in _conditions(listing)
        if _ops(visit, module, path)
    ]
    return rows or [filter_row_facts(visit, module, "", "", "")]


def filter_row_facts(visit: Visit, module: Module[Any], path: str, op: str, value: str) -> dict[str, Any]:
    """One row of the advanced filter: its field, the operators it understands, and choices for its value."""
    fields = filter_fields(visit, module)
    path = path if any(path == known for known, _ in fields) else (fields[0][0] if fields else "name")
    field, part = read_path(visit.work.registry, module, path)
    ops = _ops(visit, module, path)
    choices: list[tuple[str, str]] = []
    if isinstance(field, kinds.Choice | kinds.DependentChoice | kinds.MultiChoice):
        choices = [(item.key, visit.voice.option_label(field.options, item)) for item in field.options.items]
    elif isinstance(field, kinds.Boolean):
        choices = [("1", visit.text("record.yes")), ("0", visit.text("record.no"))]
    chosen = op if op in ops else next((known for known in ops if known not in ("period", "me", "my_team")), ops[0])
    link = field.target if isinstance(field, kinds.Link) else "users" if isinstance(field, kinds.UserLink) else ""
    return {
        "module": module.key,
        "fields": fields,
        "path": path,
        "op": chosen if op or not isinstance(field, kinds.Date | kinds.DateTime) else "period",
        "value": value,
        "ops": [(known, visit.text(f"filter.{known}")) for known in ops],
        "choices": choices,
        "periods": [(name, visit.text(f"calendar.period.{name}")) for name in PERIODS],
        "dated": isinstance(field, kinds.Date | kinds.DateTime),
        "link": link if not part else "",
        "ltr": isinstance(
            field, kinds.Phone | kinds.Emails | kinds.Money | kinds.Integer | kinds.DecimalNumber | kinds.Percent
        ),
    }


def chips_of(visit: Visit, module: Module[Any], listing: Listing) -> list[tuple[str, str, str]]:
    """Each active condition: field, what is asked of it, the list without it."""
    found: list[tuple[str, str, str]] = []
    words = {"mine": "list.mine", "starred": "list.starred", "open": "list.open"}
    for name, value in listing.params:
        if name == "q":
            found.append((visit.text("list.words"), value, listing.without("q")))
        elif name in words:
            found.append((visit.text("list.only"), visit.text(words[name]), listing.without(name)))
    for name, path, op, value in _conditions(listing):
        if _ops(visit, module, path):
            found.append(
                (field_label(visit, module, path), _chip_value(visit, module, path, op, value), listing.without(name))
            )
    return found


def _chip_value(visit: Visit, module: Module[Any], path: str, op: str, value: str) -> str:
    field, _ = read_path(visit.work.registry, module, path)
    if op in ("me", "my_team", "empty"):
        return visit.text(f"filter.{op}")
    if value in PERIODS and isinstance(field, kinds.Date | kinds.DateTime):
        return visit.text(f"calendar.period.{value}")
    shown = value
    if isinstance(field, kinds.Choice | kinds.DependentChoice | kinds.MultiChoice):
        shown = visit.text("record.list_separator").join(
            visit.voice.option(field.options, key) for key in value.split(",")
        )
    elif isinstance(field, kinds.Boolean):
        shown = show(field, value not in ("0", "false"), visit.voice)
    return shown if op in ("", "in", "eq", "contains", "has_any") else f"{visit.text(f'filter.{op}')} {shown}"


def _conditions(listing: Listing) -> list[tuple[str, str, str, str]]:
    """The rows of the filter: parameter name, path, operator, value."""
    found: list[tuple[str, str, str, str]] = []
    for name, value in listing.params:
        if name.startswith("filter["):
            path, _, op = name.removeprefix("filter[").rstrip("]").partition("][")
            found.append((name, path, op, value))
    return found


def _ops(visit: Visit, module: Module[Any], path: str) -> tuple[str, ...]:
    try:
        field, part = read_path(visit.work.registry, module, path)
    except BadValue:
        return ()
    return ("contains", "starts", "eq", "empty") if part else operators(field)
