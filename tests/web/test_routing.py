"""The app knows its routes as the framework does, and finds them sooner."""

import warnings

from litestar.router import Router

from crm_storage.settings import load
from crm_web.app import make_app
from crm_web.installation import Installation
from tests.routes import LEAST


def test_the_app_finds_at_every_path_what_the_framework_would() -> None:
    with warnings.catch_warnings(action="ignore"):
        app = make_app(Installation(load(LEAST)))
    whole = Router.route_handler_method_map.fget(app)  # type: ignore[attr-defined]
    assert len(whole) > 1_000
    assert [path for path, handlers in whole.items() if app.route_handler_method_map.get(path) != handlers] == []
    assert app.route_handler_method_map.get("/nowhere", {}) == {}
