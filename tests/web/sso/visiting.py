"""Setting up single sign-on, and people who come by it."""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2 as httpx

from tests.isolation.people import connect
from tests.site import TOKEN, Site

from .identity_provider import CLIENT, SECRET, Provider

TENANT = "northwind"


Spoiler = Callable[[Provider, dict[str, Any], dict[str, Any]], str | None]


ROLES = "SELECT r.shipped FROM user_role ur JOIN role r ON r.id = ur.role_id JOIN users u ON u.id = ur.user_id WHERE u.user_name = %s"


def role(site: Site, shipped: str) -> str:
    with connect(site) as owner:
        return str(owner.execute("SELECT id FROM role WHERE shipped = %s", (shipped,)).fetchone()[0])  # type: ignore[index]


def settle(site: Site, provider: Provider, tenant: str = TENANT, status: int = 303, **more: Any) -> httpx.Response:
    fields: dict[str, Any] = {
        "preset": "own", "label": "Harbour ID", "issuer": provider.issuer, "client": CLIENT, "secret": SECRET,
        "scopes": "openid email profile", "domains": "north.example", "creates": "1",
        "claim_email": "email", "claim_first_name": "given_name", "claim_last_name": "family_name",
        "claim_user_name": "preferred_username", "claim_groups": "realm.groups",
        "first_role": role(site, "read_only"), "group": ["sellers"], "group_role": [role(site, "sales_rep")], **more,
    }  # fmt: skip
    at = "/admin/single_sign_on"
    answer = site.browser(tenant).post(at, at=at, **fields)
    assert answer.status_code == status, answer.text
    return answer


class Visitor:
    """A browser that nobody has signed in with."""

    def __init__(self, site: Site, tenant: str = TENANT) -> None:
        host = f"{tenant}.localhost:{site.port}"
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{site.port}", headers={"host": host}, timeout=30)

    def away(self, path: str = "/sso/start?next=/leads") -> str:
        """Where it is led to."""
        answer = self.http.get(path)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def way_to_link(self) -> str:
        """Where the page leads that the form for linking answers with."""
        token = TOKEN.search(self.http.get("/settings/sessions").text)[1]  # type: ignore[index]
        answer = self.http.post("/sso/link", data={"_csrf": token})
        assert answer.status_code == 200, answer.text
        return html.unescape(re.search(r'href="(http[^"]+/authorize[^"]+)"', answer.text)[1])  # type: ignore[index]

    def back(self, url: str) -> httpx.Response:
        parts = urlsplit(url)
        return self.http.get(f"{parts.path}?{parts.query}")

    def sign_in(self, provider: Provider, path: str = "/sso/start?next=/leads") -> httpx.Response:
        return self.back(provider.sign_in(self.away(path)))


def person(**more: Any) -> dict[str, Any]:
    name = f"mina{uuid4().hex[:8]}"
    return {
        "sub": f"subject of {name}", "email": f"{name}@north.example", "email_verified": True, "given_name": "Mina",
        "family_name": "Rad", "preferred_username": name, "realm": {"groups": ["sellers", "others"]}, **more,
    }  # fmt: skip


def rows(site: Site, statement: str, *facts: Any) -> list[tuple[Any, ...]]:
    with connect(site) as owner:
        return owner.execute(statement.encode(), facts).fetchall()


def gone(name: str) -> Spoiler:
    return lambda _p, _h, claims: claims.pop(name) and None


def said(**claims: Any) -> Spoiler:
    return lambda _p, _h, given: given.update(claims)
