"""The framework's app, which finds the routes of a path where they lie."""

from collections import defaultdict
from typing import Any

from litestar import Litestar
from litestar.routes import HTTPRoute, WebSocketRoute
from litestar.types.internal_types import RouteHandlerMapItem


class Routes(dict[str, RouteHandlerMapItem]):
    """What stands at a path, by method; the places of paths are noted as routes come, for none ever goes."""

    def __init__(self, routes: list[Any]) -> None:
        super().__init__()
        self._routes = routes
        self._places = defaultdict[str, list[int]](list)
        self._noted = 0

    def get(self, key: str, default: Any = None, /) -> Any:
        for place in range(self._noted, len(self._routes)):
            self._places[self._routes[place].path].append(place)
        self._noted = len(self._routes)
        found: dict[str, Any] = {}
        for route in (self._routes[place] for place in self._places.get(key, ())):
            if isinstance(route, HTTPRoute):
                found |= {str(method): handler for handler in route.route_handlers for method in handler.http_methods}
            else:
                found["websocket" if isinstance(route, WebSocketRoute) else "asgi"] = route.route_handler
        return found or default


class App(Litestar):
    """The framework makes the map of all routes anew for each route it takes up: of thousands that was most of a start."""

    @property
    def route_handler_method_map(self) -> Routes:
        return self.__dict__.setdefault("_found", Routes(self.routes))
