"""The writing statements, by their form."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# SQLAlchemy's expressions lose their value types in RETURNING and labels.

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    Integer,
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
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from crm_domain.access.rights import Scope
from crm_domain.definition import Module
from crm_storage.records.audit import logged, logged_new, new_columns, sides
from crm_storage.records.reach import ME, Around, Clause, allowed

IDS = bindparam("ids", type_=ARRAY(Uuid()))
Scopes = tuple[Scope, Around]
"""How far the actor reaches: these records, and what surrounds them."""


def insert_statement(
    tables: dict[str, Table], module: Module[Any], named: Sequence[str], *, told: bool = False
) -> Select[Any]:
    """New rows with a `create` event each. Parameter `records`: a JSON list of objects with `id` and the columns, and with
    what the event says besides in `told`."""
    table = tables[module.key]
    columns = ("id", *named)
    given = _given(table, named, told=told)
    rows = select(*(given.c[name] for name in columns), ME, ME)
    made = insert(table).from_select([*columns, "created_by", "modified_by"], rows, include_defaults=False)
    kept = new_columns(tables, module, named)
    new = made.returning(table.c.id, table.c.version, *(table.c[name] for name in kept)).cte("made")
    return select(new.c.id).add_cte(new, logged_new(tables, module, new, kept, given if told else None).cte("logged"))


def update_statement(
    tables: dict[str, Table],
    module: Module[Any],
    named: Sequence[str],
    scopes: Scopes,
    *,
    versioned: bool,
    told: bool = False,
) -> Select[Any]:
    """Sets each row's own values within the scopes (where the version is `expected`), with an `update` event each.
    Parameter `records` as for new rows."""
    table = tables[module.key]
    given = _given(table, named, told=told)
    statement = (
        update(table)
        .where(table.c.id == given.c.id, table.c.deleted_at.is_(None), _reached(tables, module, table, scopes))
        .values({name: given.c[name] for name in named})
        .values(version=table.c.version + 1, modified_at=func.now(), modified_by=ME)
        .returning(*sides(module, table, named))
    )
    if versioned:
        statement = statement.where(table.c.version == bindparam("expected"))
    return with_audit(tables, module, statement.cte("changed"), "update", named, given if told else None)


def _given(table: Table, named: Sequence[str], *, told: bool) -> CTE:
    """The rows of the parameter `records`."""
    wanted = [column(name, table.c[name].type) for name in ("id", *named)]
    wanted += [column("told", JSONB())] if told else []
    rows = func.jsonb_to_recordset(cast(bindparam("records", type_=Text()), JSONB())).table_valued(*wanted)
    one = rows.render_derived(name="one", with_types=True)
    return select(*(one.c[part.name] for part in wanted)).cte("given")


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
        .returning(table.c.id, cast(null(), Integer).label("version"))
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
        .returning(table.c.id, cast(null(), Integer).label("version"))
    )
    return with_audit(tables, module, statement.cte("changed"), "restore", ())


def with_audit(
    tables: dict[str, Table],
    module: Module[Any],
    changed: CTE,
    action: str,
    named: Sequence[str],
    given: CTE | None = None,
) -> Select[Any]:
    """The ids of the rows changed, after one audit event was written for each."""
    log = logged(tables, module, changed, action, named, given).cte("logged")
    return select(changed.c.id).add_cte(changed, log)
