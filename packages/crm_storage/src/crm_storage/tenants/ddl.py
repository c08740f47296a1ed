"""Definitions as DDL text, made once per process."""

from functools import cache
from typing import Any

from sqlalchemy import MetaData, create_mock_engine
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.schema import ExecutableDDLElement

from crm_domain.definition import Registry
from crm_storage.host_tables import HOST
from crm_storage.tables import metadata_of


def create_all(metadata: MetaData) -> str:
    """Every statement that makes the metadata's tables, in order, one to a line or more."""
    dialect = psycopg.dialect(paramstyle="named")
    found: list[str] = []

    def keep(statement: ExecutableDDLElement, *_args: Any, **_options: Any) -> None:
        lines = str(statement.compile(dialect=dialect)).strip().splitlines()
        found.append("\n".join(line.rstrip().expandtabs(2) for line in lines))

    metadata.create_all(create_mock_engine("postgresql+psycopg://", keep), checkfirst=False)
    return ";\n".join(found) + ";\n"


@cache
def tenant_ddl(registry: Registry) -> str:
    """A tenant's tables, for whichever schema the search path names."""
    return create_all(metadata_of(registry))


@cache
def host_ddl() -> str:
    """The host's own tables."""
    return create_all(HOST)
