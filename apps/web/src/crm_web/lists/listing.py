"""A list's state: what the address asks, over the saved view it names, over how the user left the module."""

import base64
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from crm_domain.definition import Module
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.query.page import PAGE_SIZES, Cursor, ListQuery, parse_sort
from crm_domain.query.read import may_read, read_filter, read_path, still_known
from crm_domain.query.resolve import resolve
from crm_domain.records.shelf import ListState, SavedView
from crm_domain.text.digits import plain_number
from crm_web.visit import Visit

QUESTION = ("q", "mine", "starred", "followed", "open", "unassigned", "late", "match")
DEFAULT_SIZE = 50
BOARD_CARDS = 20


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one list, complete: the same address gives the same list to anybody, within his rights."""

    params: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    sort: str
    mode: str
    size: int
    cursor: str = ""
    start: int = 1
    """The place of the page's first row, as the links between pages carry it along."""
    view: SavedView | None = None
    opens_with: str = ""
    """The view its module opens with for this user."""
    state: ListState = ListState()
    """How he left the module."""
    altered: bool = False
    """Whether the address asks for something else than the view it names."""

    def href(self, **changes: str | None) -> str:
        """This list with some parameters changed; None leaves one out. A changed question begins at its first page."""
        pairs = dict[str, str]()
        if self.view:
            pairs["view"] = str(self.view.id)
        state = {
            "sort": self.sort,
            "mode": self.mode if self.mode != "list" else "",
            **{k: v or "" for k, v in changes.items()},
        }
        question = [(name, value) for name, value in self.params if name not in changes]
        asked = [*pairs.items(), *question, *((name, value) for name, value in state.items() if value)]
        if not question and self.view:
            asked.append(("all", "1"))
        return "?" + urlencode(asked)

    def without(self, *names: str) -> str:
        """This list without some conditions."""
        kept = tuple((name, value) for name, value in self.params if name not in names)
        return msgspec.structs.replace(self, params=kept).href()

    def question(self) -> str:
        """Only what is asked, for forms and exports that carry it along."""
        return urlencode([*self.params, ("sort", self.sort)])


async def read_listing(visit: Visit, module: Module[Any]) -> tuple[Listing, Sequence[SavedView]]:
    """The list's state, and the module's views."""
    given = visit.request.query_params
    asked = tuple((name, value) for name, value in given.multi_items() if is_question(name) and value)
    desk = await visit.desk(module.key)
    state, views = desk.state, desk.views
    wanted = given.get("view", "") if given else state.view
    chosen = next((view for view in views if str(view.id) == wanted), None)
    base = chosen.state if chosen else ListState()
    params = asked if asked or "all" in given else still_known(visit.work.registry, module, base.params)
    wished = _known_sort(visit, module, given.get("sort", "") or base.sort)
    sort = wished or _known_sort(visit, module, module.layout.sort)
    columns = _known(visit, module, state.columns) or _known(visit, module, base.columns) or module.layout.columns
    mode = given.get("mode", base.mode)
    listing = Listing(
        params=params,
        columns=columns,
        sort=sort,
        mode="board" if mode == "board" and has_board(visit, module) else "list",
        size=state.page_size if state.page_size in PAGE_SIZES else visit.actor.preferences.page_size or DEFAULT_SIZE,
        cursor=given.get("cursor", ""),
        start=(plain_number(given.get("from", "")) or 1) if given.get("cursor") else 1,
        view=chosen,
        opens_with=state.view,
        state=state,
        altered=bool(chosen) and (params != base.params or bool(base.sort and sort != base.sort)),
    )
    return listing, views


def has_board(visit: Visit, module: Module[Any]) -> bool:
    """Whether its records may be seen in lanes, which would tell of the field they are laid out by."""
    return bool(module.layout.board) and may_read(visit.access, module, module.layout.board)


def is_question(name: str) -> bool:
    return name in QUESTION or name.startswith("filter[")


def list_query(
    visit: Visit, module: Module[Any], listing: Listing, columns: Sequence[str], *, counted: bool = False
) -> tuple[ListQuery, tuple[str, ...]]:
    """The query, and the fields it named that the reader may not see. Raises Invalid for a question that makes no sense."""
    registry, voice = visit.work.registry, visit.voice
    asked = read_filter(registry, module, listing.params, voice)
    resolved = resolve(asked, registry, module, visit.access, voice)
    query = ListQuery(
        filter=resolved.filter,
        columns=tuple(columns),
        sort=parse_sort(listing.sort),
        limit=listing.size,
        cursor=read_cursor(listing.cursor) if listing.cursor else None,
        counted=counted,
    )
    return query, resolved.dropped


def cursor_text(cursor: Cursor | None) -> str:
    """A cursor as it stands in an address."""
    if cursor is None:
        return ""
    body = [[_tagged(value) for value in cursor.values], str(cursor.id), cursor.backward]
    return base64.urlsafe_b64encode(msgspec.json.encode(body)).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """The reverse of `cursor_text`. Raises Invalid."""
    try:
        padded = text + "=" * (-len(text) % 4)
        values, id_, backward = msgspec.json.decode(
            base64.urlsafe_b64decode(padded), type=tuple[list[tuple[str, Any]], str, bool]
        )
        return Cursor(tuple(_READERS[tag](value) for tag, value in values), UUID(id_), backward)
    except (ValueError, KeyError, TypeError, ArithmeticError, msgspec.DecodeError):
        raise Invalid({"cursor": (FieldProblem("problems.wrong_cursor"),)}) from None


_READERS: dict[str, Any] = {
    "0": lambda _value: None,
    "b": bool,
    "i": int,
    "n": lambda value: Decimal(str(value)),
    "t": lambda value: datetime.fromisoformat(str(value)),
    "d": lambda value: date.fromisoformat(str(value)),
    "s": str,
}


def _tagged(value: Any) -> tuple[str, Any]:
    match value:
        case None:
            return "0", 0
        case bool():
            return "b", value
        case int():
            return "i", value
        case Decimal():
            return "n", str(value)
        case datetime():
            return "t", value.isoformat()
        case date():
            return "d", value.isoformat()
        case _:
            return "s", str(value)


def _known(visit: Visit, module: Module[Any], columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(path for path in columns if _exists(visit, module, path))


def _known_sort(visit: Visit, module: Module[Any], sort: str) -> str:
    """The sort without keys that do not exist or may not be seen, for sorting by a hidden field would tell of it."""
    paths = ((part, part.lstrip("-")) for part in sort.split(","))
    return ",".join(
        part for part, path in paths if _exists(visit, module, path) and may_read(visit.access, module, path)
    )


def _exists(visit: Visit, module: Module[Any], path: str) -> bool:
    try:
        read_path(visit.work.registry, module, path)
    except BadValue:
        return False
    return True
