"""The web app, put together: what it is made of, which doors a request passes, which pages there are."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, asgi
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.types import ASGIApp, Scope

from crm_domain.definition.check import faults
from crm_domain.modules import REGISTRY
from crm_storage.files.door import MEGABYTE
from crm_storage.settings import load
from crm_ui.csp import SecurityHeaders
from crm_ui.csrf import CsrfGuard
from crm_ui.health import health_routes
from crm_ui.limits import Limits
from crm_ui.request_log import RequestLog, log_to
from crm_ui.static import AssetServer
from crm_web.again import keep_typed
from crm_web.api.routes import api_routes
from crm_web.cookies import csrf_reference
from crm_web.gate import TenantGate
from crm_web.installation import Installation
from crm_web.pages.routes import page_routes
from crm_web.problems import HANDLED
from crm_web.proof import send_renewed
from crm_web.routing import App
from crm_web.wiring import provide_posted, provide_visit

FORM_MB = 2
"""What a form may hold besides its file."""


def create_app() -> ASGIApp:
    """The app as a server starts it, from the environment's settings."""
    log_to()
    return guarded(Installation(load(os.environ)))


def guarded(installation: Installation) -> ASGIApp:
    """The app with what holds for every answer, also for those the router makes itself."""
    return RequestLog(SecurityHeaders(make_app(installation), https=installation.secure), "web")


def make_app(installation: Installation) -> Litestar:
    """The app over an installation."""
    if found := faults(REGISTRY):
        raise SystemExit("\n".join(found))

    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncGenerator[None]:
        await installation.start()
        try:
            yield
        finally:
            await installation.stop()

    app = App(
        route_handlers=[
            *page_routes(),
            *api_routes(),
            *health_routes([("database", installation.database.answers)]),
            _static(installation),
        ],
        dependencies={"visit": Provide(provide_visit), "posted": Provide(provide_posted)},
        middleware=_middleware(installation),
        exception_handlers=HANDLED,
        before_send=[send_renewed],
        lifespan=[running],
        openapi_config=None,
        request_max_body_size=None,  # the limits above know what each form may be
        debug=False,
    )
    app.state.installation = installation
    return app


def _middleware(installation: Installation) -> list[DefineMiddleware]:
    """From the outside in."""

    def reference(scope: Scope) -> str:
        return csrf_reference(scope, secure=installation.secure)

    def form_bytes(_scope: Scope) -> int:
        return (installation.settings.upload_mb + FORM_MB) * MEGABYTE

    return [
        DefineMiddleware(Limits, form_bytes=form_bytes, unhurried=_takes_its_time),
        DefineMiddleware(TenantGate, installation=installation),
        DefineMiddleware(CsrfGuard, key=installation.key, reference=reference, exempt=_is_api, unbound=keep_typed),
    ]


def _is_api(scope: Scope) -> bool:
    return str(scope["path"]).startswith("/api/")


def _takes_its_time(scope: Scope) -> bool:
    """Streams of events, and files, which come and go as fast as they can."""
    path = str(scope["path"])
    return path.endswith("/events") or path.startswith(("/files", "/api/v1/files"))


def _static(installation: Installation) -> Any:
    return asgi("/static", is_mount=True)(AssetServer(installation.assets).__call__)
