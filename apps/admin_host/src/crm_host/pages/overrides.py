"""Limits of one tenant's own, beside its plan's: set with a reason and an end, taken back."""

from datetime import date, datetime, time
from typing import Any

from litestar import Controller, Response, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect

from crm_domain.problems import BadValue
from crm_domain.text.jalali import parse_date
from crm_host.pages.backups import tenant_of
from crm_host.pages.plans import limit_of
from crm_host.pages.tenants import tenant_page
from crm_host.visit import Visit
from crm_host.words import locale_of
from crm_storage.tenants.overrides import Override, drop_override, set_override


class OverridePages(Controller):
    """/tenants/<slug>/limits."""

    path = "/tenants/{slug:str}/limits"

    @post("/")
    async def keep(self, visit: Visit, slug: str, posted: FormMultiDict) -> Response[Any]:
        """Sets a limit until the end of a day, or for good when none is given."""
        visit.allow("plans")
        tenant = await tenant_of(visit, slug)
        try:
            until = _end_of(visit, posted.get("until", ""))
            amount, name = limit_of(posted.get("amount", "")), posted.get("limit", "")
            override = Override(name, amount, until, posted.get("reason", ""), visit.operator.email)
            await set_override(visit.console.database, tenant.number, override, visit.console.now())
        except BadValue as bad:
            return await tenant_page(visit, slug, visit.text(bad.problem.id, **bad.problem.facts), status=422)
        await visit.noted("override_set", tenant=slug, limit=name, amount=amount)
        return Redirect(f"/tenants/{slug}#limits", status_code=303)

    @post("/drop")
    async def drop(self, visit: Visit, slug: str, posted: FormMultiDict) -> Response[Any]:
        """The plan's limit counts again."""
        visit.allow("plans")
        tenant, name = await tenant_of(visit, slug), posted.get("limit", "")
        await drop_override(visit.console.database, tenant.number, name, actor=visit.operator.email)
        await visit.noted("override_dropped", tenant=slug, limit=name)
        return Redirect(f"/tenants/{slug}#limits", status_code=303)


def _end_of(visit: Visit, text: str) -> datetime | None:
    """The end of the day as the reader's calendar writes it. Raises BadValue."""
    if not text.strip():
        return None
    locale = locale_of(visit)
    day: date = parse_date(text, locale, visit.console.now().astimezone(locale.zone).date())
    return datetime.combine(day, time.max, locale.zone)
