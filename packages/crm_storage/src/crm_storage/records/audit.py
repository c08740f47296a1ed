"""The audit of a change, written by the statement that makes it."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# SQLAlchemy's expressions lose their value types in RETURNING and labels.

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Insert,
    Integer,
    Table,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from crm_domain.definition import Module
from crm_storage.columns import columns_of
from crm_storage.records.reach import ME, link_target

BEFORE = literal_column("to_jsonb(old.*)")
AFTER = literal_column("to_jsonb(new.*)")
ARGUMENTS = 40
"""Pairs of one object: a function takes no more than a hundred arguments."""
EVENT = ("actor_id", "source", "request_id", "module", "record_id", "action", "changes", "version")


def audited_columns(module: Module[Any]) -> list[str]:
    """The columns whose changes are kept."""
    return [column.name for field in module.fields if field.audited for column in columns_of(field, module.key)]


def logged(
    tables: dict[str, Table], module: Module[Any], changed: CTE, action: str, named: Sequence[str] = ()
) -> Insert:
    """Inserts one audit event for each row of `changed(id, before, after)`; `named` are the columns it may have changed.

    What is kept of a column is [old, new]; of a link [old, new, old name, new name], for names change and records go.
    """
    event = tables["audit_event"]
    facts = select(
        ME,
        bindparam("source", type_=Text()),
        bindparam("request_id", type_=Text()),
        literal(module.key, Text()),
        changed.c.id,
        literal(action, Text()),
        _differences(module, changed).op("||")(_link_names(tables, module, changed, named)),
        cast(changed.c.after.op("->>")("version"), Integer),
    )
    return insert(event).from_select(EVENT, facts)


def new_columns(tables: dict[str, Table], module: Module[Any], named: Sequence[str]) -> list[str]:
    """The columns of new rows whose values are kept: those that are given, and those that the database fills."""
    table = tables[module.key]
    return [name for name in audited_columns(module) if name in named or table.c[name].server_default is not None]


def logged_new(tables: dict[str, Table], module: Module[Any], new: CTE, kept: Sequence[str]) -> Insert:
    """Inserts one `create` event for each row of `new(id, version, <kept columns>)`; empty values are not told."""
    facts = select(
        ME,
        bindparam("source", type_=Text()),
        bindparam("request_id", type_=Text()),
        literal(module.key, Text()),
        new.c.id,
        literal("create", Text()),
        _first_values(tables, module, new, kept),
        new.c.version,
    )
    return insert(tables["audit_event"]).from_select(EVENT, facts)


def _first_values(tables: dict[str, Table], module: Module[Any], new: CTE, kept: Sequence[str]) -> ColumnElement[Any]:
    found: ColumnElement[Any] = literal_column("'{}'::jsonb")
    for start in range(0, len(kept), ARGUMENTS):
        names = kept[start : start + ARGUMENTS]
        told = [part for name in names for part in (literal(name, Text()), _told(tables, module, new, name))]
        found = found.op("||")(func.jsonb_strip_nulls(func.jsonb_build_object(*told)))
    return found


def _told(tables: dict[str, Table], module: Module[Any], new: CTE, name: str) -> ColumnElement[Any]:
    value = new.c[name]
    pair = [null(), value]
    target = link_target(module.by_key[name]) if name in module.by_key else ""
    if target:
        pair += [null(), select(tables[target].c.name).where(tables[target].c.id == value).scalar_subquery()]
    return case((value.is_not(None), func.jsonb_build_array(*pair)))


def _differences(module: Module[Any], changed: CTE) -> ColumnElement[Any]:
    keys = func.unnest(literal(audited_columns(module), ARRAY(Text()))).table_valued("key").render_derived(name="k")
    old, new = changed.c.before.op("->")(keys.c.key), changed.c.after.op("->")(keys.c.key)
    none = literal_column("'null'::jsonb")
    pair = (
        select(func.jsonb_object_agg(keys.c.key, func.jsonb_build_array(old, new)))
        .select_from(keys)
        .where(func.coalesce(old, none).is_distinct_from(func.coalesce(new, none)))
        .correlate(changed)
    )
    return func.coalesce(pair.scalar_subquery(), literal_column("'{}'::jsonb"))


def _link_names(
    tables: dict[str, Table], module: Module[Any], changed: CTE, named: Sequence[str]
) -> ColumnElement[Any]:
    parts: list[Any] = []
    for key in named:
        target = link_target(module.by_key[key]) if key in module.by_key else ""
        if not target:
            continue
        old, new = changed.c.before.op("->")(key), changed.c.after.op("->")(key)
        names = func.jsonb_build_array(
            old, new, *(_name(tables[target], side, key) for side in (changed.c.before, changed.c.after))
        )
        parts += [literal(key, Text()), case((old.is_distinct_from(new), names))]
    return func.jsonb_strip_nulls(func.jsonb_build_object(*parts)) if parts else literal_column("'{}'::jsonb")


def _name(target: Table, side: ColumnElement[Any], key: str) -> ColumnElement[Any]:
    return select(target.c.name).where(target.c.id == cast(side.op("->>")(key), Uuid)).scalar_subquery()
