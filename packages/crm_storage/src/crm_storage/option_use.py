"""How many records hold each value of an option list."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Table, func, literal_column, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import Select

from crm_domain.customising.lists import Use
from crm_domain.definition.kinds import Bill, MultiChoice
from crm_storage.database import Session
from crm_storage.records.context import Schema
from crm_storage.records.sql import compiled


async def held(session: Session, schema: Schema, uses: Sequence[Use]) -> Counter[str]:
    """Records by value, those in the trash too, over every field that uses the list."""
    found: Counter[str] = Counter()
    for use in uses:
        sql = compiled(_counts(schema, use))
        found.update(dict(await session.rows(sql.text, sql.constants)))
    return found


def _counts(schema: Schema, use: Use) -> Select[str, int]:
    if isinstance(use.field, Bill):
        lines = schema.tables["line_item"]
        return _grouped(lines, lines.c.unit).where(lines.c.module == use.module, lines.c.unit != "")
    table = schema.tables[use.owner]
    column = table.c[use.field.key]
    if isinstance(use.field, MultiChoice):
        return _grouped(table, func.unnest(column))
    return _grouped(table, column).where(column.is_not(None))


def _grouped(table: Table, value: ColumnElement[str]) -> Select[str, int]:
    return select(value.label("held_value"), func.count()).select_from(table).group_by(literal_column("held_value"))


async def filled(session: Session, module: str, column: str) -> int:
    """How many records of a module hold something in a column, those in the trash too."""
    [(number,)] = await session.rows(f"SELECT count({column}) FROM {module}")
    return int(number)
