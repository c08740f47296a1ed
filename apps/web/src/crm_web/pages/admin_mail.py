"""What the company settles about its people's e-mails."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.letters.providers import MOST, OWN, PROVIDERS, SETTING, Program, Provider, programs_of, wrong
from crm_domain.letters.rules import WAITS_S, LetterRules
from crm_domain.problems import FieldProblem, Invalid
from crm_storage.letters.consent import COMPANY, secret_name, withdraw
from crm_storage.letters.rules import keep_letter_rules, letter_rules
from crm_storage.people.preferences import setting, settle
from crm_storage.vault import Vault
from crm_web.admin.frame import need_administrator
from crm_web.pages.mail_consent import BACK
from crm_web.proof import prove
from crm_web.visit import Visit


def _program(posted: FormMultiDict, name: str) -> Program:
    def said(key: str) -> str:
        return str(posted.get(f"{name}.{key}", "")).strip()

    own = Provider(authorize_url=said("authorize_url"), token_url=said("token_url"), scopes=said("scopes"))
    return Program(client_id=said("client_id"), provider=own if name == OWN else Provider())


async def _page(visit: Visit, programs: Mapping[str, Program], problem: str = "") -> Response[str]:
    vault = Vault(visit.installation.seals, visit.tenant.number)
    return await visit.page(
        "admin/mail.html",
        status=422 if problem else 200,
        current="admin",
        tab="mail",
        rules=await letter_rules(visit.session),
        waits=[(wait, visit.text(f"admin.wait.{wait}")) for wait in WAITS_S],
        problem=problem,
        back=visit.installation.url(visit.tenant, BACK),
        programs=[
            (
                name,
                visit.text(f"mailbox_sign_in.{name}"),
                program,
                await vault.read(visit.session, "settings", COMPANY, secret_name(name)) is not None,
            )
            for name, program in programs.items()
        ],
    )


class AdminMailPages(Controller):
    """/admin/mail."""

    path = "/admin/mail"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        return await _page(visit, programs_of(await setting(visit.session, SETTING)))

    @post("/providers")
    async def register(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Keeps the company's programs at providers. A secret left empty stays; one of a program that is gone or lies elsewhere
        now goes, with the consents that were given to it."""
        need_administrator(visit)
        programs = {name: _program(posted, name) for name in PROVIDERS}
        plain = visit.installation.settings.env == "development"
        if problem := next((found for one in programs.values() if (found := wrong(one, plain=plain))), ""):
            return await _page(visit, programs, visit.text(problem))
        await prove(visit, posted)
        former = programs_of(await setting(visit.session, SETTING))
        request = visit.request_id
        kept = {name: msgspec.to_builtins(one) for name, one in programs.items() if one.client_id}
        await settle(visit.session, SETTING, kept, by=visit.access.user, request=request)
        vault = Vault(visit.installation.seals, visit.tenant.number)
        for name, program in programs.items():
            secret, moved = posted.get(f"{name}.secret", "").strip()[:MOST], program != former[name]
            if secret or moved or not program.client_id:
                await vault.put(visit.session, "settings", COMPANY, secret_name(name), secret or None)
            if moved:
                await withdraw(visit.session, name)
        await visit.commit()
        return visit.go("/admin/mail", visit.text("settings.saved"))

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
