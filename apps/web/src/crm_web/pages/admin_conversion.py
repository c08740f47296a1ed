"""What happens to a lead's activities and target lists when it is converted, unless somebody says otherwise."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.modules.leads.habits import PARTS, Habits, read_habits
from crm_domain.problems import Invalid
from crm_storage.people.conversion import CONVERSION, conversion_habits
from crm_storage.people.preferences import settle
from crm_web.admin.frame import need_administrator, said
from crm_web.records.conversion_form import HOW, LISTS, SECTIONS
from crm_web.visit import Visit


class AdminConversionPages(Controller):
    """/admin/conversion."""

    path = "/admin/conversion"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        return await _page(visit, await conversion_habits(visit.session))

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        need_administrator(visit)
        try:
            chosen = read_habits(
                posted.get("activities", ""),
                posted.getall("activities-to", []),
                posted.get("lists", ""),
                account_needed=bool(posted.get("account_needed")),
            )
        except Invalid as problem:
            return await _page(visit, await conversion_habits(visit.session), said(visit, problem))
        request = visit.request_id
        await settle(visit.session, CONVERSION, chosen, by=visit.access.user, request=request)
        await visit.commit()
        return visit.go("/admin/conversion", visit.text("settings.saved"))


async def _page(visit: Visit, habits: Habits, problems: list[str] | None = None) -> Response[str]:
    names = [(part, visit.voice.module(visit.module(SECTIONS[part]), "one")) for part in PARTS]
    return await visit.page(
        "admin/conversion.html",
        status=422 if problems else 200,
        current="admin",
        tab="conversion",
        problems=problems or [],
        how=[(how, visit.text(f"convert.activities_{how}"), how == habits.along.how) for how in HOW],
        to=[(part, name, part in habits.along.to) for part, name in names],
        account_needed=habits.account_needed,
        lists=[(how, visit.text(f"convert.lists_{how}"), how == habits.lists) for how in LISTS],
    )
