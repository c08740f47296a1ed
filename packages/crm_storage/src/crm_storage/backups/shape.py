"""What tables a schema has, in an order in which they can be filled, with the columns that hold something of their own."""

from collections.abc import Mapping
from graphlib import TopologicalSorter

from crm_storage.backups.manifest import Column
from crm_storage.database import Session
from crm_storage.tenants.revisions import VERSION_TABLE

COLUMNS = f"""
SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod)
  || CASE WHEN l.oid IS NOT NULL AND l.collname <> 'default' THEN ' COLLATE ' || quote_ident(l.collname) ELSE '' END
  || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> '{VERSION_TABLE}'
ORDER BY c.relname, a.attnum
"""
AFTER = """
SELECT f.relname::text, t.relname::text FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
WHERE k.contype = 'f' AND NOT k.condeferrable AND k.connamespace = current_schema()::regnamespace AND k.conrelid <> k.confrelid
"""
"""Which table must be filled after which: what is not checked at the end of the work."""
SEQUENCES = "SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL"

Shape = Mapping[str, tuple[Column, ...]]


async def shape(session: Session) -> Shape:
    """By table the columns that can be written, tables in the order of filling."""
    found: dict[str, list[Column]] = {}
    for table, name, definition in await session.rows(COLUMNS):
        found.setdefault(table, []).append(Column(name, definition))
    order: TopologicalSorter[str] = TopologicalSorter({table: () for table in found})
    for table, before in await session.rows(AFTER):
        order.add(table, before)
    return {table: tuple(found[table]) for table in order.static_order()}


async def sequences(session: Session) -> dict[str, int]:
    """The last number each sequence gave; those never asked are left out."""
    return {name: last for name, last in await session.rows(SEQUENCES)}


def copy_of(table: str, columns: tuple[Column, ...]) -> str:
    """The table and its columns as COPY names them."""
    return f'"{table}" ({", ".join(quoted(column.name) for column in columns)})'


def quoted(name: str) -> str:
    """A name as SQL says it."""
    return '"' + name.replace('"', '""') + '"'
