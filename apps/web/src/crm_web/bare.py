"""Pages for people without a session: no shell, the language of the visit, a form bound to it all the same."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response
from litestar.enums import MediaType

from crm_domain.meaning.voice import Voice, usual_voice
from crm_domain.messages.catalogue import catalogue
from crm_ui.csp import nonce_of
from crm_ui.csrf import make_token
from crm_ui.shell import Shell
from crm_web.cookies import (
    ANONYMOUS,
    cookie_name,
    cookies_of,
    csrf_reference,
    new_anonymous,
    set_anonymous,
    token_hash,
)
from crm_web.gate import tenant_of
from crm_web.installation import Installation

LANGUAGE = "language"
"""The cookie that remembers which language the sign-in page was switched to."""
PARTS = {
    "account/sign_in.html": "account/sign_in_part.html",
    "account/code.html": "account/code_part.html",
}
"""What of a page is shown over another one, whose session has ended."""


def bare_page(
    request: Request[Any, Any, Any], template: str, *, status: int = 200, language: str = "", **facts: Any
) -> Response[str]:
    """A page without the shell, whose form is bound to this visit."""
    installation: Installation = request.app.state.installation
    tenant = tenant_of(request.scope)
    spoken = language if language in ("fa", "en") else spoken_language(request)
    cookies = cookies_of(request.scope)
    known = cookies.get(cookie_name(secure=installation.secure)) or cookies.get(ANONYMOUS, "")
    visit = known or new_anonymous()
    reference = csrf_reference(request.scope, secure=installation.secure) if known else token_hash(visit).hex()
    shell = Shell(
        brand=tenant.name,
        language=spoken,
        dir="rtl" if spoken == "fa" else "ltr",
        csrf=make_token(installation.key, reference),
        nonce=nonce_of(request.scope),
    )
    context = {
        "shell": shell,
        "nonce": shell.nonce,
        "told": "",
        "problem": "",
        "problems": [],
        "login": "",
        "next": "/",
        "over": False,
        **facts,
    }
    if request.headers.get("hx-request") == "true" and template in PARTS:
        template, context["over"] = PARTS[template], True
    response = Response(
        installation.render(template, catalogue(spoken).text, context), status_code=status, media_type=MediaType.HTML
    )
    if not known:
        set_anonymous(response, visit, secure=installation.secure)
    return response


def voice_of(request: Request[Any, Any, Any]) -> Voice:
    """How somebody without a session is spoken to: in the language of the visit, in its usual calendar."""
    return usual_voice(spoken_language(request), datetime.now(UTC))


def language_of(request: Request[Any, Any, Any]) -> str:
    """The language of an answer that knows no user: what the browser prefers, else the tenant's."""
    tenant = request.scope.get("state", {}).get("tenant")
    wanted = request.headers.get("accept-language", "")[:2].lower()
    return wanted if wanted in ("fa", "en") else getattr(tenant, "language", "fa")


def spoken_language(request: Request[Any, Any, Any]) -> str:
    chosen = cookies_of(request.scope).get(LANGUAGE, "")
    return (
        chosen if chosen in ("fa", "en") else tenant_of(request.scope).language if not chosen else language_of(request)
    )
