"""The host console on a real server, and operators who sign in with both factors."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx2 as httpx
import psycopg
import pytest
from pyotp.totp import TOTP

from crm_storage.hashing import Hasher
from crm_storage.operators.sign_in import ensure_operator
from sadra_cli.children import free_port
from tests.installation import Installation
from tests.loops import run
from tests.machine import until
from tests.site import serve

PASSWORD = "a quiet lamp at dawn"
TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')
SECRET = re.compile(r"\b[A-Z2-7]{32}\b")


class Operator:
    """A person at the console, with a browser that follows no redirects and runs no script."""

    def __init__(self, port: int) -> None:
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"host": f"localhost:{port}"}, timeout=60)
        self.http.cookies.set("host_language", "en")
        self._secret = ""

    def sign_in(self, email: str, password: str = PASSWORD) -> "Operator":
        """Password, then the set-up of a second factor."""
        found = self.post("/login", at="/login", email=email, password=password)
        assert found.status_code == 303 and found.headers["location"] == "/login/setup", found.text
        page = self.http.get("/login/setup").text
        secret = SECRET.search(page)
        assert secret
        self._secret = secret[0]
        done = self.post("/login/setup", at="/login/setup", code=TOTP(secret[0]).now())
        assert done.status_code == 200, done.text
        return self

    def code(self) -> str:
        """What the authenticator app shows now."""
        return TOTP(self._secret).now()

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def post(self, path: str, *, at: str, **fields: str) -> httpx.Response:
        found = TOKEN.search(self.http.get(at).text)
        assert found, at
        return self.http.post(path, data={"_csrf": found[1], **fields})


@dataclass
class Host:
    """Where the console runs."""

    port: int
    installation: Installation
    owner: str
    """Where the operator writes from who owns it: another for each module of tests, for they share an installation."""

    def somebody(self) -> Operator:
        return Operator(self.port)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.installation.url, autocommit=True) as owner:
            found = owner.execute(statement.encode())
            return found.fetchall() if found.description else []


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory, installation: Installation) -> Iterator[Host]:
    """The console with one owner, who has no second factor yet."""

    port = free_port()
    owner = f"owner-{port}@host.example"

    async def employ() -> None:
        async with installation.database() as database, database.host() as session:
            await ensure_operator(session, Hasher(), email=owner, name="Owner", password=PASSWORD)

    run(employ())
    settings = {
        "SADRA_HOST_DATABASE_URL": installation.login("sadra_host"),
        "SADRA_ADMIN_URL": f"http://localhost:{port}",
        "SADRA_WEB_URL": "http://{tenant}.localhost:1",
    }
    child = serve(tmp_path_factory.mktemp("host"), "crm_host.app:create_app", port, installation, settings)
    try:
        yield Host(port, installation, owner)
    finally:
        child.terminate()
        child.wait(20)


@pytest.fixture(scope="module")
def owner(host: Host) -> Operator:
    return host.somebody().sign_in(host.owner)


@pytest.fixture
def settled(host: Host) -> Callable[[], None]:
    """Waits until nothing that was asked of the console waits any more."""

    def wait() -> None:
        until(
            lambda: host.rows("SELECT 1 FROM host.errand WHERE state IN ('waiting', 'running')") == [],
            "errands are done",
        )

    return wait
