"""Definitions as DDL text, made once per process."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Dialect, MetaData, Table, create_mock_engine
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.schema import CreateSequence, ExecutableDDLElement

from crm_domain.definition import Registry
from crm_storage.host_tables import HOST
from crm_storage.tables import metadata_of

APPEND_ONLY = ("audit_event", "audit_seal")
"""What was noted stays (SEC-52). MAINTAIN lets the tenant's role hold off writers while it looks what there is to seal."""
RIGHTS = "".join(
    f"REVOKE ALL ON {table} FROM CURRENT_USER;\nGRANT SELECT, INSERT, MAINTAIN ON {table} TO CURRENT_USER;\n"
    for table in APPEND_ONLY
)
"""What the tenant's role, as which this runs, may not do with its own tables; said again after every migration."""


def psycopg_dialect() -> Dialect:
    """How statements are written: names of parameters stay readable."""
    return psycopg.dialect(paramstyle="named")


def create_all(metadata: MetaData, tables: Sequence[Table] | None = None) -> str:
    """Every statement that makes the metadata's tables, or the given ones, in order, one to a line or more."""
    dialect = psycopg_dialect()
    found: list[str] = []

    def keep(statement: ExecutableDDLElement, *_args: Any, **_options: Any) -> None:
        if tables is not None and isinstance(statement, CreateSequence) and statement.element.column is None:
            return  # not of these tables
        lines = str(statement.compile(dialect=dialect)).strip().splitlines()
        found.append("\n".join(line.rstrip().expandtabs(2) for line in lines))

    metadata.create_all(create_mock_engine("postgresql+psycopg://", keep), tables=tables, checkfirst=False)
    return ";\n".join(found) + ";\n"


@cache
def tenant_ddl(registry: Registry) -> str:
    """A tenant's tables and its role's rights in them, for whichever schema the search path names."""
    return create_all(metadata_of(registry)) + RIGHTS


@cache
def host_ddl() -> str:
    """The host's own tables."""
    return create_all(HOST)
