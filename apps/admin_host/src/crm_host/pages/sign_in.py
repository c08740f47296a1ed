"""Signing in to the console: password, then a code; without a second factor it is set up before anything else."""

import hashlib
import hmac
import time
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect

from crm_domain.messages.catalogue import catalogue
from crm_domain.problems import Refused
from crm_host.console import LANGUAGE, PENDING, SESSION, Console, cookies_of
from crm_host.visit import bare_page, language_of
from crm_storage.one_time_codes import new_totp_secret, otpauth
from crm_storage.operators import sign_in as door
from crm_ui.qr import qr_picture

PENDING_S = 300
"""How long a right password waits for its code."""


class SignInPages(Controller):
    """/login, /login/code, /login/setup, /logout."""

    path = "/"

    @get("/login")
    async def form(self, request: Request[Any, Any, Any], language: str = "") -> Response[Any]:
        if language in ("fa", "en"):
            response = Redirect("/login", status_code=303)
            response.set_cookie(LANGUAGE, language, max_age=31_536_000, samesite="lax", httponly=True)
            return response
        return bare_page(request, "sign_in.html", problem="", email="")

    @post("/login")
    async def enter(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[Any]:
        console: Console = request.app.state.console
        email = posted.get("email", "").strip().lower()
        try:
            async with console.database.host() as session:
                operator, has_factor = await door.check_password(
                    session, console.hasher, email, posted.get("password", "")
                )
        except Refused as refused:
            return bare_page(request, "sign_in.html", status=401, problem=_words(request)(refused.id), email=email)
        secret = "" if has_factor else new_totp_secret()
        response = Redirect("/login/code" if has_factor else "/login/setup", status_code=303)
        response.set_cookie(
            PENDING,
            _sign(console, f"{operator}|{email}|{secret}|{int(time.time())}"),
            max_age=PENDING_S,
            httponly=True,
            samesite="strict",
            secure=console.secure,
        )
        return response

    @get("/login/code")
    async def code(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return bare_page(request, "code.html", problem="") if _pending(request) else Redirect("/login", status_code=303)

    @post("/login/code")
    async def check(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[Any]:
        pending = _pending(request)
        if pending is None:
            return Redirect("/login", status_code=303)
        console: Console = request.app.state.console
        try:
            async with console.database.host() as session:
                operator = await door.check_code(session, pending[1], posted.get("code", ""), console.now())
                secret = await door.open_session(
                    session, operator, address=_address(request), agent=request.headers.get("user-agent", "")
                )
                await session.commit()
        except Refused as refused:
            return bare_page(request, "code.html", status=401, problem=_words(request)(refused.id))
        return _entered(console, Redirect("/", status_code=303), secret)

    @get("/login/setup")
    async def set_up(self, request: Request[Any, Any, Any]) -> Response[Any]:
        pending = _pending(request)
        if pending is None or not pending[2]:
            return Redirect("/login", status_code=303)
        return bare_page(
            request, "setup.html", problem="", secret=pending[2], picture=qr_picture(otpauth(pending[2], pending[1]))
        )

    @post("/login/setup")
    async def prove(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[Any]:
        pending = _pending(request)
        if pending is None or not pending[2]:
            return Redirect("/login", status_code=303)
        console: Console = request.app.state.console
        id_, email, secret = pending
        try:
            async with console.database.host() as session:
                codes = await door.set_up(session, id_, secret, posted.get("code", ""), console.now())
                opened = await door.open_session(
                    session, id_, address=_address(request), agent=request.headers.get("user-agent", "")
                )
                await session.commit()
        except Refused as refused:
            wrong = _words(request)(refused.id)
            return bare_page(
                request,
                "setup.html",
                status=401,
                problem=wrong,
                secret=secret,
                picture=qr_picture(otpauth(secret, email)),
            )
        return _entered(console, bare_page(request, "recovery.html", codes=codes), opened)

    @post("/logout")
    async def leave(self, request: Request[Any, Any, Any]) -> Response[Any]:
        console: Console = request.app.state.console
        secret = cookies_of(request.scope).get(SESSION, "")
        async with console.database.host() as session:
            await door.sign_out(session, secret)
            await session.commit()
        response = Redirect("/login", status_code=303)
        response.delete_cookie(SESSION)
        return response


def _words(request: Request[Any, Any, Any]) -> Any:
    return catalogue(language_of(request)).text


def _address(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


def _entered(console: Console, response: Response[Any], secret: str) -> Response[Any]:
    response.set_cookie(SESSION, secret, httponly=True, samesite="strict", secure=console.secure)
    response.delete_cookie(PENDING)
    return response


def _sign(console: Console, text: str) -> str:
    packed = text.encode().hex()
    return f"{packed}.{hmac.new(console.key, packed.encode(), hashlib.sha256).hexdigest()}"


def _pending(request: Request[Any, Any, Any]) -> tuple[UUID, str, str] | None:
    """Who has given a right password lately: operator, address, and the secret of a factor to set up."""
    console: Console = request.app.state.console
    packed, _, mac = cookies_of(request.scope).get(PENDING, "").partition(".")
    if not hmac.compare_digest(hmac.new(console.key, packed.encode(), hashlib.sha256).hexdigest(), mac):
        return None
    id_, email, secret, at = bytes.fromhex(packed).decode().split("|")
    return (UUID(id_), email, secret) if time.time() - int(at) < PENDING_S else None
