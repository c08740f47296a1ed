"""Host names of a tenant's own: claimed here, proven by a DNS record, given up (SEC-47)."""

from typing import Any

from litestar import Controller, Response, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect

from crm_domain.problems import BadValue, NotFound, Refused
from crm_domain.tenancy import Tenant
from crm_host.pages.tenants import tenant_page
from crm_host.visit import Visit
from crm_storage.tenants import domains
from crm_storage.tenants.rows import tenant_by_slug


class DomainPages(Controller):
    """/tenants/<slug>/domains."""

    path = "/tenants/{slug:str}/domains"

    @post("/")
    async def claim(self, visit: Visit, slug: str, posted: FormMultiDict) -> Response[Any]:
        tenant = await _tenant(visit, slug)
        try:
            claimed = await domains.claim(
                visit.console.database, tenant.number, posted.get("domain", ""), actor=visit.operator.email
            )
        except BadValue as bad:
            return await tenant_page(visit, slug, visit.text(bad.problem.id, **bad.problem.facts), status=422)
        await visit.noted("domain_claimed", tenant=slug, domain=claimed.name)
        return Redirect(f"/tenants/{slug}#domains", status_code=303)

    @post("/check")
    async def check(self, visit: Visit, slug: str, posted: FormMultiDict) -> Response[Any]:
        """Looks the record up now and judges by what is there."""
        tenant, name = await _tenant(visit, slug), posted.get("domain", "")
        if name not in [one.name for one in await domains.domains_of(visit.console.database, tenant.number)]:
            raise NotFound
        try:
            found = await visit.console.names.texts(domains.PROOF_RECORD + name)
            serves = await domains.settle(visit.console.database, tenant.number, name, found)
        except Refused as refused:
            return await tenant_page(visit, slug, visit.text(refused.id, **refused.facts), status=409)
        await visit.noted("domain_checked", tenant=slug, domain=name)
        if not serves:
            return await tenant_page(visit, slug, visit.text("host.domain_unproven", domain=name), status=409)
        return Redirect(f"/tenants/{slug}#domains", status_code=303)

    @post("/drop")
    async def drop(self, visit: Visit, slug: str, posted: FormMultiDict) -> Response[Any]:
        tenant, name = await _tenant(visit, slug), posted.get("domain", "")
        await domains.drop(visit.console.database, tenant.number, name, actor=visit.operator.email)
        await visit.noted("domain_dropped", tenant=slug, domain=name)
        return Redirect(f"/tenants/{slug}#domains", status_code=303)


async def _tenant(visit: Visit, slug: str) -> Tenant:
    visit.allow("tenants")
    async with visit.console.database.host() as session:
        tenant = await tenant_by_slug(session, slug)
    if tenant is None:
        raise NotFound
    return tenant
