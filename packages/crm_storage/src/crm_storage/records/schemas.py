"""The tenants' effective modules with their tables, kept as long as the tenant does not change them."""

from crm_domain.definition import Registry
from crm_domain.tenancy import Tenant
from crm_storage.database import Session
from crm_storage.overlays import load_registry
from crm_storage.records.context import Schema

KEPT = 500


class Schemas:
    """One process's copies, by tenant: what a tenant was before it changed its modules is given up."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._plain = Schema(registry)
        self._kept: dict[int, Schema] = {}

    async def of(self, tenant: Tenant, session: Session) -> Schema:
        """The tenant's schema; read again when the tenant changed it."""
        if tenant.overlay_version == 0:
            return self._plain
        kept = self._kept.get(tenant.number)
        if kept is None or kept.registry.version != tenant.overlay_version:
            kept = Schema(await load_registry(session, self._registry, tenant.overlay_version))
        self._kept.pop(tenant.number, None)
        while len(self._kept) >= KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[tenant.number] = kept
        return kept
