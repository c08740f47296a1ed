"""Support in a tenant's pages: asking to be let in with a reason, and the way in once the tenant has agreed (scenario 58)."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.problems import BadValue, Refused
from crm_domain.tenancy import RUNNING, Tenant
from crm_host.pages.backups import tenant_of
from crm_host.visit import Visit
from crm_host.words import number, when
from crm_storage.people import support
from crm_storage.tenants.acting import within
from crm_storage.tenants.addresses import address_of
from crm_storage.tenants.events import record_event

HUES = {"asked": "amber", "granted": "green", "entered": "blue", "refused": "red", "ended": "gray"}
MINUTES = (15, 30, 60)


class SupportPages(Controller):
    """/tenants/<slug>/support."""

    path = "/tenants/{slug:str}/support"

    @get("/")
    async def index(self, visit: Visit, slug: str) -> Response[str]:
        return await _page(visit, await tenant_of(visit, slug))

    @post("/")
    async def ask(self, visit: Visit, slug: str, posted: FormMultiDict) -> Response[Any]:
        """Asks the tenant to be let in; its administrators are told."""
        visit.allow("support")
        tenant = await tenant_of(visit, slug)
        minutes = posted.get("minutes", "")
        typed = {"reason": posted.get("reason", ""), "user_name": posted.get("user_name", "")}
        asked = {"minutes": int(minutes) if minutes in map(str, MINUTES) else 0, "writes": "writes" in posted}
        try:
            if tenant.state not in RUNNING:
                raise Refused("host.support_closed")
            async with visit.console.database.host() as session:
                async with within(session, tenant.number):
                    await support.ask(session, operator=visit.operator.email, **typed, **asked)
                await record_event(session, tenant.number, visit.operator.email, "support_asked", typed["reason"])
                await visit.note(session, "support_asked", tenant=slug, **typed, **asked)
                await session.commit()
        except BadValue as bad:
            return await _page(visit, tenant, visit.text(bad.problem.id, **bad.problem.facts), 422, typed)
        except Refused as refused:
            return await _page(visit, tenant, visit.text(refused.id, **refused.facts), 409, typed)
        return await _page(visit, tenant)

    @post("/{access:uuid}/enter")
    async def enter(self, visit: Visit, slug: str, access: UUID) -> Response[Any]:
        """A link into the tenant's pages, for two minutes and once; only for who asked."""
        visit.allow("support")
        tenant = await tenant_of(visit, slug)
        try:
            async with visit.console.database.host() as session:
                async with within(session, tenant.number):
                    secret = await support.open_door(session, access, visit.operator.email)
                await record_event(session, tenant.number, visit.operator.email, "support_entered", "")
                await visit.note(session, "support_entered", tenant=slug)
                await session.commit()
        except Refused as refused:
            return await _page(visit, tenant, visit.text(refused.id), 409)
        return await _page(
            visit, tenant, link=address_of(visit.console.settings, tenant, f"/support/enter?token={secret}")
        )


async def _page(
    visit: Visit,
    tenant: Tenant,
    problem: str = "",
    status: int = 200,
    typed: dict[str, str] | None = None,
    link: str = "",
) -> Response[str]:
    async with visit.console.database.host() as session, within(session, tenant.number):
        found = await support.accesses(session)
    return visit.page(
        "support.html",
        status=status,
        slug=tenant.slug,
        name=tenant.name,
        rows=[_row(visit, one) for one in found],
        minutes=[(minutes, number(visit, minutes)) for minutes in MINUTES],
        typed=typed or {"reason": "", "user_name": "admin"},
        problem=problem,
        link=link,
        may=visit.operator.may("support"),
    )


def _row(visit: Visit, one: support.Access) -> dict[str, Any]:
    return {
        "id": one.id,
        "operator": one.operator,
        "reason": one.reason,
        "said": visit.text("support.as", user=one.user_name, minutes=number(visit, one.minutes)),
        "writes": one.writes,
        "state": visit.text(f"support.state.{one.state}"),
        "hue": HUES[one.state],
        "asked": when(visit, one.asked_at),
        "mine": one.operator == visit.operator.email and one.state == "granted",
    }
