"""The company itself: its name and address, and how its people read unless they choose otherwise."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.people.preferences import preferences_of
from crm_storage.people.preferences import company_preferences, keep_for_company
from crm_web import reading
from crm_web.admin.frame import need_administrator
from crm_web.visit import Visit


class AdminOrganisationPages(Controller):
    """/admin/organisation."""

    path = "/admin/organisation"

    @get("/")
    async def show(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        chosen = preferences_of(await company_preferences(visit.session), {})
        return await visit.page(
            "admin/organisation.html",
            current="admin",
            tab="organisation",
            address=visit.installation.url(visit.tenant, "/"),
            **reading.facts(visit, chosen),
        )

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        need_administrator(visit)
        before = preferences_of(await company_preferences(visit.session), {})
        request = visit.request_id
        choices = reading.posted_choices(posted, before)
        await keep_for_company(visit.session, choices, by=visit.access.user, request=request)
        await visit.commit()
        return visit.go("/admin/organisation", visit.text("settings.saved"))
