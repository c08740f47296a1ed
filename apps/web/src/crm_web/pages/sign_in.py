"""Signing in and out, resetting a password, accepting an invitation: the pages of people who are not signed in."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect

from crm_domain.problems import Invalid, Refused
from crm_domain.tenancy import Tenant
from crm_domain.text.numbers import format_number
from crm_storage.people import once, passwords, sessions
from crm_storage.people.policy import sign_in_policy
from crm_storage.people.sign_in import CodeNeeded, confirm, sign_in
from crm_web.bare import LANGUAGE, bare_page, voice_of
from crm_web.cookies import clear_session, cookie_name, cookies_of
from crm_web.entering import ask_code, attempt_of, let_in, sign_in_page
from crm_web.gate import tenant_of
from crm_web.installation import Installation, vault_of
from crm_web.origin import address_of


class SignInPages(Controller):
    """/login, /logout, /forgot, /reset, /invite. Their forms work without a script."""

    path = "/"

    @get("/login")
    async def form(
        self,
        request: Request[Any, Any, Any],
        next: str = "/",
        language: str = "",
        chosen: bool = False,
        local: bool = False,
    ) -> Response[str]:
        told = voice_of(request).text("login.password_set") if chosen else ""
        page = await sign_in_page(request, language=language, next=own_path(next), told=told, password=local)
        if language in ("fa", "en"):
            page.set_cookie(LANGUAGE, language, max_age=31_536_000, samesite="lax", httponly=True)
        return page

    @post("/login")
    async def enter(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[Any]:
        installation: Installation = request.app.state.installation
        tenant = tenant_of(request.scope)
        attempt = attempt_of(request, posted.get("login", ""), posted.get("password", ""))
        after = own_path(posted.get("next", "/"))
        try:
            async with installation.database.tenant(tenant.number) as session:
                entered = await sign_in(session, installation.hasher, attempt)
        except CodeNeeded as needed:
            return ask_code(request, needed.pending, after)
        except Refused as refused:
            wrong = voice_of(request).text(refused.id, **refused.facts)
            status = 429 if refused.id.endswith("wait") else 401
            return await sign_in_page(
                request, status=status, next=after, problem=wrong, login=attempt.login, password=True
            )
        return let_in(request, entered, after)

    @post("/login/code")
    async def second_step(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[Any]:
        """The code of the second factor; without a first step a short while ago one begins anew."""
        installation: Installation = request.app.state.installation
        tenant = tenant_of(request.scope)
        pending, after = posted.get("pending", ""), own_path(posted.get("next", "/"))
        try:
            async with installation.database.tenant(tenant.number) as session:
                entered = await confirm(
                    session,
                    vault_of(installation, tenant),
                    pending,
                    posted.get("code", ""),
                    attempt_of(request),
                    installation.clock.now(),
                    trust=posted.get("trust") == "1",
                )
        except Refused as refused:
            wrong = voice_of(request).text(refused.id, **refused.facts)
            if refused.id == "people.code_late":
                return await sign_in_page(request, status=401, next=after, problem=wrong, password=True)
            return ask_code(request, pending, after, wrong, 429 if refused.id == "people.too_many_tries" else 401)
        return let_in(request, entered, after)

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


async def _choose(
    request: Request[Any, Any, Any], purpose: once.Purpose, token: str, problems: Sequence[str] = ()
) -> Response[str]:
    installation: Installation = request.app.state.installation
    async with installation.database.tenant(tenant_of(request.scope).number) as session:
        good = await once.look(session, purpose, token) is not None
        length = (await sign_in_policy(session)).password_length
    return bare_page(
        request,
        "account/choose.html",
        status=404 if not good else 422 if problems else 200,
        purpose=purpose,
        token=token if good else "",
        good=good,
        problems=problems,
        least=format_number(length, voice_of(request).locale),
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
        return await _choose(request, purpose, token, wrong)
    except Refused:
        return await _choose(request, purpose, "")
    return Redirect("/login?chosen=true", status_code=303)


def own_path(path: str) -> str:
    """Only paths of this site (SEC-19). Browsers read a backslash as a slash, and leave out tabulators and line ends."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if own and min(path) >= " " else "/"
