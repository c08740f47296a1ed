"""List statements: which columns, joined to what, in which order, beyond which cursor. Compiled once per shape."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from crm_domain.access.rights import Access, Scope
from crm_domain.definition import Module, Registry
from crm_domain.problems import NotFound
from crm_domain.query.filter import Filter, Linked
from crm_domain.query.page import Sort
from crm_storage.columns import leading
from crm_storage.records.compile import Where, linked
from crm_storage.records.decode import Reader, expressions
from crm_storage.records.order import Key, Order, key_of
from crm_storage.records.reach import ME, Around, Clause, From, allowed, link_target, reach
from crm_storage.records.shape import Slot
from crm_storage.records.shown import shown_name
from crm_storage.records.sql import Sql, compiled

STARRED, FOLLOWED = "starred", "followed"
SHELVES = {STARRED: "favourite", FOLLOWED: "follow"}
"""Columns every list may ask for: whether the record is among the reader's favourites, or one that he follows."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a query that decides its SQL."""

    module: str
    columns: tuple[str, ...]
    filter: Filter
    sort: tuple[Sort, ...]
    scope: Scope
    target_scopes: tuple[tuple[str, Scope], ...]
    around: Around = Around()
    guest: bool = False
    """Events the reader takes part in are within reach too."""
    deleted: bool = False
    cursor: tuple[Slot | None, ...] | None = None
    backward: bool = False
    segment: str = ""
    """"filled" or "empty": only rows whose first sort value is so, which lets an index serve either part of a page."""
    by_ids: bool = False
    lock: bool = False
    """For a change, which starts from what is stored: names too."""
    counted: bool = False
    """With how many there are in the whole result, no further than the parameter `cap`, as the last column."""
    linked: tuple[str, bool] | None = None
    """Only records that a relation's table links to the parameter `owner`, who is its left side or not."""


class Field(NamedTuple):
    """One column of the answer: where its values lie in a row and how to read them."""

    key: str
    start: int
    stop: int
    read: Reader


class Statement(NamedTuple):
    """A compiled query. The row begins with the id and the sort values, then come the fields."""

    sql: Sql
    sorts: int
    fields: tuple[Field, ...]


class Selector:
    """Builds list statements for one registry, remembering them by shape."""

    def __init__(self, registry: Registry, tables: Mapping[str, Table]) -> None:
        self.registry = registry
        self.tables = dict(tables)
        self._statements: dict[Shape, Statement] = {}
        self._figures: dict[tuple[Shape, str, str], Sql] = {}
        self._lanes: dict[tuple[Shape, str], Statement] = {}
        self._counts: dict[tuple[Shape, ...], Sql] = {}

    def rows(self, shape: Shape) -> Statement:
        """The statement of a page of rows."""
        found = self._statements.get(shape)
        if found is None:
            found = self._statements[shape] = Build(self, shape).rows()
        return found

    def ids(self, shape: Shape) -> Sql:
        """The statement of the ids a shape selects beyond `after`, in their order, at most `limit` of them."""
        key = (shape, "", "ids")
        if key not in self._figures:
            self._figures[key] = Build(self, shape).ids()
        return self._figures[key]

    def figure(self, shape: Shape, what: str) -> Sql:
        """The statement that sums a field over what a shape selects."""
        key = (shape, "", what)
        if key not in self._figures:
            self._figures[key] = Build(self, shape).figure(what)
        return self._figures[key]

    def counts(self, shapes: tuple[Shape, ...]) -> Sql:
        """The statement that counts what each of several shapes selects, side by side in one row."""
        found = self._counts.get(shapes)
        if found is None:
            parts = [Build(self, shape).counted().label(f"n{number}") for number, shape in enumerate(shapes)]
            found = self._counts[shapes] = compiled(select(*parts))
        return found

    def lane_figures(self, shape: Shape, axis: str, amounts: tuple[str, ...]) -> Sql:
        """The statement that counts by the options of `axis` and sums each amount; an empty one stays empty."""
        key = (shape, axis, "+".join(amounts))
        if key not in self._figures:
            self._figures[key] = Build(self, shape).lane_figures(axis, amounts)
        return self._figures[key]

    def lane_rows(self, shape: Shape, axis: str) -> Statement:
        """The first rows of every lane named in the parameter `lanes`, in one statement."""
        key = (shape, axis)
        if key not in self._lanes:
            self._lanes[key] = Build(self, shape).lane_rows(axis)
        return self._lanes[key]

    def scopes(self, module: Module[Any], access: Access) -> tuple[tuple[str, Scope], ...]:
        """How far the reader sees the modules that links of this one point at."""
        targets = {link_target(field) for field in module.fields} - {"", "users"}
        return tuple(sorted((target, access.scope(target, "view")) for target in targets))


class Build:
    """One statement in the making, from a module's table `t` with its links `l_<key>`; reports join theirs to it."""

    def __init__(self, selector: Selector, shape: Shape) -> None:
        self.selector = selector
        self.shape = shape
        self.registry = selector.registry
        self.tables = selector.tables
        self.module = selector.registry[shape.module]
        self.table = selector.tables[shape.module].alias("t")
        self.targets = dict(shape.target_scopes)
        self.joins: dict[str, From] = {}
        self.where = Where(self.registry, self.tables, self.module, self.table, self.joined)

    def rows(self) -> Statement:
        statement, sorts, fields = self._select()
        return Statement(compiled(statement), sorts, fields)

    def lane_rows(self, axis: str) -> Statement:
        lane = func.unnest(bindparam("lanes", type_=ARRAY(Text()))).table_valued("key").render_derived(name="lane")
        statement, sorts, fields = self._select()
        rows = statement.where(self.table.c[axis] == lane.c.key).correlate(lane).lateral("r")
        return Statement(compiled(select(*rows.c).select_from(lane.join(rows, true()))), sorts, fields)

    def lane_figures(self, axis: str, amounts: tuple[str, ...]) -> Sql:
        conditions = self.conditions()
        column = self.table.c[axis]
        sums = [func.sum(self.table.c[leading(self.module.field(key))]) if key else null() for key in amounts]
        statement = select(column, func.count(), *sums).select_from(self.source()).where(*conditions).group_by(column)
        return compiled(statement)

    def _select(self) -> tuple[Select[Any], int, tuple[Field, ...]]:
        columns: list[ColumnElement[Any]] = [self.table.c.id]
        shape = self.shape
        order = Order(
            [self._key(sort) for sort in shape.sort], self.table.c.id, shape.backward, shape.segment, shape.cursor
        )
        columns += [key.expression for key in order.keys]
        fields: list[Field] = []
        for path in self.shape.columns:
            found, read = self._column(path)
            fields.append(Field(path, len(columns), len(columns) + len(found), read))
            columns += found
        conditions = [*self.conditions(), *order.beyond()]
        if self.shape.counted:
            whole = msgspec.structs.replace(self.shape, columns=(), sort=(), cursor=None, segment="")
            columns.append(Build(self.selector, whole).counted())
        labelled = [column.label(f"c{number}") for number, column in enumerate(columns)]
        statement = (
            select(*labelled).where(*conditions).order_by(*order.columns()).limit(bindparam("limit", type_=Integer()))
        )
        statement = statement.select_from(self.source())
        if self.shape.lock:
            statement = statement.with_for_update(of=self.table)
        return statement, len(order.keys), tuple(fields)

    def ids(self) -> Sql:
        conditions = self.conditions()
        after = bindparam("after", type_=Uuid())
        statement = (
            select(self.table.c.id)
            .select_from(self.source())
            .where(*conditions, or_(after.is_(None), self.table.c.id > after))
            .order_by(self.table.c.id)
            .limit(bindparam("limit", type_=Integer()))
        )
        return compiled(statement)

    def figure(self, what: str) -> Sql:
        conditions = self.conditions()
        amount = self.table.c[leading(self.module.field(what))]
        return compiled(select(func.sum(amount)).select_from(self.source()).where(*conditions))

    def counted(self) -> Any:
        """How many there are, as one value. Built by itself: joins it does not need would keep it from an index alone."""
        conditions = self.conditions()
        inner = select(self.table.c.id).select_from(self.source()).where(*conditions)
        limited = inner.limit(bindparam("cap", type_=Integer())).subquery()
        return select(func.count()).select_from(limited).scalar_subquery()

    def joined(self, key: str) -> From:
        """The target of a link field. A record the reader may not see joins as nothing, so its name does not show."""
        if key not in self.joins:
            self.joins[key] = self.tables[link_target(self.module.field(key))].alias(f"l_{key}")
        return self.joins[key]

    def source(self) -> Any:
        """The table with all that was joined until now: called once everything else is built."""
        source: Any = self.table
        for key, alias in self.joins.items():
            target = link_target(self.module.field(key))
            on: Clause = alias.c.id == self.table.c[key]
            if target in self.targets:
                on = and_(on, reach(self.targets[target], alias))
            source = source.outerjoin(alias, on)
        return source

    def conditions(self) -> list[Clause]:
        """What the rows must be: alive, within reach, as the filter wants them."""
        alive = self.table.c.deleted_at.is_not(None) if self.shape.deleted else self.table.c.deleted_at.is_(None)
        conditions = [alive, self._reach(), self.where.clause(self.shape.filter)]
        if self.shape.by_ids:
            conditions.append(self.table.c.id == bindparam("ids", type_=ARRAY(Uuid())).any_())
        if self.shape.linked:
            key, left = self.shape.linked
            links = self.tables[key]
            mine, other = (links.c.left_id, links.c.right_id) if left else (links.c.right_id, links.c.left_id)
            conditions.append(self.table.c.id.in_(select(other).where(mine == bindparam("owner", type_=Uuid()))))
        return conditions

    def _reach(self) -> Clause:
        mine = allowed(self.tables, self.module, self.table, self.shape.scope, self.shape.around)
        schedule = self.module.schedule
        if not self.shape.guest or schedule is None:
            return mine
        relations = self.registry.relations(self.module.key)
        invited = [Linked(key, ME) for key in schedule.guests if relations[key].target == "users"]
        return or_(mine, *(linked(self.registry, self.tables, self.module, self.table, item) for item in invited))

    def _column(self, path: str) -> tuple[list[ColumnElement[Any]], Reader]:
        if path in SHELVES:
            shelf = self.tables[SHELVES[path]]
            return [exists().where(shelf.c.user_id == ME, shelf.c.record_id == self.table.c.id)], lambda row: row[0]
        kind, table, part = self.where.field(path)
        if part:
            return [table.c[f"{kind.key}_{part}"]], lambda row: row[0]
        if not link_target(kind):
            if kind.key == "name" and not self.shape.lock:
                return [shown_name(self._at(path), table)], lambda row: row[0]
            return expressions(kind, table, None, self.tables)
        if table is not self.table:
            raise NotFound
        target = self.joined(kind.key)
        named = (shown_name(self.registry[link_target(kind)], target), target.c.deleted_at)
        return expressions(kind, table, named, self.tables)

    def _at(self, path: str) -> Module[Any]:
        """The module whose field a path ends in."""
        first, _, rest = path.partition(".")
        return self.registry[link_target(self.module.field(first))] if rest else self.module

    def _key(self, sort: Sort) -> Key:
        if sort.field in ("name", self.module.sort_field):
            return Key(self.table.c.sort_key, sort.descending, False)
        kind, table, part = self.where.field(sort.field)
        linked = self.joined(kind.key) if link_target(kind) else None
        return key_of(kind, table, part, linked, descending=sort.descending)
