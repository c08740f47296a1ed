"""A form that is sent when its session has ended: its values stay, one signs in with it, and it is carried out."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import FormMultiDict
from litestar.types import Receive, Scope

from crm_domain.messages.catalogue import catalogue
from crm_domain.people.actor import Actor
from crm_domain.problems import Refused
from crm_storage.database import Session
from crm_storage.people.actor import load_actor
from crm_storage.people.sign_in import CodeNeeded, SignedIn, confirm, sign_in
from crm_ui.errors import wants_json
from crm_web.bare import bare_page, spoken_language
from crm_web.cookies import RENEWED, cookie_name, cookies_of, token_hash
from crm_web.entering import attempt_of
from crm_web.gate import tenant_of
from crm_web.installation import Installation, vault_of

LOGIN, PASSWORD, PENDING, CODE = "_login", "_password", "_pending", "_code"
"""The names under which a form carries who sends it again."""
UNCARRIED = ("_csrf", LOGIN, PASSWORD, PENDING, CODE)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class SignInNeeded(Exception):
    """The request has no session, or its session has ended; `response` is the page that keeps what was posted."""

    def __init__(self, response: Response[Any] | None = None) -> None:
        super().__init__("sign-in needed")
        self.response = response


async def signed_in_again(request: Request[Any, Any, Any], installation: Installation, session: Session) -> Actor:
    """Who signs in with the form he sends: the answer carries his session. Raises SignInNeeded for all else."""
    posted = await _posted(request)
    if posted is None:
        raise SignInNeeded
    if PASSWORD not in posted and CODE not in posted:
        raise SignInNeeded(_asked(request, posted, ""))
    try:
        entered = await _entered(request, installation, session, posted)
    except CodeNeeded as needed:
        raise SignInNeeded(_asked(request, posted, "", needed.pending)) from None
    except Refused as refused:
        words = catalogue(spoken_language(request)).text
        pending = "" if refused.id == "people.code_late" else str(posted.get(PENDING, ""))
        raise SignInNeeded(_asked(request, posted, words(refused.id, **refused.facts), pending)) from None
    request.scope["state"][RENEWED] = entered.secret
    actor = await load_actor(session, token_hash(entered.secret))
    if actor is None:
        raise SignInNeeded
    return actor


async def _entered(
    request: Request[Any, Any, Any], installation: Installation, session: Session, posted: FormMultiDict
) -> SignedIn:
    """The step that was sent: name and password, or the code after them."""
    if CODE not in posted:
        attempt = attempt_of(request, str(posted.get(LOGIN, "")), str(posted.get(PASSWORD, "")))
        return await sign_in(session, installation.hasher, attempt)
    vault, now = vault_of(installation, tenant_of(request.scope)), installation.clock.now()
    pending, code = str(posted.get(PENDING, "")), str(posted.get(CODE, ""))
    return await confirm(session, vault, pending, code, attempt_of(request), now, trust=False)


async def keep_typed(scope: Scope, receive: Receive) -> None:
    """Raises SignInNeeded with the form of a page that was left open until its browser had no session any more."""
    request: Request[Any, Any, Any] = Request(scope, receive)
    installation: Installation = request.app.state.installation
    known = cookie_name(secure=installation.secure) in cookies_of(scope)
    if known or "visit" not in scope["route_handler"].parsed_fn_signature.parameters:
        return
    posted = await _posted(request)
    if posted is not None:
        raise SignInNeeded(_asked(request, posted, ""))


async def _posted(request: Request[Any, Any, Any]) -> FormMultiDict | None:
    """The form that a page sent as a whole; programs and parts of pages keep theirs themselves."""
    if request.method != "POST" or wants_json(request) or request.headers.get("hx-request") == "true":
        return None
    return await request.form() if request.headers.get("content-type", "").startswith(FORMS) else None


def _asked(request: Request[Any, Any, Any], posted: FormMultiDict, problem: str, pending: str = "") -> Response[str]:
    """The page that asks who it is, with everything that was posted but files, which a page cannot carry."""
    values = [(name, value) for name, value in posted.multi_items() if name not in UNCARRIED]
    carried = [(name, value) for name, value in values if isinstance(value, str)]
    url = request.url
    return bare_page(
        request,
        "account/again.html",
        status=401,
        action=url.path + (f"?{url.query}" if url.query else ""),
        carried=carried,
        files=any(getattr(value, "filename", "") for _, value in values),
        login=str(posted.get(LOGIN, "")),
        pending=pending,
        problem=problem,
    )
