"""The figures of a report's groups as one statement: every level of the grouping in it, each record counted once."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    null,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from crm_domain.definition import kinds
from crm_domain.definition.kinds import Kind
from crm_domain.query.filter import EVERYTHING
from crm_domain.reports.check import measured
from crm_domain.reports.paths import fans_out
from crm_domain.reports.question import NOW, Grouping, Measure
from crm_storage.columns import leading
from crm_storage.records.reach import From
from crm_storage.records.shown import shown_name
from crm_storage.records.sql import Sql, compiled
from crm_storage.reports.joined import Joined

DAY_S = 86_400
STARTS = {"month": "month_starts", "quarter": "quarter_starts", "year": "year_starts"}
"""By bucket, the parameter that holds the first days of all of them in the reader's calendar."""
Column = ColumnElement[Any]


class Figures(NamedTuple):
    """The statement. A row: whether it divides by each grouping, the keys, their names where they are records, the count, the measures."""

    sql: Sql
    levels: tuple[tuple[int, ...], ...]


def levels_of(number: int, *, crossed: bool) -> tuple[tuple[int, ...], ...]:
    """By which groupings each level divides, the whole first: one more at a time or, crossed, in every combination."""
    if crossed:
        return tuple(level for size in range(number + 1) for level in combinations(range(number), size))
    return tuple(tuple(range(size)) for size in range(number + 1))


def figures(joined: Joined) -> Figures:
    """The statement of all levels, the upper ones first, then by the measure that sorts, at most `limit` rows."""
    question = joined.asked.question
    levels = levels_of(len(question.groups), crossed=question.kind == "matrix")
    inner = _Inner(joined, levels)
    rows = inner.select().subquery("r")
    keys = [rows.c[f"k{number}"] for number in range(len(question.groups))]
    names = [func.min(rows.c[f"n{number}"]) for number in range(len(keys))]
    counted = [_aggregate(rows, place, measure, inner, levels, keys) for place, measure in inner.measures]
    if not keys:
        return Figures(compiled(select(*counted)), levels)
    parted = [func.grouping(key) for key in keys]
    sets = func.grouping_sets(*(tuple_(*(keys[place] for place in level)) for level in levels))
    labelled = [column.label(f"c{number}") for number, column in enumerate((*parted, *keys, *names, *counted))]
    order = [sum(parted[1:], parted[0]).desc(), *_sorted(question.sort, labelled[3 * len(keys) + 1 :]), *keys]
    statement = select(*labelled).group_by(sets).order_by(*order).limit(bindparam("limit", type_=Integer()))
    return Figures(compiled(statement), levels)


def _sorted(sort: str, measures: Sequence[Column]) -> list[Any]:
    if not sort:
        return []
    column = measures[int(sort.lstrip("-")[1:])]
    return [column.desc().nulls_last() if sort.startswith("-") else column.asc().nulls_last()]


class _Inner:
    """The joined rows with their keys, values and conditions, and which of them is the first of its record in its group."""

    def __init__(self, joined: Joined, levels: tuple[tuple[int, ...], ...]) -> None:
        self.joined, self.levels = joined, levels
        self.question = joined.asked.question
        registry = joined.context.registry
        self.measures: list[tuple[int, Measure]] = [(-1, Measure()), *enumerate(self.question.measures)]
        """The count of the base's records first, then those asked."""
        self.sources = {place: measured(registry, joined.base, measure) for place, measure in self.measures}
        repeats = any(fans_out(registry, joined.base, step.path) for step in joined.asked.steps)
        self.repeated = {source for source in self.sources.values() if source or repeats}
        """Sources whose records may stand in several rows."""

    def select(self) -> Select[Any]:
        joined, columns = self.joined, list[Column]()
        keys = [key_of(joined, group) for group in self.question.groups]
        for number, (key, name) in enumerate(keys):
            columns += [key.label(f"k{number}"), name.label(f"n{number}")]
        for place, measure in self.measures:
            columns.append(_value(joined, measure, self.sources[place]).label(_name("v", place)))
            if (only := joined.asked.only[place] if place >= 0 else joined.asked.counted) != EVERYTHING:
                wanted = func.coalesce(joined.condition(self.sources[place], only), false())
                columns.append(wanted.label(_name("o", place)))
        for number, source in enumerate(sorted(self.repeated)):
            id_ = joined.tables[source].c.id
            for depth, level in enumerate(self.levels):
                within = [keys[place][0] for place in level]
                first = func.row_number().over(partition_by=[*within, id_]) == 1
                columns.append(first.label(f"f{number}_{depth}"))
        conditions = joined.conditions()
        return select(*columns).select_from(joined.source()).where(*conditions)

    def first(self, rows: Any, place: int, depth: int) -> Column | None:
        """Whether a row is the first of the measure's record at a level; None where each record stands in one row."""
        if self.sources[place] not in self.repeated:
            return None
        return rows.c[f"f{sorted(self.repeated).index(self.sources[place])}_{depth}"]


def _name(letter: str, place: int) -> str:
    return f"{letter}{place}" if place >= 0 else f"{letter}_all"


def _aggregate(
    rows: Any, place: int, measure: Measure, inner: _Inner, levels: tuple[tuple[int, ...], ...], keys: Sequence[Column]
) -> Column:
    """A measure at whatever level a row is of."""
    value = rows.c[_name("v", place)]
    only = rows.c.get(_name("o", place))
    if inner.first(rows, place, 0) is None:
        return _figure(measure, value, None, only)
    if len(levels) == 1:
        return _figure(measure, value, inner.first(rows, place, 0), only)
    grouping = func.grouping(*keys)
    return case(
        *(
            (grouping == _mask(level, len(keys)), _figure(measure, value, inner.first(rows, place, depth), only))
            for depth, level in enumerate(levels)
        )
    )


def _mask(level: tuple[int, ...], number: int) -> int:
    """What GROUPING gives for a level: a bit for each key it does not divide by, the first key's the highest."""
    return sum(1 << (number - 1 - place) for place in range(number) if place not in level)


def _figure(measure: Measure, value: Column, first: Column | None, only: Column | None) -> Column:
    there = value.is_not(None) if first is None else and_(first, value.is_not(None))
    wanted = there if only is None else and_(there, only)
    match measure.fn:
        case "count":
            return func.count().filter(wanted)
        case "share":
            whole = func.nullif(func.count().filter(there), 0)
            return func.round(100 * cast(func.count().filter(wanted), Numeric) / whole, 2)
        case "sum":
            return func.coalesce(func.sum(value).filter(wanted), 0)
        case "avg":
            return func.avg(value).filter(wanted)
        case "min":
            return func.min(value).filter(wanted)
        case "max":
            return func.max(value).filter(wanted)


def _value(joined: Joined, measure: Measure, source: str) -> Column:
    if measure.fn in ("count", "share"):
        return joined.tables[source].c.id
    if measure.since:
        return span(joined, measure.path, measure.since)
    place, table = joined.place(measure.path)
    return table.c[leading(place.field)]


def span(joined: Joined, path: str, since: str) -> Column:
    """Days from one moment to another, with decimals."""
    seconds = func.extract("epoch", _moment(joined, path) - _moment(joined, since))
    return cast(seconds / DAY_S, Numeric(20, 4))


def _moment(joined: Joined, path: str) -> Column:
    if path == NOW:
        return bindparam("now", type_=DateTime(timezone=True))
    place, table = joined.place(path)
    column = table.c[leading(place.field)]
    return column if isinstance(place.field, kinds.DateTime) else func.timezone(_zone(), cast(column, DateTime()))


def _zone() -> Any:
    return bindparam("zone", type_=Text())


def key_of(joined: Joined, group: Grouping) -> tuple[Column, Column]:
    """What a grouping divides by, and the name of a record it stands for."""
    unnamed = cast(null(), Text())
    if group.since:
        return _band(span(joined, group.path, group.since), group.bands), unnamed
    place, table = joined.place(group.path)
    field = place.field
    match field:
        case kinds.Link() | kinds.UserLink():
            linked = joined.tables[group.path]
            module = joined.context.registry[joined.step(group.path).target]
            return linked.c.id, shown_name(module, linked)
        case kinds.AnyLink():
            return table.c[f"{field.key}_module"], unnamed
        case kinds.Address():
            return _spelt(table.c[f"{field.key}_{place.part or 'city'}"])
        case kinds.Boolean():
            return func.coalesce(table.c[field.key], false()), unnamed
        case _ if group.bucket:
            return _bucket(_day(field, table), group.bucket), unnamed
        case _ if group.bands:
            return _band(table.c[leading(field)], group.bands), unnamed
        case kinds.Text():
            return _spelt(table.c[field.key])
        case kinds.Computed() if field.result == "text":
            return _spelt(table.c[field.key])
        case _:
            return table.c[leading(field)], unnamed


def _spelt(column: Column) -> tuple[Column, Column]:
    """Text without regard to its spellings, as lists compare it, and one of them."""
    return func.nullif(func.crm.search_key(column), ""), column


def _day(field: Kind, table: From) -> Column:
    """The reader's day of a moment."""
    column = table.c[leading(field)]
    return cast(func.timezone(_zone(), column), Date()) if isinstance(field, kinds.DateTime) else column


def _bucket(day: Column, bucket: str) -> Column:
    """A day or the first of its week; of longer ones the place among the first days that the parameter holds."""
    match bucket:
        case "day":
            return day
        case "week":
            weekday = cast(func.extract("isodow", day), Integer) + 6 - bindparam("week_start", type_=Integer())
            return day - func.mod(weekday, 7)
        case _:
            return func.width_bucket(day, bindparam(STARTS[bucket], type_=ARRAY(Date())))


def _band(value: Column, bands: tuple[int, ...]) -> Column:
    """How many of the bounds a number reaches."""
    bounds = literal(list(bands), ARRAY(Numeric()))
    return case((value.is_(None), null()), else_=func.width_bucket(cast(value, Numeric()), bounds))
