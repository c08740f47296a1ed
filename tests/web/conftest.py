"""The whole web app on a real server and database, with two companies that never meet."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2 as httpx
import pytest

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import NewTenant
from crm_storage.database import Database
from crm_storage.demo import load_demo
from crm_storage.hashing import Hasher
from crm_storage.people.seed import Administrator
from crm_storage.records.context import Schema
from crm_storage.tenants.cluster import LOGINS
from crm_storage.tenants.install import install
from crm_storage.tenants.provision import provision
from sadra_cli.children import free_port
from sadra_cli.postgres import Postgres
from tests.loops import run

PASSWORD = "a quiet lamp at dawn"
TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')


@dataclass
class Site:
    """Where the app runs; `pishro` is the Persian company, `northwind` the English one."""

    port: int
    admin_url: str

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

    def post(self, path: str, *, at: str = "/settings", **fields: str) -> httpx.Response:
        return self.http.post(path, data={"_csrf": self.token(at), **fields})


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for the whole run of this process."""
    folder = tmp_path_factory.mktemp("site")
    with Postgres(folder / "postgres", fast=True) as postgres:
        run(_fill(postgres.url()))
        port = free_port()
        owner, _, place = postgres.url().partition("@")
        web = f"{owner.partition('://')[0]}://sadra_web:{'w' * 24}@{place}"
        child = _serve(folder, port, postgres.url(), web)
        try:
            yield Site(port, postgres.url())
        finally:
            child.terminate()
            child.wait(20)


async def _fill(url: str) -> None:
    await install(url, dict.fromkeys(LOGINS, "w" * 24))
    database = Database(url, size=2)
    await database.open()
    hash_ = await Hasher().hash(PASSWORD)
    for slug, name, language in (("pishro", "پیشرو سامانه", "fa"), ("northwind", "Northwind", "en")):
        admin = Administrator(email=f"admin@{slug}.example", password_hash=hash_, company=name)
        tenant = await provision(
            database, REGISTRY, NewTenant(slug=slug, name=name, language=language), admin, actor="t"
        )
        now = datetime.now(UTC)
        await load_demo(database, tenant.number, Schema(REGISTRY), scale=1, seed=1, language=language, now=now)
    await database.close()


def _serve(folder: Path, port: int, owner: str, web: str) -> subprocess.Popen[bytes]:
    settings = {
        "SADRA_DATABASE_URL": owner,
        "SADRA_WEB_DATABASE_URL": web,
        "SADRA_NATS_URL": "nats://127.0.0.1:4",
        "SADRA_SECRET_KEY": "a key for these tests and nothing else",
        "SADRA_WEB_URL": f"http://{{tenant}}.localhost:{port}",
        "SADRA_DATA_DIR": str(folder),
    }
    granian = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--factory",
        "--port",
        str(port),
        "crm_web.app:create_app",
    ]
    log = (folder / "web.log").open("wb")
    child = subprocess.Popen(granian, env={**os.environ, **settings}, stdout=log, stderr=log)
    for _ in range(150):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return child
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError((folder / "web.log").read_text()[-3000:])
