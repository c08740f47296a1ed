"""Problems of the core and of the framework as answers: page, fragment or problem+json, in the reader's language."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import structlog
from litestar import Request, Response
from litestar.response import Redirect

from crm_domain.meaning.voice import usual_voice
from crm_domain.problems import BadValue, Conflict, Denied, Invalid, NotFound, Problem, Refused
from crm_storage.failures import is_nonsense, is_unavailable
from crm_ui.csp import nonce_of
from crm_ui.errors import ProblemView, respond, status_of, view_of_status, wants_json
from crm_ui.request_log import request_id_of
from crm_ui.shell import Shell
from crm_web.again import SignInNeeded
from crm_web.bare import language_of
from crm_web.gate import TenantClosed, UnknownHost
from crm_web.proof import ProofNeeded
from crm_web.wiring import SomethingFirst

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFound, 404),
    (UnknownHost, 404),
    (Denied, 403),
    (SomethingFirst, 403),
    (TenantClosed, 403),
    (Conflict, 409),
    (Refused, 409),
    (Invalid, 422),
    (BadValue, 422),
    (SignInNeeded, 401),
)
RETRY_AFTER = "5"
"""Seconds (REL-19)."""


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The one handler of the app."""
    if isinstance(error, ProofNeeded):
        return error.response
    if isinstance(error, SomethingFirst) and not wants_json(request):
        return _to(request, error.page)
    if isinstance(error, SignInNeeded) and error.response is not None:
        return error.response
    if isinstance(error, SignInNeeded) and not wants_json(request) and request.headers.get("hx-request") != "true":
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Redirect(f"/login?next={quote(target, safe='')}" if target != "/" else "/login", status_code=303)
    status = _status(error)
    if status >= 500:
        structlog.get_logger().exception("request.failed", error=type(error).__name__)
    language = language_of(request)
    spoken = usual_voice(language, datetime.now(UTC)).catalogue
    words = spoken.text
    view = _view(error, status, words, request_id_of(request.scope))

    def render(template: str, facts: Any) -> str:
        nonce = nonce_of(request.scope)
        shell = Shell(
            brand=words("shell.product"),
            language=language,
            dir="rtl" if language == "fa" else "ltr",
            csrf="",
            nonce=nonce,
        )
        return request.app.state.installation.render(template, words, {**facts, "shell": shell, "nonce": nonce})

    response = respond(request, view, render)
    if status == 503:
        response.headers["Retry-After"] = RETRY_AFTER
    if status == 401 and wants_json(request):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _to(request: Request[Any, Any, Any], page: str) -> Response[Any]:
    """There is only one page until that is done."""
    if request.headers.get("hx-request") == "true":
        return Response("", headers={"HX-Redirect": page})
    return Redirect(page, status_code=303)


def _status(error: Exception) -> int:
    if is_unavailable(error):
        return 503
    if is_nonsense(error):
        return 400
    return next((status for type_, status in STATUS if isinstance(error, type_)), status_of(error))


def _view(error: Exception, status: int, words: Any, request_id: str) -> ProblemView:
    view = view_of_status(status, words, request_id)
    if isinstance(error, TenantClosed):
        contact = error.contact
        detail = words("tenants.closed_contact", contact=contact) if contact else words("tenants.closed_detail")
        return ProblemView(status, "tenant_closed", words("tenants.closed"), detail, request_id)
    if isinstance(error, Conflict | Invalid):
        errors = (
            {key: [words(problem.id, **problem.facts) for problem in found] for key, found in error.fields.items()}
            if isinstance(error, Invalid)
            else {}
        )
        return ProblemView(
            status,
            error.id.rpartition(".")[2],
            view.title,
            _first(errors) or words(error.id),
            request_id,
            errors=errors,
        )
    if isinstance(error, Problem) and error.id != type(error).default:
        return ProblemView(status, error.id.rpartition(".")[2], view.title, words(error.id, **error.facts), request_id)
    if isinstance(error, BadValue):
        return ProblemView(status, "invalid", view.title, words(error.problem.id, **error.problem.facts), request_id)
    return view


def _first(errors: dict[str, list[str]]) -> str:
    return next((found[0] for found in errors.values() if found), "")


HANDLED: Any = {Exception: answer}
