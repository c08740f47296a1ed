"""What the company settles about its people's e-mails."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.letters.rules import WAITS_S, LetterRules
from crm_domain.problems import FieldProblem, Invalid
from crm_storage.letters.rules import keep_letter_rules, letter_rules
from crm_web.admin.frame import need_administrator
from crm_web.visit import Visit


class AdminMailPages(Controller):
    """/admin/mail."""

    path = "/admin/mail"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        rules = await letter_rules(visit.session)
        waits = [(wait, visit.text(f"admin.wait.{wait}")) for wait in WAITS_S]
        return await visit.page("admin/mail.html", current="admin", tab="mail", rules=rules, waits=waits)

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        need_administrator(visit)
        wait = posted.get("wait", "")
        if wait not in map(str, WAITS_S):
            raise Invalid({"wait": (FieldProblem("problems.not_an_option", {"value": wait}),)})
        rules = LetterRules(may_track=bool(posted.get("may_track")), wait_s=int(wait))
        await keep_letter_rules(visit.session, rules)
        await visit.commit()
        return visit.go("/admin/mail", visit.text("settings.saved"))
