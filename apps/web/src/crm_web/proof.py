"""A fresh proof before what matters most: the password or a code once more, unless it was given within ten minutes (SEC-36)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Response
from litestar.datastructures import FormMultiDict
from litestar.enums import MediaType
from litestar.types import Message, Scope

from crm_domain.problems import Denied, Invalid, Refused
from crm_storage.people import proof, sessions
from crm_storage.people.actor import load_actor
from crm_storage.people.single_sign_on import is_linked, single_sign_on
from crm_web.cookies import RENEWED, session_cookie, token_hash
from crm_web.installation import vault_of
from crm_web.visit import Visit

FIELD = "_proof"
"""The name under which a form that was asked for a proof carries it."""
UNCARRIED = ("_csrf", FIELD)


class ProofNeeded(Exception):
    """The password is asked for; `response` is the page that asks and then goes on with what was wanted."""

    def __init__(self, response: Response[Any]) -> None:
        super().__init__("proof needed")
        self.response = response


async def prove(visit: Visit, posted: FormMultiDict | None = None) -> None:
    """Goes on when the password was given lately or comes with the form. Raises ProofNeeded otherwise, Denied for support.

    Call it before anything is changed: a right password gives the session a new secret at once.
    """
    if visit.actor.support:
        raise Denied("support.closed")
    if visit.actor.proven(visit.work.now()):
        return
    password = str(posted.get(FIELD, "")) if posted else ""
    if not password:
        raise ProofNeeded(await _asked(visit, posted, ""))
    try:
        await renew(visit, password)
    except (Invalid, Refused) as refused:
        raise ProofNeeded(await _asked(visit, posted, wrong(visit, refused))) from None


def wrong(visit: Visit, refused: Invalid | Refused) -> str:
    """Why a proof was none."""
    return visit.text(refused.id if isinstance(refused, Refused) else "people.password_wrong")


async def renew(visit: Visit, password: str) -> None:
    """By his password or a code: proves the user anew and changes his session's secret. Raises Invalid, Refused."""
    installation = visit.installation
    async with installation.database.tenant(visit.tenant.number) as session:
        secret = await proof.prove(
            session,
            installation.hasher,
            vault_of(installation, visit.tenant),
            visit.access.user,
            visit.actor.session,
            password,
            visit.work.now(),
        )
        actor = await load_actor(session, token_hash(secret))
    assert actor is not None
    visit.actor = actor
    visit.request.scope["state"][RENEWED] = secret


async def renew_session(visit: Visit) -> None:
    """The session goes on under another secret once its user's standing has changed (SEC-31); the caller commits."""
    secret = await sessions.renew(visit.session, visit.access.user, visit.actor.session)
    visit.request.scope["state"][RENEWED] = secret


async def send_renewed(message: Message, scope: Scope) -> None:
    """Puts the session's new secret into whatever answer there is."""
    secret = scope.get("state", {}).get(RENEWED)
    if secret and message["type"] == "http.response.start":
        secure = scope["litestar_app"].state.installation.secure
        message["headers"] = [*message["headers"], (b"set-cookie", session_cookie(secret, secure=secure).encode())]


async def elsewhere(visit: Visit, after: str) -> dict[str, str]:
    """The provider by which he may prove himself, if his account there is linked, and where that leads back to."""
    settings = await single_sign_on(visit.session)
    linked = settings.enabled and await is_linked(visit.session, settings.issuer, visit.access.user)
    return {"provider": (settings.label or visit.text("sso.account")) if linked else "", "back": after}


async def _asked(visit: Visit, posted: FormMultiDict | None, problem: str) -> Response[Any]:
    """The page that asks: it posts what was posted again, or after a GET leads back to where that led.

    In place of a part it comes as the whole page, whatever the part was meant for: nothing else is to be done before.
    """
    if visit.fragment and posted is None:
        here = urlsplit(visit.request.headers.get("hx-current-url", "/")).path
        return Response("", headers={"HX-Redirect": f"/prove?next={quote(here, safe='/')}"}, media_type=MediaType.HTML)
    url = visit.request.url
    here = url.path + (f"?{url.query}" if url.query else "")
    carried: Sequence[tuple[str, str]] = (
        [(name, str(value)) for name, value in posted.multi_items() if name not in UNCARRIED]
        if posted is not None
        else [("next", here)]
    )
    page = await visit.page(
        "account/prove.html",
        status=403,
        current="settings",
        action=here if posted is not None else "/prove",
        carried=carried,
        problem=problem,
        field=FIELD,
        with_code=visit.actor.has_factor,
        **await elsewhere(visit, here if posted is None else urlsplit(visit.request.headers.get("referer", "/")).path),
    )
    if visit.fragment:
        page.headers.update({"HX-Retarget": "body", "HX-Reswap": "innerHTML"})
    return page
