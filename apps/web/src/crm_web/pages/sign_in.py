"""Signing in and out, resetting a password, accepting an invitation: the pages of people who are not signed in."""

import json
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect

from crm_domain.problems import Invalid, Refused
from crm_domain.tenancy import Tenant
from crm_storage.people import once, passwords, sessions
from crm_storage.people.sign_in import Attempt, sign_in
from crm_ui.csrf import make_token
from crm_web.bare import LANGUAGE, bare_page, voice_of
from crm_web.cookies import (
    clear_session,
    cookie_name,
    cookies_of,
    set_session,
    token_hash,
)
from crm_web.gate import tenant_of
from crm_web.installation import Installation
from crm_web.origin import address_of

"""The cookie that remembers which language the sign-in page was switched to."""


class SignInPages(Controller):
    """/login, /logout, /forgot, /reset, /invite. Their forms work without a script."""

    path = "/"

    @get("/login")
    async def form(
        self, request: Request[Any, Any, Any], next: str = "/", language: str = "", chosen: bool = False
    ) -> Response[str]:
        told = voice_of(request).text("login.password_set") if chosen else ""
        page = bare_page(request, "account/sign_in.html", language=language, next=local(next), told=told)
        if language in ("fa", "en"):
            page.set_cookie(LANGUAGE, language, max_age=31_536_000, samesite="lax", httponly=True)
        return page

    @post("/login")
    async def enter(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[Any]:
        installation: Installation = request.app.state.installation
        tenant = tenant_of(request.scope)
        attempt = Attempt(
            login=posted.get("login", ""),
            password=posted.get("password", ""),
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
            company=tenant.name,
        )
        after = local(posted.get("next", "/"))
        try:
            async with installation.database.tenant(tenant.number) as session:
                entered = await sign_in(session, installation.hasher, attempt)
        except Refused as refused:
            wrong = voice_of(request).text(refused.id, **refused.facts)
            status = 429 if refused.id.endswith("wait") else 401
            return bare_page(
                request, "account/sign_in.html", status=status, next=after, problem=wrong, login=attempt.login
            )
        target = "/settings/password" if entered.must_change else after
        response = _go(request, target, entered.secret)
        set_session(response, entered.secret, secure=installation.secure)
        return response

    @post("/logout")
    async def leave(self, request: Request[Any, Any, Any]) -> Response[Any]:
        installation: Installation = request.app.state.installation
        secret = cookies_of(request.scope).get(cookie_name(secure=installation.secure), "")
        if secret:
            async with installation.database.tenant(tenant_of(request.scope).number) as session:
                await sessions.sign_out(session, secret)
                await session.commit()
        response = Redirect("/login", status_code=303)
        clear_session(response, secure=installation.secure)
        return response

    @get("/forgot")
    async def forgot(self, request: Request[Any, Any, Any]) -> Response[str]:
        return bare_page(request, "account/forgot.html", sent=False)

    @post("/forgot")
    async def send(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[str]:
        """The same answer, whether there is such an account or not (SEC-29)."""
        installation: Installation = request.app.state.installation
        tenant = tenant_of(request.scope)
        link = installation.url(tenant, "/reset?token=")
        async with installation.database.tenant(tenant.number) as session:
            await passwords.request_reset(session, posted.get("login", ""), address_of(request), tenant.name, link)
            await session.commit()
        return bare_page(request, "account/forgot.html", sent=True)

    @get("/reset")
    async def reset(self, request: Request[Any, Any, Any], token: str = "") -> Response[str]:
        return await _choose(request, "reset", token)

    @post("/reset")
    async def set_new(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[Any]:
        return await _chosen(request, "reset", posted)

    @get("/invite")
    async def invited(self, request: Request[Any, Any, Any], token: str = "") -> Response[str]:
        return await _choose(request, "invite", token)

    @post("/invite")
    async def accept(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[Any]:
        return await _chosen(request, "invite", posted)


async def _choose(request: Request[Any, Any, Any], purpose: once.Purpose, token: str) -> Response[str]:
    installation: Installation = request.app.state.installation
    async with installation.database.tenant(tenant_of(request.scope).number) as session:
        good = await once.look(session, purpose, token) is not None
    return bare_page(
        request, "account/choose.html", status=200 if good else 404, purpose=purpose, token=token, good=good
    )


async def _chosen(request: Request[Any, Any, Any], purpose: once.Purpose, posted: FormMultiDict) -> Response[Any]:
    installation: Installation = request.app.state.installation
    tenant: Tenant = tenant_of(request.scope)
    set_it = passwords.complete_reset if purpose == "reset" else passwords.accept_invite
    token = posted.get("token", "")
    words = voice_of(request).text
    try:
        async with installation.database.tenant(tenant.number, address=address_of(request)) as session:
            await set_it(session, installation.hasher, token, posted.get("password", ""), tenant.name)
            await session.commit()
    except Invalid as invalid:
        wrong = [words(problem.id, **problem.facts) for found in invalid.fields.values() for problem in found]
        return bare_page(
            request, "account/choose.html", status=422, purpose=purpose, token=token, good=True, problems=wrong
        )
    except Refused:
        return bare_page(request, "account/choose.html", status=404, purpose=purpose, token="", good=False)
    return Redirect("/login?chosen=true", status_code=303)


def _go(request: Request[Any, Any, Any], target: str, secret: str) -> Response[Any]:
    """On after signing in; over a page with typed values nothing is loaded, the page only gets its new token."""
    if request.headers.get("hx-request") == "true":
        installation: Installation = request.app.state.installation
        token = make_token(installation.key, token_hash(secret).hex())
        said = json.dumps({"sadra:signed-in": {"csrf": token}})
        return Response(None, status_code=204, headers={"HX-Trigger": said})
    return Redirect(target, status_code=303)


def local(path: str) -> str:
    """Only paths of this site (SEC-19). Browsers read a backslash as a slash, and leave out tabulators and line ends."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if own and min(path) >= " " else "/"
