"""One request of a signed-in operator, and how problems are answered."""

import hashlib
import secrets
from collections.abc import AsyncGenerator
from typing import Any

import structlog
from litestar import Request, Response
from litestar.datastructures import FormMultiDict
from litestar.enums import MediaType
from litestar.response import Redirect

from crm_domain.messages.catalogue import catalogue
from crm_domain.people.operators import Part
from crm_domain.problems import BadValue, Denied, NotFound, Problem
from crm_host.console import LANGUAGE, SESSION, Console, cookies_of, csrf_reference
from crm_storage.database import Session
from crm_storage.operators.administer import note
from crm_storage.operators.sign_in import Operator, who
from crm_ui.csp import nonce_of
from crm_ui.csrf import make_token
from crm_ui.errors import ProblemView, respond, status_of, view_of_status
from crm_ui.request_log import request_id_of
from crm_ui.shell import NavItem, Shell, ShellUser
from crm_ui.templates import initials


class SignInNeeded(Exception):
    """The request has no session, or its session has ended."""


class Visit:
    """Who acts, and the console's parts."""

    def __init__(self, request: Request[Any, Any, Any], console: Console, operator: Operator) -> None:
        self.request = request
        self.console = console
        self.operator = operator
        self.language = language_of(request)

    def text(self, id_: str, **facts: Any) -> str:
        return catalogue(self.language).text(id_, **facts)

    def allow(self, part: Part) -> None:
        """Raises Denied for an operator who may not change that part."""
        if not self.operator.may(part):
            raise Denied

    async def note(self, session: Session, action: str, **facts: Any) -> None:
        """Adds what is done here to the trail of operators."""
        address = self.request.client.host if self.request.client else ""
        await note(session, self.operator.id, action, address, facts)

    async def noted(self, action: str, **facts: Any) -> None:
        """The same for what has been done already, in a transaction of its own."""
        async with self.console.database.host() as session:
            await self.note(session, action, **facts)
            await session.commit()

    def _places(self, current: str) -> list[NavItem]:
        return [
            NavItem(self.text(f"host.{key}"), href, icon, current=key == current)
            for key, href, icon in (
                ("tenants", "/", "building-2"),
                ("plans", "/plans", "gauge"),
                ("operators", "/operators", "shield"),
                ("trail", "/trail", "history"),
            )
        ]

    def page(self, template: str, *, status: int = 200, current: str = "tenants", **facts: Any) -> Response[str]:
        """A full page in the console's frame."""
        shell = Shell(
            brand=self.text("host.console"),
            language=self.language,
            dir="rtl" if self.language == "fa" else "ltr",
            csrf=make_token(self.console.key, csrf_reference(self.request.scope)),
            nonce=nonce_of(self.request.scope),
            theme=theme_of(self.request),
            realm="host",
            digits="persian" if self.language == "fa" else "latin",
            user=ShellUser(self.operator.name, initials(self.operator.name), "amber"),
            nav=[("", self._places(current))],
            bottom=self._places(current),
            search_action="/",
        )
        body = self.console.render(
            template, self.language, {**facts, "shell": shell, "nonce": shell.nonce, "operator": self.operator}
        )
        return Response(body, status_code=status, media_type=MediaType.HTML)


async def provide_visit(request: Request[Any, Any, Any]) -> AsyncGenerator[Visit]:
    """A signed-in operator, or the way to the sign-in page."""
    console: Console = request.app.state.console
    secret = cookies_of(request.scope).get(SESSION, "")
    async with console.database.host() as session:
        operator = await who(session, secret) if secret else None
    if operator is None:
        raise SignInNeeded
    request.scope["state"]["user_id"] = str(operator.id)
    yield Visit(request, console, operator)


async def provide_posted(request: Request[Any, Any, Any]) -> FormMultiDict:
    """The form that was posted."""
    return await request.form()


def language_of(request: Request[Any, Any, Any]) -> str:
    """What the language switch chose, else Persian."""
    chosen = cookies_of(request.scope).get(LANGUAGE, "fa")
    return chosen if chosen in ("fa", "en") else "fa"


def theme_of(request: Request[Any, Any, Any]) -> Any:
    theme = cookies_of(request.scope).get("theme", "")
    return theme if theme in ("light", "dark") else ""


def bare_page(request: Request[Any, Any, Any], template: str, *, status: int = 200, **facts: Any) -> Response[str]:
    """A page without the frame, whose form is bound to this browser's visit."""
    console: Console = request.app.state.console
    language = language_of(request)
    cookies = cookies_of(request.scope)
    known = cookies.get(SESSION) or cookies.get("host_visit", "")
    visit = known or secrets.token_urlsafe(18)
    token = make_token(console.key, hashlib.sha256(visit.encode()).hexdigest())
    words = catalogue(language).text
    nonce = nonce_of(request.scope)
    shell = Shell(
        brand=words("host.console"),
        language=language,
        dir="rtl" if language == "fa" else "ltr",
        csrf=token,
        nonce=nonce,
        realm="host",
    )
    response = Response(
        console.render(template, language, {**facts, "shell": shell, "nonce": nonce}),
        status_code=status,
        media_type=MediaType.HTML,
    )
    if not known:
        response.set_cookie("host_visit", visit, httponly=True, samesite="lax", secure=console.secure)
    return response


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Every problem as a page in the operator's language."""
    if isinstance(error, SignInNeeded):
        return Redirect("/login", status_code=303)
    status = (
        404
        if isinstance(error, NotFound)
        else 403
        if isinstance(error, Denied)
        else 409
        if isinstance(error, Problem)
        else 422
        if isinstance(error, BadValue)
        else status_of(error)
    )
    if status >= 500:
        structlog.get_logger().exception("request.failed", error=type(error).__name__)
    words = catalogue(language_of(request)).text
    view = view_of_status(status, words, request_id_of(request.scope))
    if isinstance(error, Problem) and not isinstance(error, NotFound | Denied):
        view = ProblemView(status, "refused", view.title, words(error.id, **error.facts), view.request_id)

    def render(template: str, facts: Any) -> str:
        language, nonce = language_of(request), nonce_of(request.scope)
        shell = Shell(
            brand=words("host.console"),
            language=language,
            dir="rtl" if language == "fa" else "ltr",
            csrf="",
            nonce=nonce,
            realm="host",
        )
        return request.app.state.console.render(template, language, {**facts, "shell": shell, "nonce": nonce})

    return respond(request, view, render)


HANDLED: Any = {Exception: answer}
