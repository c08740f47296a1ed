"""The advanced filter of a list in words: its rows, what they can ask, and the chips of what is asked."""

from types import MappingProxyType
from typing import Any

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.operators import operators
from crm_domain.meaning.show import show
from crm_domain.problems import BadValue
from crm_domain.query.read import ANY_PATHS, MANY, any_fields, any_operators, may_read, read_path
from crm_domain.text.format import format_date
from crm_domain.text.jalali import parse_date
from crm_domain.text.periods import PERIODS
from crm_ui.inputs import Input
from crm_web.lists.linked import Named, linked, named_target, record_name
from crm_web.lists.listing import Listing
from crm_web.lists.tables import field_label
from crm_web.visit import Visit

BARE = ("me", "my_team", "empty", "opted_out")
"""Operators that ask nothing more."""
SPAN = ".."
"""Stands between two values of one condition."""


def filter_fields(visit: Visit, module: Module[Any]) -> list[tuple[str, str]]:
    every = dict.fromkeys((*module.layout.advanced, *module.layout.columns, *module.layout.offered))
    found = [
        (path, field_label(visit, module, path))
        for path in every
        if may_read(visit.access, module, path) and _ops(visit, module, path)
    ]
    found += [(path, visit.text(f"filter.{path}")) for path in ANY_PATHS if len(_together(visit, module, path)) > 1]
    return sorted(found, key=lambda item: item[1])


def filter_rows(visit: Visit, module: Module[Any], listing: Listing, names: Named) -> list[dict[str, Any]]:
    """The rows of what is asked; a row that names several records becomes one for each, as the form asks for it."""
    rows = [
        filter_row_facts(visit, module, path, op, one, names)
        for _, path, op, value in conditions(listing)
        if _ops(visit, module, path)
        for one in (value.split(",") if linked(visit, module, path) else (value,))
    ]
    return rows or [filter_row_facts(visit, module, "", "", "")]


def filter_row_facts(
    visit: Visit, module: Module[Any], path: str, op: str, value: str, names: Named = MappingProxyType({})
) -> dict[str, Any]:
    """One row of the advanced filter: its field, the operators it understands, and choices for its value."""
    fields = filter_fields(visit, module)
    path = path if any(path == known for known, _ in fields) else (fields[0][0] if fields else "name")
    field = _field(visit, module, path)
    ops = _ops(visit, module, path)
    dated = isinstance(field, kinds.Date | kinds.DateTime)
    chosen = op if op in ops else next((known for known in ops if known not in BARE and known != "period"), ops[0])
    return {
        "module": module.key,
        "fields": fields,
        "path": path,
        "op": "period" if dated and not op else chosen,
        "value": value,
        "bare": chosen in BARE,
        "ops": [(known, visit.text(f"filter.{known}")) for known in ops],
        "choices": _choices(visit, field),
        "periods": [(name, visit.text(f"calendar.period.{name}")) for name in PERIODS],
        "dated": dated,
        "targets": [(key, visit.text(f"{key}.one")) for key in linked(visit, module, path)],
        "target": named_target(visit, module, path, value, names),
        "picker": Input(kind="link", name="", id=f"filter-{visit.work.new_id()}", label=visit.text("list.value")),
        "shown": record_name(visit, value, names) if value and chosen not in BARE else "",
        "ltr": isinstance(
            field, kinds.Phone | kinds.Emails | kinds.Money | kinds.Integer | kinds.DecimalNumber | kinds.Percent
        ),
    }


def _choices(visit: Visit, field: Kind) -> list[tuple[str, str]]:
    if isinstance(field, kinds.Choice | kinds.DependentChoice | kinds.MultiChoice):
        return [(item.key, visit.voice.option_label(field.options, item)) for item in field.options.items]
    if isinstance(field, kinds.Boolean):
        return [("1", visit.text("record.yes")), ("0", visit.text("record.no"))]
    return []


def chips_of(visit: Visit, module: Module[Any], listing: Listing, names: Named) -> list[tuple[str, str, str]]:
    """Each active condition: field, what is asked of it, the list without it."""
    found: list[tuple[str, str, str]] = []
    words = {name: f"list.{name}" for name in ("mine", "starred", "followed", "open", "unassigned", "late")}
    for name, value in listing.params:
        if name == "q":
            found.append((visit.text("list.words"), value, listing.without("q")))
        elif name in words:
            word = "list.mine_team" if (name, value) == ("mine", "team") else words[name]
            found.append((visit.text("list.only"), visit.text(word), listing.without(name)))
    for name, path, op, value in conditions(listing):
        if _ops(visit, module, path):
            said = _chip_value(visit, module, path, op, value, names)
            label = visit.text(f"filter.{path}") if path in ANY_PATHS else field_label(visit, module, path)
            found.append((label, said, listing.without(name)))
    return found


def _chip_value(visit: Visit, module: Module[Any], path: str, op: str, value: str, names: Named) -> str:
    field = _field(visit, module, path)
    if op in BARE:
        return visit.text(f"filter.{op}")
    if value in PERIODS and isinstance(field, kinds.Date | kinds.DateTime):
        return visit.text(f"calendar.period.{value}")
    shown = value
    if linked(visit, module, path):
        shown = visit.text("record.list_separator").join(record_name(visit, id_, names) for id_ in value.split(","))
    elif isinstance(field, kinds.Choice | kinds.DependentChoice | kinds.MultiChoice):
        shown = visit.text("record.list_separator").join(
            visit.voice.option(field.options, key) for key in value.split(",")
        )
    elif isinstance(field, kinds.Boolean):
        shown = show(field, value not in ("0", "false"), visit.voice)
    elif isinstance(field, kinds.Date | kinds.DateTime):
        shown = SPAN.join(_day(visit, one) for one in value.split(SPAN))
    if op == "between":
        first, _, last = shown.partition(SPAN)
        return visit.text("filter.span", first=first, last=last)
    return shown if op in ("", "in", "eq", "contains", "has_any") else f"{visit.text(f'filter.{op}')} {shown}"


def _day(visit: Visit, text: str) -> str:
    """A day in the reader's calendar, however it was asked; what is none stays as it is."""
    try:
        day = parse_date(text, visit.voice.locale, visit.voice.today())
    except BadValue:
        return text
    return format_date(day, visit.voice.locale, visit.voice.catalogue)


def conditions(listing: Listing) -> list[tuple[str, str, str, str]]:
    """What the filter asks: parameter name, path, operator, value; a list's values together, however they are spelt."""
    values: dict[str, list[str]] = {}
    for name, value in listing.params:
        if name.startswith("filter["):
            values.setdefault(name, []).append(value)
    found: list[tuple[str, str, str, str]] = []
    for name, texts in values.items():
        path, _, op = name.removeprefix("filter[").rstrip("]").partition("][")
        found += [(name, path, op, text) for text in ([",".join(texts)] if op in MANY else texts)]
    return found


def _together(visit: Visit, module: Module[Any], path: str) -> tuple[str, ...]:
    """The fields that a question about any of them asks, as far as the reader may see them."""
    fields = any_fields(module, path) if path in ANY_PATHS else ()
    return tuple(key for key in fields if may_read(visit.access, module, key))


def _field(visit: Visit, module: Module[Any], path: str) -> Kind:
    """The field that a row asks, or the first of those it asks at once."""
    return read_path(visit.work.registry, module, next(iter(_together(visit, module, path)), path))[0]


def _ops(visit: Visit, module: Module[Any], path: str) -> tuple[str, ...]:
    if together := _together(visit, module, path):
        return any_operators(visit.work.registry, module, together)
    try:
        field, part = read_path(visit.work.registry, module, path)
    except BadValue:
        return ()
    return ("contains", "starts", "eq", "empty") if part else operators(field)
