"""To the company's provider of identities and back: signing in, linking one's account, proving oneself anew, trying it out."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect

from crm_domain.definition import Ref
from crm_domain.people.single_sign_on import SingleSignOn, stranger_of
from crm_domain.problems import Denied, NotFound, Refused
from crm_storage.database import Session
from crm_storage.people import single_sign_on as sso
from crm_storage.people.actor import load_actor
from crm_storage.people.log import log
from crm_storage.people.sign_in import CodeNeeded
from crm_web.admin.frame import by, need_administrator
from crm_web.bare import bare_page, voice_of
from crm_web.cookies import cookie_name, cookies_of, token_hash
from crm_web.elsewhere import BACK, claims_of, enter
from crm_web.entering import ask_code, let_in
from crm_web.gate import tenant_of
from crm_web.installation import Installation
from crm_web.journey import Journey, Wanted, forget, new_journey, remember, remembered
from crm_web.origin import address_of
from crm_web.pages.sign_in import own_path
from crm_web.proof import prove, renew_session
from crm_web.supported import CLOSED
from crm_web.visit import Visit
from crm_web.wiring import visit_of

SESSIONS = "/settings/sessions"
FRESH_S = 300
"""So long ago somebody may have signed in there for that to prove him here."""


class SingleSignOnPages(Controller):
    """/sso/start, /sso/link, /sso/prove, /sso/test, and /sso/callback, to which all of them come back."""

    path = "/sso"
    opt = CLOSED

    @get("/start")
    async def start(self, request: Request[Any, Any, Any], next: str = "/") -> Response[Any]:
        installation: Installation = request.app.state.installation
        async with installation.database.tenant(tenant_of(request.scope).number) as session:
            settings = await sso.single_sign_on(session)
        return await _away(request, settings, "enter", own_path(next))

    @post("/link")
    async def link(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """A page with the way to the provider: a link, for no form leads to another site."""
        await prove(visit, posted)
        settings = await sso.single_sign_on(visit.session)
        try:
            way, journey = await _way(visit.request, settings, "link", SESSIONS, str(visit.access.user))
        except Refused as refused:
            return visit.go(SESSIONS, visit.text(refused.id, **refused.facts))
        label = settings.label or visit.text("sso.account")
        page = await visit.page("account/sso_way.html", current="settings", tab="sessions", way=way, provider=label)
        remember(visit.request, page, journey)
        return page

    @get("/prove")
    async def prove(self, visit: Visit, next: str = "/") -> Response[Any]:
        return await _away_from(visit, "prove", own_path(next))

    @get("/test")
    async def test(self, visit: Visit) -> Response[Any]:
        need_administrator(visit)
        return await _away_from(visit, "test", "/admin/single_sign_on")

    @get("/callback")
    async def back(self, request: Request[Any, Any, Any]) -> Response[Any]:
        journey = remembered(request)
        try:
            if journey is None:
                raise Refused("sso.stale")
            settings, claims = await claims_of(request, journey)
            response = await _arrived(request, journey, settings, claims)
        except Refused as refused:
            wrong = voice_of(request).text(refused.id, **refused.facts)
            response = bare_page(request, "account/sso_refused.html", status=401, problem=wrong)
        forget(request, response)
        return response


async def _away_from(visit: Visit, wanted: Wanted, after: str) -> Response[Any]:
    settings = await sso.single_sign_on(visit.session)
    return await _away(visit.request, settings, wanted, after, str(visit.access.user))


async def _away(
    request: Request[Any, Any, Any], settings: SingleSignOn, wanted: Wanted, after: str, user: str = ""
) -> Response[Any]:
    """Leads to the provider. Raises NotFound where the company has none."""
    try:
        way, journey = await _way(request, settings, wanted, after, user)
    except Refused as refused:
        wrong = voice_of(request).text(refused.id, **refused.facts)
        return bare_page(request, "account/sso_refused.html", status=503, problem=wrong)
    response = Redirect(way, status_code=303)
    remember(request, response, journey)
    return response


async def _way(
    request: Request[Any, Any, Any], settings: SingleSignOn, wanted: Wanted, after: str, user: str
) -> tuple[str, Journey]:
    """The provider's address with all that is asked of it. Raises NotFound where the company has none, Refused."""
    installation: Installation = request.app.state.installation
    tenant = tenant_of(request.scope)
    if not settings.issuer or not (settings.enabled or wanted == "test"):
        raise NotFound
    described = await installation.providers.describe(tenant.number, settings.issuer)
    journey = new_journey(settings.issuer, wanted, after, user)
    asked = {
        "response_type": "code",
        "client_id": settings.client,
        "redirect_uri": installation.url(tenant, BACK),
        "scope": settings.scopes,
        "state": journey.state,
        "nonce": journey.nonce,
        "code_challenge": journey.challenge,
        "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": "0"} if wanted == "prove" else {}),
    }
    url = described.authorization_endpoint
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}", journey


async def _arrived(
    request: Request[Any, Any, Any], journey: Journey, settings: SingleSignOn, claims: Mapping[str, Any]
) -> Response[Any]:
    if journey.wanted == "enter":
        try:
            return let_in(request, await enter(request, settings, claims), journey.after)
        except CodeNeeded as needed:
            return ask_code(request, needed.pending, journey.after)
    installation: Installation = request.app.state.installation
    async with installation.database.tenant(tenant_of(request.scope).number, address=address_of(request)) as session:
        visit = await _who_began(request, installation, session, journey)
        match journey.wanted:
            case "link":
                await sso.link(session, settings.issuer, stranger_of(claims, settings), visit.access.user)
                await log(session, by(visit), "sso_linked", of=Ref("users", visit.access.user), changes={})
                await renew_session(visit)
                await visit.commit()
                return visit.go(journey.after, visit.text("sso.linked"))
            case "prove":
                await _prove(visit, settings, claims)
                await visit.commit()
                return visit.go(journey.after)
            case _:
                return await _tried(visit, settings, claims)


async def _who_began(
    request: Request[Any, Any, Any], installation: Installation, session: Session, journey: Journey
) -> Visit:
    """The one who is signed in, if it was he who went. Raises Refused."""
    secret = cookies_of(request.scope).get(cookie_name(secure=installation.secure), "")
    actor = await load_actor(session, token_hash(secret)) if secret else None
    if actor is None or actor.support or str(actor.user) != journey.user:
        raise Refused("sso.stale")
    return await visit_of(request, installation, session, actor, "web")


async def _prove(visit: Visit, settings: SingleSignOn, claims: Mapping[str, Any]) -> None:
    """Signing in anew over there proves him here, if it is his account and the provider says that it was just now."""
    found = await sso.find(visit.session, settings, stranger_of(claims, settings))
    at = claims.get("auth_time")
    if found.standing != "known" or found.user != visit.access.user:
        raise Refused("sso.of_another")
    if not isinstance(at, int | float) or abs(time.time() - at) > FRESH_S:
        raise Refused("sso.not_fresh")
    await renew_session(visit)


async def _tried(visit: Visit, settings: SingleSignOn, claims: Mapping[str, Any]) -> Response[str]:
    """What would have become of that sign-in; nothing did."""
    if not visit.access.admin:
        raise Denied
    stranger = stranger_of(claims, settings)
    found = await sso.find(visit.session, settings, stranger)
    return await visit.page(
        "admin/sso_tried.html",
        current="admin",
        tab="single_sign_on",
        stranger=stranger,
        groups=sorted(stranger.groups),
        outcome=visit.text(f"sso.would.{found.standing}"),
        good=found.standing in ("known", "found", "new"),
        claims=sorted((name, str(value)) for name, value in claims.items()),
    )
