"""The company's rules for its marketing mail: how often one address may be mailed, and going on after a restore."""

from functools import partial
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.problems import Denied, Invalid
from crm_domain.sending.cap import MOST_DAYS, MOST_MAILS, checked_cap
from crm_domain.text.numbers import format_number
from crm_storage.sending import quarantine
from crm_storage.sending.caps import keep_cap, read_cap
from crm_web.proof import prove
from crm_web.visit import Visit

USUAL_DAYS = 7


class SendingRulePages(Controller):
    """/admin/sending; for those who decide who is spared and when mail goes on."""

    path = "/admin/sending"

    @get("/")
    async def show(self, visit: Visit) -> Response[str]:
        if not (visit.access.special("manage_suppression") or visit.access.special("resume_sending")):
            raise Denied
        cap = await read_cap(visit.session)
        shown = partial(format_number, locale=visit.voice.locale)
        return await _page(visit, shown(cap.most) if cap else "", shown(cap.days if cap else USUAL_DAYS))

    @post("/release")
    async def release(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Ends what holds all mail since the database went back in time; runs stay paused until resumed one by one."""
        if not visit.access.special("resume_sending"):
            raise Denied
        await prove(visit, posted)
        await quarantine.release(visit.session, by=visit.access.user)
        await visit.commit()
        return visit.go("/admin/sending", visit.text("sending_rules.released"))

    @post("/")
    async def keep(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Sets the limit; without a number of mails there is none."""
        if not visit.access.special("manage_suppression"):
            raise Denied
        most, days = posted.get("most", ""), posted.get("days", "")
        try:
            cap = checked_cap(most, days)
        except Invalid as wrong:
            return await _page(visit, most, days, wrong)
        await keep_cap(visit.session, cap, by=visit.access.user, request=visit.request_id)
        await visit.commit()
        return visit.go("/admin/sending", visit.text("settings.saved"))


async def _page(visit: Visit, most: str, days: str, wrong: Invalid | None = None) -> Response[str]:
    problems = {
        name: [visit.text(one.id, **one.facts) for one in found]
        for name, found in (wrong.fields if wrong else {}).items()
    }
    return await visit.page(
        "admin/sending.html",
        status=422 if wrong else 200,
        current="admin",
        tab="sending",
        most=most,
        days=days,
        bounds={"most": MOST_MAILS, "days": MOST_DAYS},
        problems=problems,
        may_change=visit.access.special("manage_suppression"),
        may_release=visit.access.special("resume_sending"),
        may_set_up=visit.access.admin,
        held=await quarantine.holds(visit.session),
    )
