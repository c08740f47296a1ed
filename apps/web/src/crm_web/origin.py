"""Where a request comes from."""

from typing import Any

from litestar import Request


def address_of(request: Request[Any, Any, Any]) -> str:
    """The client's IP address, as the server that took the request knows it; empty where it knows none."""
    return request.client.host if request.client else ""
