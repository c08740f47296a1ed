"""How a user signs his letters: a signature in each language he writes, above or below what they quote."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition.kinds import RichText
from crm_domain.messages.catalogue import LANGUAGES
from crm_domain.problems import FieldProblem
from crm_domain.text.rich import clean, to_plain
from crm_storage.letters.signatures import sign_with, signatures_of
from crm_storage.people import preferences as kept
from crm_ui.inputs import Draft
from crm_web.visit import Visit

MOST = 10_000
"""Characters of a signature's markup."""


class SignaturePages(Controller):
    """/settings/signature."""

    path = "/settings/signature"

    @get("/")
    async def show(self, visit: Visit) -> Response[str]:
        return await _page(visit, await signatures_of(visit.session, visit.access.user), {})

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Keeps both, cleaned (SEC-13); what has no words and no picture is no signature."""
        bodies = {language: clean(posted.get(f"signature_{language}", "")) for language in LANGUAGES}
        long = [language for language, body in bodies.items() if len(body) > MOST]
        if long:
            return await _page(visit, bodies, {f"signature_{language}": _TOO_LONG for language in long}, status=422)
        written = {language: body for language, body in bodies.items() if to_plain(body).strip() or "<img" in body}
        await sign_with(visit.session, visit.access.user, written)
        await kept.keep(visit.session, visit.access.user, {"sign_below": posted.get("below") == "1"})
        await visit.commit()
        return visit.go("/settings/signature", visit.text("settings.saved"))


_TOO_LONG = (FieldProblem("problems.too_long", {"most": MOST}),)


async def _page(
    visit: Visit, bodies: dict[str, str], problems: dict[str, tuple[FieldProblem, ...]], *, status: int = 200
) -> Response[str]:
    values = {f"signature_{language}": body for language, body in bodies.items()}
    draft = Draft(visit.module("emails"), visit.voice, values, problems=problems)
    inputs = [
        draft.input_of(RichText(key=f"signature_{language}"), visit.text(f"settings.signature.{language}"))
        for language in LANGUAGES
    ]
    return await visit.page(
        "account/signature.html",
        status=status,
        current="settings",
        tab="signature",
        inputs=inputs,
        below=visit.actor.preferences.sign_below,
    )
