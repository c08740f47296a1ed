"""Rows for templates: every value made text beforehand, so that a table only loops over plain facts."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from crm_domain.access.rights import Scope
from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.problems import BadValue
from crm_domain.query.page import Row
from crm_domain.query.read import behind, may_read, read_path
from crm_domain.text import money
from crm_ui.cells import NUMERIC, Cell, Draw, drawer, part_drawer, spared
from crm_ui.inputs import DO_NOT_CALL
from crm_web.letters.writing import writing, written_here
from crm_web.visit import Visit

FILES = (kinds.File, kinds.Files, kinds.Image)
UNSORTABLE = (kinds.LongText, kinds.RichText, kinds.MultiChoice, kinds.Emails, kinds.AnyLink, kinds.Bill, *FILES)


class Column(msgspec.Struct, frozen=True):
    """One column of a table: its label, whether numbers stand in it, where its head sorts to."""

    path: str
    label: str
    numeric: bool
    css: str
    draw: Draw
    href: str = ""
    due: bool = False
    """Whether it is marked on records that are late."""
    mail: bool = False
    """Whether addresses stand in it."""
    spared: str = ""
    """For phone numbers, the field that says whether their owner may be called."""
    order: str = ""
    """ascending, descending or empty, as `aria-sort` says it."""
    inline: bool = False
    """Whether its values may be edited where they stand."""
    also: str = ""
    """Where its head sorts to within the order that the list has."""
    rank: str = ""
    """Its place among several sorted columns, for the reader; empty for the first and for what is not sorted."""


class Line(msgspec.Struct, frozen=True):
    """One row of a table. `select` and `star` say what its box and its star do."""

    id: str
    name: str
    href: str
    cells: tuple[Cell, ...]
    select: str
    star: str
    starred: bool = False
    late: bool = False
    done: str = ""
    """Where one tick completes it; empty for what is completed or not the reader's to complete."""

    def across(self, columns: Sequence[Column]) -> Iterable[tuple[Column, Cell]]:
        """Each cell with its column."""
        return zip(columns, self.cells, strict=True)


def columns_for(visit: Visit, module: Module[Any], paths: Iterable[str]) -> list[Column]:
    """The columns of paths the reader may see, with their labels."""
    return [_column(visit, module, path) for path in paths if may_read(visit.access, module, path)]


def lines_for(visit: Visit, module: Module[Any], columns: Sequence[Column], rows: Sequence[Row]) -> list[Line]:
    """The rows drawn."""
    overdue, finish = _overdue(visit, module), finishable(visit, module)
    draws = [(column.path, column.draw) for column in columns]
    asked = [(place, column.spared) for place, column in enumerate(columns) if column.spared]
    written = [(place, column.path) for place, column in enumerate(columns) if column.mail and visit.actor.writes_here]
    lines: list[Line] = []
    for row in rows:
        id_, name = str(row.id), str(row["name"] or "")
        cells = [draw(row[path]) for path, draw in draws]
        for place, path in written:
            cells[place] = written_here(cells[place], writing(visit, module, None if "." in path else row.id))
        for place, path in asked:
            if row.values.get(path):
                cells[place] = spared(cells[place], visit.voice)
        lines.append(
            Line(
                id=id_,
                name=name,
                href=f"/{module.key}/{id_}",
                cells=tuple(cells),
                select=visit.text("components.select_row", name=name),
                star=visit.text("list.star", name=name),
                starred=bool(row["starred"]),
                late=overdue(row),
                done=f"/{module.key}/{id_}/done" if finish(row) else "",
            )
        )
    return lines


def field_label(visit: Visit, module: Module[Any], path: str) -> str:
    """A column's label: the field's, with the link it lies behind."""
    target = behind(module.by_key.get(path.split(".", maxsplit=1)[0]))
    return visit.voice.path_label(module, path, visit.work.registry.get(target))


def sortable(visit: Visit, module: Module[Any], path: str) -> bool:
    """Whether lists may be sorted by a column."""
    try:
        field, part = read_path(visit.work.registry, module, path)
    except BadValue:
        return False
    return bool(part) or not isinstance(field, UNSORTABLE)


def _column(visit: Visit, module: Module[Any], path: str) -> Column:
    field, part = read_path(visit.work.registry, module, path)
    draw = part_drawer() if part else drawer(field, visit.voice)
    label = field_label(visit, module, path)
    if isinstance(field, kinds.Money):
        label = visit.text("list.with_unit", label=label, unit=_unit(visit))
        draw = _amount_drawer(visit, field)
    mail = isinstance(field, kinds.Emails)
    css, due, asked = _css(field, path), path == module.due_field, _spared(visit, module, path, field)
    return Column(path, label, isinstance(field, NUMERIC), css, draw, due=due, mail=mail, spared=asked)


def _spared(visit: Visit, module: Module[Any], path: str, field: Kind) -> str:
    """Where a phone number's owner says whether he may be called, as far as the reader may know; empty for nowhere."""
    if not isinstance(field, kinds.Phone):
        return ""
    link, _, _ = path.rpartition(".")
    beside = f"{link}.{DO_NOT_CALL}" if link else DO_NOT_CALL
    target = behind(module.by_key.get(link)) or module.key
    known = isinstance(visit.work.registry[target].by_key.get(DO_NOT_CALL), kinds.Boolean)
    return beside if known and DO_NOT_CALL not in visit.access.hidden(target) else ""


def _unit(visit: Visit) -> str:
    return money.money_unit(visit.voice.base_currency, visit.voice.locale, visit.voice.catalogue)


def _amount_drawer(visit: Visit, field: Kind) -> Draw:
    """Amounts in the column's unit stand bare; those in another currency name it."""
    plain = drawer(field, visit.voice)
    base, locale = visit.voice.base_currency, visit.voice.locale

    def draw(value: Any) -> Cell:
        if value is None or value.currency != base:
            return plain(value)
        return Cell(money.edit_money(value.value, value.currency, locale), "num")

    return draw


def _css(field: Kind, path: str) -> str:
    if path == "name":
        return "c-name"
    match field:
        case kinds.UserLink():
            return "c-who muted"
        case kinds.Link():
            return "c-account muted"
        case kinds.Choice() | kinds.DependentChoice():
            return "c-stage"
        case kinds.Money():
            return "c-amount"
        case kinds.Date():
            return "c-date muted"
        case kinds.DateTime():
            return "c-when muted hide-s"
        case _:
            return "muted"


def finishable(visit: Visit, module: Module[Any]) -> Callable[[Row], bool]:
    """Which planned records one tick would complete: with a right that ends at one's own, only those seen to be his."""
    status = module.by_key.get(module.open_field)
    planned = module.schedule and module.schedule.done and isinstance(status, kinds.Choice)
    if not planned or module.closed_to(admin=visit.access.admin) or not visit.access.can(module.key, "edit"):
        return lambda _row: False
    assert isinstance(status, kinds.Choice)
    ended, everybody = {*status.options.closed_keys(), None}, visit.access.scope(module.key, "edit") == Scope.ALL

    def open_to_me(row: Row) -> bool:
        owner = row.values.get("assigned_to")
        mine = everybody or (owner is not None and owner.id == visit.access.user)
        return mine and row.values.get(status.key) not in ended

    return open_to_me


def _overdue(visit: Visit, module: Module[Any]) -> Any:
    """Open records whose time has passed."""
    due = module.due_field
    if not due or not module.open_field or not may_read(visit.access, module, module.open_field):
        return lambda _row: False
    field = module.field(module.open_field)
    closed = set(field.options.closed_keys()) if isinstance(field, kinds.Choice | kinds.DependentChoice) else set[str]()
    moments = isinstance(module.field(due), kinds.DateTime)
    limit: Any = visit.voice.now if moments else visit.voice.today()

    def late(row: Row) -> bool:
        when = row[due]
        return when is not None and when < limit and row[module.open_field] not in closed

    return late
