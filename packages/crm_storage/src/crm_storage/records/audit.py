"""The audit of a change, written by the statement that makes it."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# SQLAlchemy's expressions lose their value types in RETURNING and labels.

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Insert,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from crm_domain.definition import Module
from crm_storage.columns import columns_of
from crm_storage.records.reach import ME, link_target

ARGUMENTS = 40
"""Pairs of one object: a function takes no more than a hundred arguments."""
EVENT = ("actor_id", "source", "request_id", "module", "record_id", "action", "changes", "version")


def audited_columns(module: Module[Any]) -> list[str]:
    """The columns whose changes are kept."""
    return [column.name for field in module.fields if field.audited for column in columns_of(field, module.key)]


def told_columns(module: Module[Any], named: Sequence[str]) -> list[str]:
    """Those of the columns whose changes are kept."""
    return [name for name in audited_columns(module) if name in named]


def sides(module: Module[Any], table: Table, named: Sequence[str]) -> list[ColumnElement[Any]]:
    """What an UPDATE returns for `logged`: the row, its version, and what is kept of the named columns before and after."""
    kept = dict.fromkeys((*told_columns(module, named), *module.drafted))
    found = [
        literal_column(f'{side}."{name}"', table.c[name].type).label(f"{side}_{name}")
        for name in kept
        for side in ("old", "new")
    ]
    return [table.c.id, table.c.version, *found]


def logged(
    tables: dict[str, Table],
    module: Module[Any],
    changed: CTE,
    action: str,
    named: Sequence[str] = (),
    given: CTE | None = None,
) -> Insert:
    """Inserts one audit event for each row of `changed` (see `sides`); `named` are the columns it may have changed.

    What is kept of a column is [old, new]; of a link [old, new, old name, new name], for names change and records go.
    What `given(id, told)` has for the row is told besides: values that stand in other tables. What was a draft and still is
    one is not told.
    """
    pairs: dict[str, ColumnElement[Any]] = {}
    for name in told_columns(module, named):
        old, new = changed.c[f"old_{name}"], changed.c[f"new_{name}"]
        pairs[name] = case((old.is_distinct_from(new), _pair(tables, module, name, old, new)))
    drafts = module.drafted.items() if named else ()
    begun = [changed.c[f"{side}_{key}"].is_distinct_from(option) for key, option in drafts for side in ("old", "new")]
    return _told(tables, module, changed, action, pairs, given, begun)


def new_columns(tables: dict[str, Table], module: Module[Any], named: Sequence[str]) -> list[str]:
    """The columns of new rows whose values are kept: those that are given, and those that the database fills."""
    table = tables[module.key]
    kept = [name for name in audited_columns(module) if name in named or table.c[name].server_default is not None]
    return list(dict.fromkeys((*kept, *module.drafted)))


def logged_new(
    tables: dict[str, Table], module: Module[Any], new: CTE, kept: Sequence[str], given: CTE | None = None
) -> Insert:
    """Inserts one `create` event for each row of `new(id, version, <kept columns>)`; empty values and drafts' are not told.

    `given` as for `logged`.
    """
    pairs: dict[str, ColumnElement[Any]] = {}
    begun = [new.c[key].is_distinct_from(option) for key, option in module.drafted.items()]
    for name in told_columns(module, kept):
        value = new.c[name]
        pairs[name] = case((and_(value.is_not(None), *begun), _pair(tables, module, name, null(), value)))
    return _told(tables, module, new, "create", pairs, given)


def _told(
    tables: dict[str, Table],
    module: Module[Any],
    rows: CTE,
    action: str,
    pairs: Mapping[str, ColumnElement[Any]],
    given: CTE | None,
    either: Sequence[ColumnElement[bool]] = (),
) -> Insert:
    """Of the rows, those of which one of `either` holds, if there are any."""
    changes = _object(pairs)
    events = select(
        ME,
        bindparam("source", type_=Text()),
        bindparam("request_id", type_=Text()),
        literal(module.key, Text()),
        rows.c.id,
        literal(action, Text()),
        changes if given is None else changes.op("||")(given.c.told),
        rows.c.version,
    )
    if either:
        events = events.where(or_(*either))
    if given is not None:
        events = events.where(given.c.id == rows.c.id)
    return insert(tables["audit_event"]).from_select(EVENT, events)


def _object(pairs: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    """A JSON object of those that are not NULL."""
    found: ColumnElement[Any] = literal_column("'{}'::jsonb")
    names = list(pairs)
    for start in range(0, len(names), ARGUMENTS):
        parts = [part for name in names[start : start + ARGUMENTS] for part in (literal(name, Text()), pairs[name])]
        found = found.op("||")(func.jsonb_strip_nulls(func.jsonb_build_object(*parts)))
    return found


def _pair(tables: dict[str, Table], module: Module[Any], name: str, old: Any, new: Any) -> ColumnElement[Any]:
    target = link_target(module.by_key[name]) if name in module.by_key else ""
    names = [_name(tables[target], value) for value in (old, new)] if target else []
    return func.jsonb_build_array(old, new, *names)


def _name(target: Table, value: Any) -> ColumnElement[Any]:
    return select(target.c.name).where(target.c.id == value).scalar_subquery()
