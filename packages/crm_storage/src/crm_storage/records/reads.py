"""Reading records: by id, by page, by lane, counted and summed."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.access.rights import Scope
from crm_domain.definition import Module, Ref, RelationTable, kinds
from crm_domain.query.filter import EVERYTHING, Filter
from crm_domain.query.page import COUNT_CAP, Count, Cursor, Lane, ListQuery, Page, Row, Sort
from crm_domain.query.read import may_read
from crm_storage.records.context import Context
from crm_storage.records.names import name_flexible_links
from crm_storage.records.reach import around
from crm_storage.records.select_rows import SHELVES, Shape, Statement
from crm_storage.records.shape import Values, cursor_shape, shape

Linked = tuple[RelationTable, bool, UUID]
"""Only records linked to one: the relation, whether the owner is its left side, the owner."""
FOR_GUESTS = ("list", "view", "print")
"""What somebody who takes part in an event may do with it, whoever is responsible."""
ID_ORDER = (Sort("created_at", descending=True),)


def readable(context: Context, module: Module[Any]) -> tuple[str, ...]:
    """All columns of a module that the actor may read."""
    hidden = context.access.hidden(module.key)
    return tuple(field.key for field in module.fields if field.key not in hidden)


async def fetch(
    context: Context,
    module: Module[Any],
    ids: Sequence[UUID],
    *,
    action: str = "view",
    columns: Sequence[str] = (),
    lock: bool = False,
    deleted: bool = False,
) -> list[Row]:
    """The records among `ids` within reach, newest first."""
    wanted = shape_of(
        context,
        module,
        columns=_visible(context, module, columns) if columns else readable(context, module),
        filter=EVERYTHING,
        sort=ID_ORDER,
        action=action,
        deleted=deleted,
        by_ids=True,
        lock=lock,
    )
    statement = context.schema.selector.rows(wanted)
    found = await context.rows(statement.sql, ids=list(ids), limit=len(ids))
    rows = [_row(statement, values) for values in found]
    await name_flexible_links(context, module, rows)
    return rows


async def page(
    context: Context,
    module: Module[Any],
    query: ListQuery,
    *,
    action: str = "list",
    linked: Linked | None = None,
    beside: Sequence[Ref] = (),
) -> Page:
    """One page by keyset, with the cursors of its neighbours and the names of what the page shows `beside` it."""
    if context.access.scope(module.key, action) is Scope.NONE:
        return Page((), None, None)
    values = Values()
    cursor = query.cursor
    base = shape_of(
        context,
        module,
        columns=_visible(context, module, query.columns),
        filter=shape(query.filter, values, context.access.hidden(module.key)),
        sort=_order(context, module, query.sort),
        action=action,
        deleted=query.deleted,
        cursor=cursor_shape(cursor, values),
        backward=bool(cursor and cursor.backward),
        counted=query.counted,
        linked=_side(linked),
    )
    facts = {**values.params, "owner": _owner(linked), "cap": COUNT_CAP + 1}
    statement, found = await _first_rows(context, _segments(module, base, cursor), facts, query.limit + 1)
    answer = _page(statement, found, query)
    named = await name_flexible_links(context, module, answer.rows, beside)
    answer = msgspec.structs.replace(answer, named=named)
    if not query.counted:
        return answer
    if found:
        number = capped(found[0][-1], COUNT_CAP)
    elif cursor is None:
        number = Count(0)
    else:
        number = await count(context, module, query.filter, cap=COUNT_CAP, deleted=query.deleted, linked=linked)
    return msgspec.structs.replace(answer, count=number)


async def _first_rows(
    context: Context, parts: Sequence[Shape], facts: Mapping[str, Any], most: int
) -> tuple[Statement, list[tuple[Any, ...]]]:
    """The first rows of parts that follow each other, and a statement that tells their columns: all have the same."""
    statements = [context.schema.selector.rows(part) for part in parts]
    found: list[tuple[Any, ...]] = []
    for statement in statements:
        found += await context.rows(statement.sql, **facts, limit=most - len(found))
        if len(found) == most:
            break
    return statements[0], found


async def count(
    context: Context,
    module: Module[Any],
    filter_: Filter,
    *,
    cap: int,
    deleted: bool = False,
    linked: Linked | None = None,
) -> Count:
    """How many the actor may list, counting no further than `cap`."""
    values = Values()
    wanted = counting(context, module, filter_, values, deleted=deleted, linked=_side(linked))
    sql = context.schema.selector.counts((wanted,))
    found = await context.rows(sql, **values.params, cap=cap + 1, owner=_owner(linked))
    return capped(found[0][0], cap)


async def counts(context: Context, asked: Sequence[tuple[Module[Any], Filter]]) -> list[Count]:
    """The same of several modules in one statement."""
    if not asked:
        return []
    values = Values()
    shapes = tuple(counting(context, module, filter_, values) for module, filter_ in asked)
    sql = context.schema.selector.counts(shapes)
    [numbers] = await context.rows(sql, **values.params, cap=COUNT_CAP + 1, owner=None)
    return [capped(number, COUNT_CAP) for number in numbers]


def capped(number: int, cap: int) -> Count:
    """What was counted one further than the cap."""
    return Count(min(number, cap), number > cap)


async def total(context: Context, module: Module[Any], filter_: Filter, field: str) -> Any:
    """The sum over the whole result; None when there is nothing to add, or nothing the reader may see."""
    if field in context.access.hidden(module.key):
        return None
    values = Values()
    sql = context.schema.selector.figure(counting(context, module, filter_, values), field)
    return (await context.rows(sql, **values.params))[0][0]


async def lanes(
    context: Context, module: Module[Any], query: ListQuery, axis: str, amount: str, weighted: str = ""
) -> list[Lane]:
    """A board's lanes: figures over all records of each option on offer or still in use, rows only of its beginning."""
    kind = module.field(axis)
    assert isinstance(kind, kinds.Choice | kinds.DependentChoice)
    keys = list(kind.options.keys())
    values = Values()
    wanted = shape_of(
        context,
        module,
        columns=_visible(context, module, (axis, *query.columns)),
        filter=shape(query.filter, values, context.access.hidden(module.key)),
        sort=_order(context, module, query.sort),
        action="list",
    )
    hidden = context.access.hidden(module.key)
    summed = tuple("" if key in hidden else key for key in (amount, weighted))
    figures = await context.rows(context.schema.selector.lane_figures(wanted, axis, summed), **values.params)
    statement = context.schema.selector.lane_rows(wanted, axis)
    rows = [
        _row(statement, found)
        for found in await context.rows(statement.sql, **values.params, lanes=keys, limit=query.limit)
    ]
    await name_flexible_links(context, module, rows)
    numbers = {key: (number, sum_, share) for key, number, sum_, share in figures}
    shown = [item.key for item in kind.options.items if item.active or item.key in numbers]
    return [
        Lane(key, *numbers.get(key, (0, None, None)), tuple(row for row in rows if row[axis] == key)) for key in shown
    ]


def _visible(context: Context, module: Module[Any], columns: Sequence[str]) -> tuple[str, ...]:
    """The asked columns without those the actor may not read, one link away included."""
    return tuple(path for path in columns if path in SHELVES or _may_read(context, module, path))


def _order(context: Context, module: Module[Any], sort: Sequence[Sort]) -> tuple[Sort, ...]:
    """The asked order without what the actor may not read: the rows' places would tell it, and cursors hold it."""
    return tuple(key for key in sort if _may_read(context, module, key.field)) or ID_ORDER


def _may_read(context: Context, module: Module[Any], path: str) -> bool:
    return path.partition(".")[0] in module.by_key and may_read(context.access, module, path)


def shape_of(context: Context, module: Module[Any], *, action: str, **facts: Any) -> Shape:
    scope = context.access.scope(module.key, action)
    scopes = context.schema.selector.scopes(module, context.access)
    near = around(context.access, context.registry, module, action)
    guest = action in FOR_GUESTS and scope in (Scope.OWN, Scope.TEAM) and bool(module.schedule)
    return Shape(module=module.key, target_scopes=scopes, scope=scope, around=near, guest=guest, **facts)


def _side(linked: Linked | None) -> tuple[str, bool] | None:
    return (linked[0].key, linked[1]) if linked else None


def _owner(linked: Linked | None) -> UUID | None:
    return linked[2] if linked else None


def counting(context: Context, module: Module[Any], filter_: Filter, values: Values, **form: Any) -> Shape:
    """The shape of a figure over all that the actor may list; its values go into `values`."""
    return shape_of(
        context,
        module,
        columns=(),
        filter=shape(filter_, values, context.access.hidden(module.key)),
        sort=(),
        action="list",
        **form,
    )


def _segments(module: Module[Any], base: Shape, cursor: Cursor | None) -> list[Shape]:
    """A page past a cursor in a column with empty values is read in up to two parts, so that an index serves each."""
    if cursor is None or not _may_be_empty(module, base.sort[0]):
        return [base]
    unbounded = msgspec.structs.replace(base, cursor=None)
    first, then = ("empty", "filled") if cursor.backward else ("filled", "empty")
    at = "empty" if cursor.values[0] is None else "filled"
    segments = [msgspec.structs.replace(base, segment=at)]
    if at == first:
        segments.append(msgspec.structs.replace(unbounded, segment=then))
    return segments


def _may_be_empty(module: Module[Any], sort: Sort) -> bool:
    return sort.field not in ("name", module.sort_field, "created_at", "modified_at", "version")


def _row(statement: Statement, values: Sequence[Any]) -> Row:
    return Row(values[0], {field.key: field.read(values[field.start : field.stop]) for field in statement.fields})


def _page(statement: Statement, found: list[tuple[Any, ...]], query: ListQuery) -> Page:
    more = len(found) > query.limit
    found = found[: query.limit]
    backward = bool(query.cursor and query.cursor.backward)
    if backward:
        found.reverse()
    rows = tuple(_row(statement, values) for values in found)
    if not found:
        return Page((), None, None)

    def cursor(values: Sequence[Any], *, back: bool) -> Cursor:
        return Cursor(tuple(values[1 : 1 + statement.sorts]), values[0], back)

    has_after = more if not backward else True
    has_before = (query.cursor is not None) if not backward else more
    return Page(
        rows, cursor(found[-1], back=False) if has_after else None, cursor(found[0], back=True) if has_before else None
    )
