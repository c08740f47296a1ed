"""The writing statements, by their form."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# SQLAlchemy's expressions lose their value types in RETURNING and labels.

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from crm_domain.access.rights import Scope
from crm_domain.definition import Module
from crm_storage.records.audit import AFTER, BEFORE, logged, logged_new, new_columns
from crm_storage.records.reach import ME, Around, Clause, allowed

IDS = bindparam("ids", type_=ARRAY(Uuid()))
EMPTY_ROW = literal_column("'{}'::jsonb")
Scopes = tuple[Scope, Around]
"""How far the actor reaches: these records, and what surrounds them."""


def insert_statement(tables: dict[str, Table], module: Module[Any], named: Sequence[str]) -> Select[Any]:
    """New rows with a `create` event each. Parameter `records`: a JSON list of objects with `id` and the columns."""
    table = tables[module.key]
    columns = ("id", *named)
    given = (
        func.jsonb_to_recordset(cast(bindparam("records", type_=Text()), JSONB()))
        .table_valued(*(column(name, table.c[name].type) for name in columns))
        .render_derived(name="given", with_types=True)
    )
    rows = select(*(given.c[name] for name in columns), ME, ME)
    made = insert(table).from_select([*columns, "created_by", "modified_by"], rows, include_defaults=False)
    kept = new_columns(tables, module, named)
    new = made.returning(table.c.id, table.c.version, *(table.c[name] for name in kept)).cte("made")
    return select(new.c.id).add_cte(new, logged_new(tables, module, new, kept).cte("logged"))


def update_statement(
    tables: dict[str, Table], module: Module[Any], named: Sequence[str], scopes: Scopes, *, versioned: bool
) -> Select[Any]:
    """Sets `v_<column>` on the rows `ids` within the scopes (whose version is `expected`), with an `update` event each."""
    table = tables[module.key]
    values = {name: bindparam(f"v_{name}", type_=table.c[name].type) for name in named}
    statement = (
        update(table)
        .where(table.c.id == IDS.any_(), table.c.deleted_at.is_(None), _reached(tables, module, table, scopes))
        .values(**values, version=table.c.version + 1, modified_at=func.now(), modified_by=ME)
        .returning(table.c.id, BEFORE.label("before"), AFTER.label("after"))
    )
    if versioned:
        statement = statement.where(table.c.version == bindparam("expected"))
    return with_audit(tables, module, statement.cte("changed"), "update", named)


def remove_statement(tables: dict[str, Table], module: Module[Any], scopes: Scopes) -> Select[Any]:
    """Moves the rows `ids` within the scopes to the trash under the removal `removal`."""
    table = tables[module.key]
    statement = (
        update(table)
        .where(table.c.id == IDS.any_(), table.c.deleted_at.is_(None), _reached(tables, module, table, scopes))
        .values(
            deleted_at=func.now(),
            deleted_by=ME,
            removal=bindparam("removal", type_=Uuid()),
            version=table.c.version + 1,
        )
        .returning(table.c.id, EMPTY_ROW.label("before"), EMPTY_ROW.label("after"))
    )
    return with_audit(tables, module, statement.cte("changed"), "delete", ())


def _reached(tables: dict[str, Table], module: Module[Any], table: Table, scopes: Scopes) -> Clause:
    own, near = scopes
    return allowed(tables, module, table, own, near)


def restore_statement(tables: dict[str, Table], module: Module[Any]) -> Select[Any]:
    """Brings back the rows that the removal took."""
    return _back(tables, module, tables[module.key].c.removal == bindparam("removal", type_=Uuid()))


def restore_records_statement(tables: dict[str, Table], module: Module[Any]) -> Select[Any]:
    """Brings back the rows `ids` that one of the removals `removals` took."""
    table = tables[module.key]
    removals = bindparam("removals", type_=ARRAY(Uuid()))
    return _back(tables, module, and_(table.c.id == IDS.any_(), table.c.removal == removals.any_()))


def _back(tables: dict[str, Table], module: Module[Any], which: Clause) -> Select[Any]:
    table = tables[module.key]
    statement = (
        update(table)
        .where(which, table.c.deleted_at.is_not(None))
        .values(deleted_at=null(), deleted_by=null(), removal=null(), version=table.c.version + 1)
        .returning(table.c.id, EMPTY_ROW.label("before"), EMPTY_ROW.label("after"))
    )
    return with_audit(tables, module, statement.cte("changed"), "restore", ())


def with_audit(
    tables: dict[str, Table], module: Module[Any], changed: CTE, action: str, named: Sequence[str]
) -> Select[Any]:
    """The ids of the rows changed, after one audit event was written for each."""
    log = logged(tables, module, changed, action, named).cte("logged")
    return select(changed.c.id).add_cte(changed, log)
