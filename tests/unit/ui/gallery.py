"""A small real app that shows the catalogue page behind the product's own middlewares. Run by granian in tests."""

import json
from typing import Any

from litestar import Litestar, Request, Response, get, post
from litestar.enums import MediaType
from litestar.handlers import asgi
from litestar.middleware import DefineMiddleware
from litestar.types import Scope
from markupsafe import escape
from msgspec import structs
from sample import Side

from crm_domain.messages.catalogue import catalogue
from crm_ui import csrf
from crm_ui.csp import SecurityHeaders, nonce_of
from crm_ui.errors import respond, status_of, view_of_status
from crm_ui.health import health_routes
from crm_ui.limits import Limits
from crm_ui.request_log import RequestLog, request_id_of
from crm_ui.static import Assets, AssetServer
from crm_ui.templates import make_environment

LEAST = 3
KEY = b"a key of the gallery only"
ASSETS = Assets()
ENVIRONMENT = make_environment(ASSETS)


def reference(scope: Scope) -> str:
    """The gallery has one session."""
    return "gallery"


def language(request: Request[Any, Any, Any]) -> str:
    return request.query_params.get("lang", "fa")


def draw(request: Request[Any, Any, Any], template: str, facts: dict[str, Any]) -> str:
    side = Side(language(request))
    nonce = nonce_of(request.scope)
    shell = side.shell(nonce, csrf.make_token(KEY, reference(request.scope)))
    return ENVIRONMENT.get_template(template).render(
        t=catalogue(side.language).text, nonce=nonce, shell=shell, sample=side.sample(), **facts
    )


def page(text: str) -> Response[str]:
    return Response(text, media_type=MediaType.HTML)


@get("/")
async def show(request: Request[Any, Any, Any]) -> Response[str]:
    return page(draw(request, "catalogue.html", {}))


@get("/{module:str}/pick")
async def pick(request: Request[Any, Any, Any]) -> Response[str]:
    q, module = request.query_params.get("q", ""), str(request.path_params["module"])
    names = ("فولاد آتیهٔ البرز", "فولاد کویر طبس", "Alborz Steel")
    found = [(str(n), name, name[0], "violet", module) for n, name in enumerate(names) if q in name]
    module_ = ENVIRONMENT.get_template("kinds/link.html").make_module({"t": catalogue("fa").text, "nonce": ""})
    return page(str(module_.found(found)))  # type: ignore[attr-defined]


@get("/palette")
async def palette(request: Request[Any, Any, Any]) -> Response[str]:
    q = request.query_params.get("q", "")
    module_ = ENVIRONMENT.get_template("components/palette.html").make_module({"t": catalogue("fa").text, "nonce": ""})
    return page(str(module_.results([("رفتن به", [(q or "شرکت‌ها", "/?went", "building-2", ["G", "A"], "", False)])])))  # type: ignore[attr-defined]


@post("/move")
async def move(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    form = await request.form()
    lanes = {str(form["lane"]): {"count": "13", "sum": "1"}}
    return Response({"version": 2, "lanes": lanes, "toast": {"text": "moved", "undo_url": "/undo"}}, status_code=200)


@get("/session")
async def session(request: Request[Any, Any, Any]) -> dict[str, str]:
    return {"csrf": csrf.make_token(KEY, reference(request.scope))}


@post("/save", status_code=204)
async def save() -> None:
    """Accepts a form of this session and stays where it is."""


@get("/value/edit")
async def edit_value(request: Request[Any, Any, Any]) -> Response[str]:
    return page(draw_form(request, ""))


@get("/value")
async def show_value() -> Response[str]:
    return page("<bdi>the old value</bdi>")


@post("/value", status_code=200)
async def save_value(request: Request[Any, Any, Any]) -> Response[str]:
    text = str((await request.form())["text"])
    return page(draw_form(request, "too short") if len(text) < LEAST else f"<bdi>{escape(text)}</bdi>")


def draw_form(request: Request[Any, Any, Any], error: str) -> str:
    f = structs.replace(Side("en").input("text"), errors=(error,) if error else (), id="inline-text")
    nonce = nonce_of(request.scope)
    shell = Side("en").shell(nonce, csrf.make_token(KEY, reference(request.scope)))
    source = '{% import "components/inline.html" as inline with context %}{{ inline.form("/value", "/value", f, 3) }}'
    return ENVIRONMENT.from_string(source).render(f=f, t=catalogue("en").text, nonce=nonce, shell=shell)


@get("/expired")
async def expired() -> Response[str]:
    return Response("", status_code=401, media_type=MediaType.HTML)


@get("/login")
async def login(request: Request[Any, Any, Any]) -> Response[str]:
    nonce = nonce_of(request.scope)
    fields = '<label>User<input name="user"></label><button>Sign in</button>'
    return page(f'<form hx-post="/login" hx-nonce="{nonce}">{fields}</form>')


@post("/login", status_code=204)
async def sign_in() -> Response[None]:
    event = {"sadra:signed-in": {"csrf": csrf.make_token(KEY, "gallery")}}
    return Response(None, status_code=204, headers={"HX-Trigger": json.dumps(event)})


@get("/broken")
async def broken() -> None:
    raise ValueError("a secret of the inside")


def on_error(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    view = view_of_status(status_of(error), catalogue(language(request)).text, request_id_of(request.scope))
    return respond(request, view, lambda template, facts: draw(request, template, dict(facts)))


inner = Litestar(
    route_handlers=[
        show,
        pick,
        palette,
        move,
        save,
        session,
        expired,
        login,
        sign_in,
        edit_value,
        show_value,
        save_value,
        broken,
        asgi(ASSETS.prefix, is_mount=True, copy_scope=True)(AssetServer(ASSETS)),
        *health_routes([]),
    ],
    middleware=[
        DefineMiddleware(Limits),
        DefineMiddleware(csrf.CsrfGuard, key=KEY, reference=reference),
    ],
    exception_handlers={Exception: on_error},
    openapi_config=None,
)
app = RequestLog(SecurityHeaders(inner, https=False), name="gallery")
"""Log and headers stand outside the router, so that an unknown address has them too."""
