"""Many records quickly: a demo company's, copied with other names, dates and amounts."""

import psycopg

from crm_domain.tenancy import Tenant
from tests.installation import Installation

SECONDARY = """
SELECT c.oid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = 'opportunities'::regclass AND NOT i.indisprimary
"""
COPIES = """
INSERT INTO opportunities (id, name, account, amount, amount_currency, amount_rate, amount_base, closes_on, stage,
  probability, opportunity_type, lead_source, next_step, assigned_to, team, created_at, created_by, modified_at)
SELECT uuidv7(), name || ' ' || n, account, amount, amount_currency, amount_rate,
  round(amount_base * random()::numeric * 2),
  closes_on - (n %% 1000)::int, stages[1 + floor(random() * cardinality(stages))],
  probability, opportunity_type, lead_source, next_step, assigned_to, team,
  created_at - make_interval(mins => n::int), created_by, modified_at - make_interval(mins => n::int)
FROM opportunities CROSS JOIN generate_series(1, %(times)s) AS n,
  (SELECT array_agg(DISTINCT stage) AS stages FROM opportunities) AS every
LIMIT %(rows)s
"""


def multiply_deals(installation: Installation, tenant: Tenant, rows: int) -> None:
    """Brings a company that has demo deals to so many; the indexes are made afterwards, which is quicker."""
    with psycopg.connect(installation.url, autocommit=True) as connection:
        connection.execute(f"SET search_path = {tenant.schema}, crm".encode())
        connection.execute(b"SET maintenance_work_mem = '512MB'")
        indexes = connection.execute(SECONDARY.encode()).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        found = connection.execute(b"SELECT count(*) FROM opportunities").fetchone()
        assert found is not None
        facts = {"times": rows // found[0] + 1, "rows": rows - found[0]}
        connection.execute(COPIES.encode(), facts)
        connection.execute(f"SET ROLE {tenant.schema}".encode())
        for _, definition in indexes:
            connection.execute(definition.encode())
        connection.execute(b"RESET ROLE")
        connection.execute(b"VACUUM (ANALYZE) opportunities")
