"""What every statement on records needs: the transaction, the tenant's tables, the actor, and where the change comes from."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Table
from sqlalchemy.sql.base import Executable

from crm_domain.access.rights import Access
from crm_domain.definition import Registry
from crm_domain.people.naming import AS_STORED
from crm_storage.database import Session
from crm_storage.outbound.web import Reach
from crm_storage.records.reach import access_params
from crm_storage.records.select_rows import Selector
from crm_storage.records.shown import naming_params
from crm_storage.records.sql import Sql, compiled
from crm_storage.tables import metadata_of
from crm_storage.vault import Vault


class Schema:
    """A registry's tables and statements, built once and shared by all tenants that have the same modules."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.tables: dict[str, Table] = dict(metadata_of(registry).tables)
        self.selector = Selector(registry, self.tables)
        self.statements: dict[tuple[Any, ...], Sql] = {}
        """Compiled writes by their form."""


class Context:
    """One unit of work's surroundings. `source` says where changes come from: web, api, import, job."""

    def __init__(
        self,
        session: Session,
        schema: Schema,
        access: Access,
        source: str,
        request_id: str,
        vault: Vault | None = None,
        reach: Reach | None = None,
    ) -> None:
        self.session = session
        self.schema = schema
        self.access = access
        self.source = source
        self.request_id = request_id
        self.vault = vault
        """What seals secrets; without it none can be written."""
        self.reach = reach
        """The way out into the web; without it nothing can be reached."""
        self.naming = AS_STORED
        """How people are named to whoever reads what comes of this."""
        self._rates: Mapping[str, Decimal] | None = None

    @property
    def registry(self) -> Registry:
        return self.schema.registry

    @property
    def tables(self) -> dict[str, Table]:
        return self.schema.tables

    async def rows(self, sql: Sql, **params: Any) -> list[tuple[Any, ...]]:
        """Runs a compiled statement with the actor's parameters and these."""
        own = {**access_params(self.access), **naming_params(self.naming)}
        return await self.session.rows(sql.text, {**own, **sql.constants, **params})

    def origin(self) -> dict[str, Any]:
        """Where a change comes from, for the audit."""
        return {"source": self.source, "request_id": self.request_id}

    def remembered(self, key: tuple[Any, ...], build: Callable[[], Executable]) -> Sql:
        """A write statement of this form, compiled when it is first needed."""
        found = self.schema.statements.get(key)
        if found is None:
            found = self.schema.statements[key] = compiled(build())
        return found

    async def rates(self) -> Mapping[str, Decimal]:
        """Units of each currency for one of the base."""
        if self._rates is None:
            found = await self.session.rows("SELECT iso4217, conversion_rate FROM currencies WHERE deleted_at IS NULL")
            self._rates = dict(found)
        return self._rates
