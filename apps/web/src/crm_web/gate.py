"""The first door of a request: which tenant its host name means, and whether that tenant is served (SEC-01, SEC-07)."""

from litestar.types import ASGIApp, Receive, Scope, Send

from crm_domain.tenancy import RUNNING, Tenant
from crm_web.installation import Installation

OPEN_PATHS = ("/livez", "/readyz", "/static/")
"""Served whatever the host name: they know no tenant."""


class UnknownHost(Exception):
    """No tenant has this host name."""


class TenantClosed(Exception):
    """The tenant is suspended, archived or deleted."""

    def __init__(self, tenant: Tenant, contact: str) -> None:
        super().__init__(tenant.state)
        self.tenant = tenant
        self.contact = contact


class TenantGate:
    """ASGI middleware: puts the tenant of the verified host name into the request's state."""

    def __init__(self, app: ASGIApp, installation: Installation) -> None:
        self.app = app
        self._installation = installation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a tenant's request on; raise UnknownHost or TenantClosed."""
        if scope["type"] != "http" or str(scope["path"]).startswith(OPEN_PATHS):
            await self.app(scope, receive, send)
            return
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        tenant = self._installation.directory.find(hosts[0].decode("latin-1")) if len(hosts) == 1 else None
        if tenant is None:
            raise UnknownHost
        state = scope.setdefault("state", {})
        state["tenant"] = tenant
        state["tenant_name"] = tenant.slug
        if tenant.state not in RUNNING:
            raise TenantClosed(tenant, self._installation.settings.support_contact)
        await self.app(scope, receive, send)


def tenant_of(scope: Scope) -> Tenant:
    """The tenant this request is for."""
    return scope["state"]["tenant"]
