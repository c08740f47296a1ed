"""A schema as PostgreSQL's own catalogue tells it, one line a thing, without the schema's name."""

import psycopg

DESCRIBE = """
SELECT format('column %%s.%%s %%s not null %%s default %%s generated %%s collation %%s', c.relname, a.attname,
    format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attgenerated, l.collname)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT format('constraint %%s %%s %%s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
  FROM pg_constraint k WHERE k.connamespace = %(schema)s::regnamespace
UNION ALL
SELECT format('index %%s', pg_get_indexdef(i.indexrelid)) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = %(schema)s::regnamespace
UNION ALL
SELECT format('sequence %%s %%s', c.relname, format_type(s.seqtypid, NULL)) FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid WHERE c.relnamespace = %(schema)s::regnamespace
UNION ALL
SELECT format('right %%s %%s of the %%s', c.relname, a.privilege_type,
    CASE a.grantee WHEN c.relowner THEN 'owner' ELSE a.grantee::regrole::text END)
  FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
  WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r'
UNION ALL
SELECT format('trigger %%s', pg_get_triggerdef(t.oid)) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
"""


def describe(connection: psycopg.Connection, schema: str) -> list[str]:
    """Columns, constraints, indexes, sequences, rights and triggers, sorted."""
    found = connection.execute(DESCRIBE, {"schema": schema}).fetchall()
    return sorted(line.replace(f"{schema}.", "") for (line,) in found)
