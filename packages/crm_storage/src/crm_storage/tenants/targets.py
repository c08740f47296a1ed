"""What each history should lead to: the definitions, as the tables they make."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import MetaData

from crm_domain.modules import REGISTRY
from crm_storage.host_tables import HOST
from crm_storage.tables import metadata_of


def _of_host(name: str | None, kind: str, _parents: Mapping[str, str | None]) -> bool:
    return kind != "schema" or name == HOST.schema


HOST_OPTIONS: dict[str, Any] = {
    "version_table_schema": HOST.schema,
    "include_schemas": True,
    "include_name": _of_host,
}
"""How Alembic looks at the host's tables, which have a schema of their own name."""


def host_metadata() -> MetaData:
    """The host's tables."""
    return HOST


def tenant_metadata() -> MetaData:
    """A tenant's tables, in whichever schema the search path names."""
    return metadata_of(REGISTRY)
