"""The list of a module: table or board, its filter, views, columns, and what can be done with a selection."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, kinds
from crm_domain.meaning.operators import operators
from crm_domain.meaning.show import show
from crm_domain.problems import BadValue, Denied, NotFound
from crm_domain.query.page import PAGE_SIZES, Count
from crm_domain.query.read import read_path
from crm_domain.records.bulk import mass_fields
from crm_domain.records.gather import gathering
from crm_domain.records.shelf import ListState, SavedView
from crm_domain.text import money, numbers
from crm_domain.text.periods import PERIODS
from crm_storage.records.select_rows import STARRED
from crm_ui.cells import stage_glyph
from crm_web.listing import BOARD_CARDS, Listing, cursor_text, is_question, list_query, read_listing
from crm_web.reach import may_merge
from crm_web.tables import columns_for, field_label, lines_for, sortable
from crm_web.visit import Visit

MAX_VIEW_NAME = 80
WRITING = ("create", "edit", "delete", "import", "mass_update")


class ListPages(Controller):
    """GET /<module> and everything that belongs to its list."""

    module_key: ClassVar[str]

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        listing, views = await read_listing(visit, module)
        facts = {**_frame(visit, module, listing, views), **await _content(visit, module, listing)}
        return await visit.page(f"records/{listing.mode}.html", current=module.key, **facts)

    @post("/columns")
    async def keep_columns(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """The user's own columns and page size for this module."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        offered = (*module.layout.columns, *module.layout.offered)
        chosen = tuple(path for path in posted.getall("column", []) if path in offered)
        size = posted.get("size", "")
        number = int(size) if size.isdigit() and int(size) in PAGE_SIZES else 0
        state = ListState(columns=() if posted.get("reset") else chosen, page_size=number)
        await visit.work.store.shelf.keep_state(module.key, state)
        await visit.commit()
        return visit.go(_back(module, posted))

    @post("/views")
    async def save_view(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Saves the list's question under a name, as a new view or over the one it came from."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        name = posted.get("name", "").strip()[:MAX_VIEW_NAME]
        shared = bool(posted.get("shared"))
        if not name or (shared and not visit.access.special("shared_views")):
            raise Denied
        view = _view_of(visit, module, name, shared, posted)
        if not await visit.work.store.shelf.save_view(view):
            raise Denied
        await visit.commit()
        return visit.go(f"/{module.key}?view={view.id}", visit.text("list.view_saved", name=name))

    @post("/views/{view_id:uuid}/delete")
    async def drop_view(self, visit: Visit, view_id: UUID) -> Response[Any]:
        module = visit.module(self.module_key)
        if not await visit.work.store.shelf.drop_view(view_id):
            raise NotFound
        await visit.commit()
        return visit.go(f"/{module.key}", visit.text("list.view_deleted"))

    @get("/filter-row")
    async def filter_row(self, visit: Visit, field: str = "") -> Response[str]:
        """The operators and the input of one field, for a row of the advanced filter."""
        module = visit.module(self.module_key)
        visit.allow(module, "list")
        return visit.part("records/filter_row.html", row=_filter_row(visit, module, field, "", ""))


def _back(module: Module[Any], posted: FormMultiDict) -> str:
    query = posted.get("back", "")
    return f"/{module.key}?{query}" if query and not query.startswith("/") else f"/{module.key}"


def _view_of(visit: Visit, module: Module[Any], name: str, shared: bool, posted: FormMultiDict) -> SavedView:
    params = tuple((key, value) for key, value in posted.multi_items() if is_question(key) and value)
    state = ListState(params=params, sort=posted.get("sort", ""), mode=posted.get("mode", "list"))
    given = posted.get("view", "")
    try:
        id_ = UUID(given) if given else visit.work.new_id()
    except ValueError:
        raise NotFound from None
    return SavedView(id=id_, module=module.key, name=name, owner=visit.access.user, shared=shared, state=state)


def _frame(visit: Visit, module: Module[Any], listing: Listing, views: Sequence[SavedView]) -> dict[str, Any]:
    """What list and board have in common: title, tabs, bar, chips, panels."""
    special = visit.access.special("shared_views")
    chips = _chips(visit, module, listing)
    return {
        "module": module,
        "title": visit.voice.module(module),
        "listing": listing,
        "words": dict(listing.params).get("q", ""),
        "asked": [name for name, _ in listing.params],
        "views": [
            (visit.text("list.all"), f"/{module.key}?all=1", listing.view is None and not listing.params, ""),
            *[(view.name, f"/{module.key}?view={view.id}", listing.view is view, "") for view in views],
        ],
        "chips": chips,
        "chip_count": numbers.format_number(len(chips), visit.voice.locale) if chips else "",
        "filter_rows": _filter_rows(visit, module, listing),
        "filter_fields": _filter_fields(visit, module),
        "offered": _offered(visit, module, listing),
        "page_sizes": [(size, numbers.format_number(size, visit.voice.locale)) for size in PAGE_SIZES],
        "may": {
            action: visit.access.can(module.key, action)
            and not (action in WRITING and module.closed_to(admin=visit.access.admin))
            for action in ("create", "edit", "delete", "import", "export", "print", "mass_update")
        }
        | {"merge": may_merge(visit, module)},
        "assignable": "assigned_to" in mass_fields(visit.work, module),
        "gathers": _gathers(visit, module),
        "may_share": special,
        "may_change_view": bool(
            listing.view and (listing.view.owner == visit.access.user or (listing.view.shared and special))
        ),
    }


def _gathers(visit: Visit, module: Module[Any]) -> str:
    """The module of the lists that hold records of this one, where the reader may fill them."""
    relation = gathering(visit.work, module.key)
    return relation.module if relation and visit.access.can(relation.module, "edit") else ""


async def _content(visit: Visit, module: Module[Any], listing: Listing) -> dict[str, Any]:
    return await (_board(visit, module, listing) if listing.mode == "board" else _table(visit, module, listing))


async def _table(visit: Visit, module: Module[Any], listing: Listing) -> dict[str, Any]:
    columns = columns_for(visit, module, listing.columns)
    paths = dict.fromkeys(("name", *(column.path for column in columns), *_due_paths(module), STARRED))
    query, dropped = list_query(visit, module, listing, tuple(paths), counted=True)
    page = await visit.work.store.page(module, query)
    count = page.count
    here = _sorted_columns(visit, module, listing, columns)
    return {
        "columns": here,
        "lines": lines_for(visit, module, columns, page.rows),
        "count": _count_text(visit, count.number, capped=count.capped),
        "total": count.number,
        "pager_text": _range_text(visit, listing, len(page.rows), count),
        "next": listing.href(cursor=cursor_text(page.after), **_from(listing.start + len(page.rows)))
        if page.after
        else "",
        "previous": listing.href(cursor=cursor_text(page.before), **_from(listing.start - listing.size))
        if page.before
        else "",
        "dropped": [field_label(visit, module, path) for path in dropped],
    }


def _from(start: int) -> dict[str, str]:
    return {"from": str(max(1, start))}


def _range_text(visit: Visit, listing: Listing, number: int, count: Count) -> str:
    """«۱ تا ۵۰ از ۱٬۲۰۴»."""
    first, last = (
        numbers.format_number(place, visit.voice.locale) for place in (listing.start, listing.start + number - 1)
    )
    return visit.text(
        "list.range", first=first, last=last, number=_count_text(visit, count.number, capped=count.capped)
    )


def _due_paths(module: Module[Any]) -> tuple[str, ...]:
    return tuple(key for key in (module.due_field, module.open_field) if key in module.by_key)


async def _board(visit: Visit, module: Module[Any], listing: Listing) -> dict[str, Any]:
    axis = module.layout.board
    field = module.field(axis)
    assert isinstance(field, kinds.Choice | kinds.DependentChoice)
    cards = columns_for(visit, module, tuple(path for path in module.layout.card if path not in ("name", axis)))
    paths = dict.fromkeys(("name", axis, "version", *_due_paths(module), *(column.path for column in cards), STARRED))
    query, dropped = list_query(visit, module, listing, tuple(paths))
    query = msgspec.structs.replace(query, limit=BOARD_CARDS, cursor=None)
    lanes = await visit.work.store.lanes(module, query, axis, module.layout.board_sum)
    movable = visit.access.can(module.key, "edit") and visit.access.field(module.key, axis) == "write"
    total = sum(lane.count for lane in lanes)
    return {
        "lanes": [_lane(visit, module, field, cards, lane) for lane in lanes],
        "movable": movable,
        "unit": money.money_unit(visit.voice.base_currency, visit.voice.locale, visit.voice.catalogue),
        "count": _count_text(visit, total, capped=False),
        "total": total,
        "dropped": [field_label(visit, module, path) for path in dropped],
    }


def _lane(visit: Visit, module: Module[Any], field: Any, cards: Any, lane: Any) -> dict[str, Any]:
    option = field.options[lane.option]
    lines = lines_for(visit, module, cards, lane.rows)
    return {
        "key": lane.option,
        "label": visit.voice.option_label(field.options, option),
        "hue": option.hue,
        "glyph": stage_glyph(option) or "stage-0",
        "folded": option.closed and not lane.count,
        **lane_figures(visit, module, lane.count, lane.total),
        "cards": [
            {"line": line, "version": row["version"], "cells": list(zip(cards, line.cells, strict=True))}
            for line, row in zip(lines, lane.rows, strict=True)
        ],
        "more": numbers.format_number(lane.count - len(lines), visit.voice.locale) if lane.count > len(lines) else "",
    }


def lane_figures(visit: Visit, module: Module[Any], count: int, total: Any) -> dict[str, str]:
    """A lane's head in words: how many, and their sum in the base currency."""
    sum_ = ""
    if module.layout.board_sum and total:
        sum_ = money.format_money(
            total, visit.voice.base_currency, visit.voice.locale, visit.voice.catalogue, short=True
        )
    return {"count": numbers.format_number(count, visit.voice.locale), "sum": sum_}


def _sorted_columns(visit: Visit, module: Module[Any], listing: Listing, columns: Any) -> list[Any]:
    """The columns with the addresses that sort by them."""
    first = listing.sort.split(",")[0]
    found: list[Any] = []
    for column in columns:
        if not sortable(visit, module, column.path):
            found.append(column)
            continue
        ascending, descending = first == column.path, first == f"-{column.path}"
        href = listing.href(sort=f"-{column.path}" if ascending else column.path)
        order = "ascending" if ascending else "descending" if descending else ""
        found.append(msgspec.structs.replace(column, href=href, order=order))
    return found


def _count_text(visit: Visit, number: int, *, capped: bool) -> str:
    text = numbers.format_number(number, visit.voice.locale)
    return visit.text("list.capped", number=text) if capped else text


def _offered(visit: Visit, module: Module[Any], listing: Listing) -> list[tuple[str, str, bool]]:
    """The columns chooser: the shown ones in their order, then the others."""
    hidden = visit.access.hidden(module.key)
    every = dict.fromkeys((*listing.columns, *module.layout.columns, *module.layout.offered))
    return [
        (path, field_label(visit, module, path), path in listing.columns)
        for path in every
        if path.split(".")[0] not in hidden
    ]


def _filter_fields(visit: Visit, module: Module[Any]) -> list[tuple[str, str]]:
    hidden = visit.access.hidden(module.key)
    every = dict.fromkeys((*module.layout.advanced, *module.layout.columns, *module.layout.offered))
    found = [
        (path, field_label(visit, module, path))
        for path in every
        if path.split(".")[0] not in hidden and _ops(visit, module, path)
    ]
    return sorted(found, key=lambda item: item[1])


def _ops(visit: Visit, module: Module[Any], path: str) -> tuple[str, ...]:
    try:
        field, part = read_path(visit.work.registry, module, path)
    except BadValue:
        return ()
    return ("contains", "starts", "eq", "empty") if part else operators(field)


def _conditions(listing: Listing) -> list[tuple[str, str, str, str]]:
    """The rows of the filter: parameter name, path, operator, value."""
    found: list[tuple[str, str, str, str]] = []
    for name, value in listing.params:
        if name.startswith("filter["):
            path, _, op = name.removeprefix("filter[").rstrip("]").partition("][")
            found.append((name, path, op, value))
    return found


def _filter_rows(visit: Visit, module: Module[Any], listing: Listing) -> list[dict[str, Any]]:
    rows = [
        _filter_row(visit, module, path, op, value)
        for _, path, op, value in _conditions(listing)
        if _ops(visit, module, path)
    ]
    return rows or [_filter_row(visit, module, "", "", "")]


def _filter_row(visit: Visit, module: Module[Any], path: str, op: str, value: str) -> dict[str, Any]:
    """One row of the advanced filter: its field, the operators it understands, and choices for its value."""
    fields = _filter_fields(visit, module)
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


def _chips(visit: Visit, module: Module[Any], listing: Listing) -> list[tuple[str, str, str]]:
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
