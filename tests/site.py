"""The whole web app on the tests' installation, with two companies that never meet; for pages, browsers and the API."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2 as httpx

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import NewTenant
from crm_storage.demo import load_demo
from crm_storage.hashing import Hasher
from crm_storage.people.seed import Administrator
from crm_storage.records.context import Schema
from crm_storage.tenants.provision import provision
from sadra_cli.children import free_port
from tests.installation import Installation
from tests.loops import run

PASSWORD = "a quiet lamp at dawn"
TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')
READY_S = 120
COMPANIES = (("pishro", "پیشرو سامانه", "fa"), ("northwind", "Northwind", "en"))


@dataclass
class Site:
    """Where the app runs; `pishro` is the Persian company, `northwind` the English one."""

    port: int
    admin_url: str
    schemas: dict[str, str]
    """By slug."""
    outside: int = 0
    """A port at which tests may serve what the app shall reach."""

    def url(self, tenant: str) -> str:
        return f"http://{tenant}.localhost:{self.port}"

    def browser(self, tenant: str) -> "Browser":
        """Somebody signed in as the administrator."""
        return Browser(self, tenant)


class Browser:
    """A person with a browser and no script: follows forms, keeps cookies."""

    def __init__(self, site: Site, tenant: str, user: str = "admin", password: str = PASSWORD) -> None:
        host = f"{tenant}.localhost:{site.port}"
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{site.port}", headers={"host": host}, timeout=30)
        answer = self.post("/login", at="/login", login=user, password=password)
        assert answer.status_code == 303, answer.text

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def token(self, at: str) -> str:
        """The form token that a page carries."""
        found = TOKEN.search(self.http.get(at).text)
        assert found, at
        return found[1]

    def post(self, path: str, *, at: str = "/settings", **fields: str | list[str]) -> httpx.Response:
        return self.http.post(path, data={"_csrf": self.token(at), **fields})


@contextmanager
def open_site(folder: Path, installation: Installation) -> Iterator[Site]:
    """A server on an installation, with its files in `folder`."""
    schemas = run(_fill(installation))
    port, outside = free_port(), free_port()
    settings = {
        "SADRA_OUTBOUND_ALLOWED": f"localhost:{outside}",
        "SADRA_WEB_DATABASE_URL": installation.login("sadra_web"),
        "SADRA_WEB_URL": f"http://{{tenant}}.localhost:{port}",
    }
    child = serve(folder, "crm_web.app:create_app", port, installation, settings)
    try:
        yield Site(port, installation.url, schemas, outside)
    finally:
        child.terminate()
        child.wait(20)


async def _fill(installation: Installation) -> dict[str, str]:
    schemas: dict[str, str] = {}
    hash_ = await Hasher().hash(PASSWORD)
    async with installation.database() as database:
        for slug, name, language in COMPANIES:
            admin = Administrator(email=f"admin@{slug}.example", password_hash=hash_, company=name)
            request = NewTenant(slug=slug, name=name, language=language, plan="unlimited")
            tenant = await provision(database, REGISTRY, request, admin, actor="t")
            now = datetime.now(UTC)
            await load_demo(database, tenant.number, Schema(REGISTRY), scale=1, seed=1, language=language, now=now)
            schemas[slug] = tenant.schema
    return schemas


def serve(
    folder: Path, app: str, port: int, installation: Installation, settings: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Starts an app in a process of its own and waits until it is ready."""
    given = {
        "SADRA_DATABASE_URL": installation.url,
        "SADRA_NATS_URL": "nats://127.0.0.1:4",
        "SADRA_SECRET_KEY": "a key for these tests and nothing else",
        "SADRA_DATA_DIR": str(folder),
        **settings,
    }
    granian = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--port", str(port), app]
    log = (folder / "app.log").open("wb")
    child = subprocess.Popen(granian, env={**os.environ, **given}, stdout=log, stderr=log)
    until = time.monotonic() + READY_S
    with httpx.Client(verify=False) as http:
        while child.poll() is None and time.monotonic() < until:
            with suppress(httpx.TransportError):
                if http.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                    return child
            time.sleep(0.1)
    child.kill()
    raise AssertionError((folder / "app.log").read_text()[-3000:])
