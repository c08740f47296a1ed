"""Where a tenant's pages are, from the settings and never from a request (SEC-34)."""

from crm_domain.tenancy import Tenant
from crm_storage.settings import Settings


def address_of(settings: Settings, tenant: Tenant, path: str) -> str:
    """An absolute address on the tenant's host: its own verified domain, else its name under the installation's."""
    if tenant.domain:
        return f"https://{tenant.domain}{path}"
    return settings.web_url.replace("{tenant}", tenant.slug) + path
