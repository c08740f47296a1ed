"""A problem as the asker can read it: a page, a part of a page, or problem+json (RFC 9457)."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from litestar import Request, Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException

Render = Callable[[str, Mapping[str, Any]], str]
"""A template's name and its facts, to text; the app adds shell, nonce and words."""
Words = Callable[..., str]

_WORDED = (400, 401, 403, 404, 405, 408, 409, 413, 422, 429, 431, 500, 503)


@dataclass(frozen=True, slots=True)
class ProblemView:
    """What went wrong, in the reader's language; `retry` is an address that may be tried again."""

    status: int
    code: str
    title: str
    detail: str
    request_id: str
    retry: str = ""
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])


def status_of(error: Exception) -> int:
    """The status an exception stands for: its own where it names one, else 500."""
    return error.status_code if isinstance(error, HTTPException) else 500


def view_of_status(status: int, words: Words, request_id: str, retry: str = "") -> ProblemView:
    """The plain view of a status; nothing of what really happened is said (SEC-50)."""
    known = status if status in _WORDED else (400 if status < 500 else 500)
    title, detail = words(f"shell.status_{known}"), words(f"shell.status_{known}_detail")
    return ProblemView(status, f"http_{known}", title, detail, request_id, retry)


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Whether a program asks: the API, or anything that accepts JSON and not HTML."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("json" in accepted and "text/html" not in accepted)


def respond(request: Request[Any, Any, Any], problem: ProblemView, render: Render) -> Response[str]:
    """The answer. A failed change leaves the page as it is and says so in a toast; a failed part becomes a note."""
    if wants_json(request):
        return Response(_problem_json(problem), status_code=problem.status, media_type="application/problem+json")
    facts = {"problem": problem}
    if request.headers.get("hx-request") != "true":
        return Response(render("problem.html", facts), status_code=problem.status, media_type=MediaType.HTML)
    headers: dict[str, str] = {}
    if request.method not in ("GET", "HEAD"):
        said = {"text": problem.detail, "tone": "bad", "code": problem.request_id}
        headers = {"HX-Reswap": "none", "HX-Trigger": json.dumps({"sadra:toast": said})}
    body = render("problem_part.html", facts)
    return Response(body, status_code=problem.status, media_type=MediaType.HTML, headers=headers)


def _problem_json(problem: ProblemView) -> str:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "request_id": problem.request_id,
    }
    if problem.errors:
        body["errors"] = {name: list(texts) for name, texts in problem.errors.items()}
    return json.dumps(body, ensure_ascii=False)
