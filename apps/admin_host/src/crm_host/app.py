"""The host console, put together."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

from litestar import Litestar, asgi
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from crm_domain.problems import NotFound
from crm_domain.tenancy import host_name
from crm_host.console import Console, csrf_reference
from crm_host.pages.backups import BackupPages
from crm_host.pages.domains import DomainPages
from crm_host.pages.operators import OperatorPages, WelcomePages
from crm_host.pages.overrides import OverridePages
from crm_host.pages.plans import PlanPages
from crm_host.pages.sign_in import SignInPages
from crm_host.pages.support import SupportPages
from crm_host.pages.tenants import TenantPages
from crm_host.slots import host_slots
from crm_host.visit import HANDLED, provide_posted, provide_visit
from crm_storage.ending import end
from crm_storage.errands.run import run_errands
from crm_storage.schedule import Scheduler
from crm_storage.settings import load
from crm_ui.csp import SecurityHeaders
from crm_ui.csrf import CsrfGuard
from crm_ui.health import health_routes
from crm_ui.limits import Limits
from crm_ui.request_log import RequestLog, log_to
from crm_ui.static import AssetServer


class OneHost:
    """ASGI middleware: answers only under the console's own host name (SEC-47)."""

    def __init__(self, app: ASGIApp, admin_url: str) -> None:
        self.app = app
        self._host = urlsplit(admin_url).hostname or ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; NotFound for another host name."""
        if scope["type"] == "http" and str(scope["path"]) not in ("/livez", "/readyz"):
            hosts = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
            if len(hosts) != 1 or host_name(hosts[0]) != self._host:
                raise NotFound
        await self.app(scope, receive, send)


def create_app() -> ASGIApp:
    """The app as a server starts it, from the environment's settings."""
    log_to()
    return guarded(Console(load(os.environ)))


def guarded(console: Console) -> ASGIApp:
    """The app with what holds for every answer, also for those the router makes itself."""
    return RequestLog(SecurityHeaders(make_app(console), https=console.secure), "host")


def make_app(console: Console) -> Litestar:
    """The app over its parts."""

    app = Litestar(
        route_handlers=[
            SignInPages,
            TenantPages,
            DomainPages,
            BackupPages,
            SupportPages,
            PlanPages,
            OverridePages,
            OperatorPages,
            WelcomePages,
            *health_routes([("database", console.database.answers)]),
            asgi("/static", is_mount=True)(AssetServer(console.assets).__call__),
        ],
        dependencies={"visit": Provide(provide_visit), "posted": Provide(provide_posted)},
        middleware=[
            DefineMiddleware(Limits),
            DefineMiddleware(OneHost, admin_url=console.settings.admin_url),
            DefineMiddleware(CsrfGuard, key=console.key, reference=csrf_reference),
        ],
        exception_handlers=HANDLED,
        lifespan=[partial(_running, console)],
        openapi_config=None,
        debug=False,
    )
    app.state.console = console
    return app


@asynccontextmanager
async def _running(console: Console, _app: Litestar) -> AsyncGenerator[None]:
    """While the app runs: its databases are open, its clock goes, errands are done."""
    await console.database.open()
    await console.owner.open()
    clock = asyncio.create_task(Scheduler(console.database, host_slots(console)).run())
    errands = asyncio.create_task(run_errands(console.room))
    try:
        yield
    finally:
        await end(clock, errands)
        await console.owner.close()
        await console.database.close()
