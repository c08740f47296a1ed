"""How long the company keeps what was thrown away."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.problems import FieldProblem, Invalid
from crm_domain.records.keeping import TRASH_DAYS, Keeping
from crm_domain.text import numbers
from crm_storage.people.keeping import KEEPING, keeping
from crm_storage.people.preferences import settle
from crm_web.admin.frame import need_administrator
from crm_web.proof import prove
from crm_web.visit import Visit


class AdminKeepingPages(Controller):
    """/admin/keeping."""

    path = "/admin/keeping"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        kept = await keeping(visit.session)
        choices = [
            (days, visit.text("admin.days", number=numbers.format_number(days, visit.voice.locale)))
            for days in sorted({*TRASH_DAYS, kept.trash_days})
        ]
        return await visit.page("admin/keeping.html", current="admin", tab="keeping", kept=kept, choices=choices)

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Fewer days delete for good what lies there already, so the password is asked for."""
        need_administrator(visit)
        given = posted.get("trash_days", "")
        if given not in map(str, TRASH_DAYS):
            raise Invalid({"trash_days": (FieldProblem("problems.not_an_option", {"value": given}),)})
        await prove(visit, posted)
        request = str(visit.request.scope["state"]["request_id"])
        kept = Keeping(trash_days=int(given))
        await settle(visit.session, KEEPING, kept, by=visit.access.user, request=request)
        await visit.commit()
        return visit.go("/admin/keeping", visit.text("settings.saved"))
