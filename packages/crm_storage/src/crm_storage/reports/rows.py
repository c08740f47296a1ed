"""The rows of a list report as one statement."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, bindparam, select

from crm_domain.query.page import Sort
from crm_domain.reports.paths import Place
from crm_storage.records.decode import Reader, expressions
from crm_storage.records.order import Key, key_of
from crm_storage.records.reach import From, link_target
from crm_storage.records.shown import shown_name
from crm_storage.records.sql import Sql, compiled
from crm_storage.reports.joined import Joined


class Part(NamedTuple):
    """One column: where its values lie in a row, and how to read them."""

    start: int
    stop: int
    read: Reader


class Rows(NamedTuple):
    """A compiled list: a row begins with the base record's id."""

    sql: Sql
    parts: tuple[Part, ...]

    def values(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """The columns' values of one row."""
        return tuple(part.read(row[part.start : part.stop]) for part in self.parts)


def rows(joined: Joined) -> Rows:
    """The statement of the rows beyond `offset`, at most `limit`."""
    table = joined.tables[""]
    columns: list[ColumnElement[Any]] = [table.c.id]
    parts: list[Part] = []
    for path in joined.asked.question.columns:
        found, read = _column(joined, path)
        parts.append(Part(len(columns), len(columns) + len(found), read))
        columns += found
    keys = [_key(joined, sort) for sort in joined.asked.sort]
    order = [
        (key.expression.desc() if key.descending else key.expression.asc()).nulls_last()
        for key in (*keys, Key(table.c.id, True, False))
    ]
    conditions = joined.conditions()
    labelled = [column.label(f"c{number}") for number, column in enumerate(columns)]
    statement = select(*labelled).select_from(joined.source()).where(*conditions).order_by(*order)
    limits = bindparam("limit", type_=Integer()), bindparam("offset", type_=Integer())
    return Rows(compiled(statement.limit(limits[0]).offset(limits[1])), tuple(parts))


def _column(joined: Joined, path: str) -> tuple[list[ColumnElement[Any]], Reader]:
    place, table = joined.place(path)
    if place.part:
        return [table.c[f"{place.field.key}_{place.part}"]], lambda row: row[0]
    if place.field.key == "name":
        return [shown_name(place.module, table)], lambda row: row[0]
    if not link_target(place.field):
        return expressions(place.field, table, None, joined.context.tables)
    linked = joined.tables[path]
    module = joined.context.registry[joined.step(path).target]
    return expressions(place.field, table, (shown_name(module, linked), linked.c.deleted_at), joined.context.tables)


def _key(joined: Joined, sort: Sort) -> Key:
    place, table = joined.place(sort.field)
    if place.field.key in ("name", place.module.sort_field):
        return Key(table.c.sort_key, sort.descending, False)
    return key_of(place.field, table, place.part, _linked(joined, place, sort.field), descending=sort.descending)


def _linked(joined: Joined, place: Place, path: str) -> From | None:
    return joined.tables[path] if link_target(place.field) else None
