"""What the company settles about its people's e-mails."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.letters.rules import LetterRules
from crm_domain.problems import Denied
from crm_storage.letters.rules import keep_letter_rules, letter_rules
from crm_web.visit import Visit


class AdminMailPages(Controller):
    """/admin/mail."""

    path = "/admin/mail"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        _check(visit)
        rules = await letter_rules(visit.session)
        return await visit.page("admin/mail.html", current="admin", tab="mail", rules=rules)

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        _check(visit)
        await keep_letter_rules(visit.session, LetterRules(may_track=bool(posted.get("may_track"))))
        await visit.commit()
        return visit.go("/admin/mail", visit.text("settings.saved"))


def _check(visit: Visit) -> None:
    if not visit.access.admin:
        raise Denied
