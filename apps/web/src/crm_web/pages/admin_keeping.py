"""How long the company keeps what was thrown away, and what was done."""

from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.problems import FieldProblem, Invalid
from crm_domain.records.keeping import AUDIT_DAYS, TRASH_DAYS, Keeping
from crm_domain.text import numbers
from crm_storage.people.keeping import KEEPING, keeping
from crm_storage.people.preferences import settle
from crm_web.admin.frame import need_administrator
from crm_web.proof import prove
from crm_web.visit import Visit

CHOICES = {"trash_days": TRASH_DAYS, "audit_days": AUDIT_DAYS}


class AdminKeepingPages(Controller):
    """/admin/keeping."""

    path = "/admin/keeping"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        kept = msgspec.structs.asdict(await keeping(visit.session))
        asked = [(name, kept[name], _choices(visit, {*days, kept[name]})) for name, days in CHOICES.items()]
        return await visit.page("admin/keeping.html", current="admin", tab="keeping", asked=asked)

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Fewer days delete for good what lies there already, so the password is asked for."""
        need_administrator(visit)
        given = {name: posted.get(name, "") for name in CHOICES}
        for name, days in CHOICES.items():
            if given[name] not in map(str, days):
                raise Invalid({name: (FieldProblem("problems.not_an_option", {"value": given[name]}),)})
        await prove(visit, posted)
        request = visit.request_id
        kept = Keeping(**{name: int(value) for name, value in given.items()})
        await settle(visit.session, KEEPING, kept, by=visit.access.user, request=request)
        await visit.commit()
        return visit.go("/admin/keeping", visit.text("settings.saved"))


def _choices(visit: Visit, days: Iterable[int]) -> list[tuple[int, str]]:
    locale = visit.voice.locale
    return [(one, visit.text("admin.days", number=numbers.format_number(one, locale))) for one in sorted(days)]
