"""One machine from nothing: `up` brings everything up, other commands reach it, and no death of a process loses data."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from sadra_cli import children
from sadra_cli.house import Ports

pytestmark = pytest.mark.timeout(300)
WAIT_S = 60
APPS = ("web", "tracker", "host")


class Machine:
    """A data folder, ports, and the run on them."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.ports = Ports(free_base())
        environ = {name: value for name, value in os.environ.items() if not name.startswith("SADRA_")}
        self.environ = environ | {"SADRA_DEMO_PASSWORD": "a password of the test"}
        self.run: subprocess.Popen[str] | None = None
        self.lines: list[str] = []

    def up(self) -> None:
        words = ["up", "--data", str(self.data), "--port-base", str(self.ports.base)]
        self.run = subprocess.Popen(
            [sys.executable, "-m", "sadra_cli", *words], stdout=subprocess.PIPE, text=True, env=self.environ
        )
        assert self.run.stdout is not None
        self.lines = []
        for line in self.run.stdout:
            self.lines.append(line.rstrip())
            if line == "ready\n":
                return
        raise AssertionError(self.lines)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sadra_cli", *words, "--data", str(self.data)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=self.environ)

    def get(self, app: str, path: str, *, host: str = "localhost", **headers: str) -> httpx.Response:
        address = f"http://127.0.0.1:{getattr(self.ports, app)}{path}"
        with httpx.Client(trust_env=False) as client:
            return client.get(address, headers={"Host": f"{host}:{getattr(self.ports, app)}", **headers})

    def family(self) -> list[psutil.Process]:
        assert self.run is not None
        return psutil.Process(self.run.pid).children(recursive=True)

    def child(self, *marks: str) -> psutil.Process:
        assert self.run is not None
        for process in psutil.Process(self.run.pid).children():
            if all(mark in process.cmdline() for mark in marks):
                return process
        raise AssertionError(marks)


def free_base() -> int:
    def free(port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) != 0

    return next(base for base in range(21_000, 29_000, 50) if all(free(base + step) for step in range(26)))


def until(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.1)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    made = Machine(tmp_path_factory.mktemp("machine"))
    made.up()
    yield made
    if made.run and made.run.poll() is None:
        made.run.terminate()
        made.run.wait(WAIT_S)


def accounts(machine: Machine, token: str) -> int:
    answer = machine.get(
        "web", "/api/v1/accounts?limit=1&count=true", host="demo.localhost", Authorization=f"Bearer {token}"
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["count"]


@pytest.fixture(scope="module")
def token(machine: Machine) -> str:
    made = machine.command("token", "create", "--tenant", "demo", "--user", "admin")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def test_everything_answers_and_the_sign_in_is_printed(machine: Machine) -> None:
    for app in APPS:
        assert machine.get(app, "/livez").status_code == 200
        assert machine.get(app, "/readyz").status_code == 200
    printed = "\n".join(machine.lines)
    assert f"http://demo.localhost:{machine.ports.web}/" in printed
    assert "admin / a password of the test" in printed
    assert machine.get("web", "/login", host="demo.localhost").status_code == 200


def test_nothing_listens_beyond_loopback(machine: Machine) -> None:
    assert machine.run is not None
    listening = [
        connection.laddr.ip
        for process in [psutil.Process(machine.run.pid), *machine.family()]
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 7
    assert set(listening) == {"127.0.0.1"}


def test_doctor_finds_all_well(machine: Machine) -> None:
    looked = machine.command("doctor", "--port-base", str(machine.ports.base), "--json")
    findings: list[dict[str, Any]] = json.loads(looked.stdout)
    running = {one["name"]: one["state"] for one in findings}
    assert {running[name] for name in ("settings", "database", "bus", "mail", "worker", *APPS)} == {"ok"}


def test_the_demo_company_has_its_records(machine: Machine, token: str) -> None:
    assert accounts(machine, token) > 50


def test_tenants_are_administered_from_the_command_line(machine: Machine) -> None:
    made = machine.command(
        *("tenant", "create", "acme", "--name", "Acme", "--locale", "en", "--admin-email", "boss@acme.test", "--json")
    )
    assert made.returncode == 0, made.stderr
    again = machine.command("tenant", "create", "acme", "--name", "Acme", "--admin-email", "boss@acme.test")
    assert (again.returncode, "acme" in again.stderr) == (1, True)
    for step, state in (
        ("suspend", "suspended"),
        ("resume", "active"),
        ("delete", "deleted"),
        ("restore", "suspended"),
    ):
        done = machine.command("tenant", step, "acme")
        assert done.returncode == 0, done.stderr
        listed = json.loads(machine.command("tenant", "list", "--json").stdout)
        assert {one["slug"]: one["state"] for one in listed}["acme"] == state
    assert machine.command("tenant", "resume", "nobody").returncode == 1
    assert machine.command("tenant", "bury", "acme").returncode == 2


def test_the_invitation_reaches_the_mailbox_by_way_of_the_worker(machine: Machine) -> None:
    machine.command("tenant", "create", "mailed", "--name", "Mailed", "--admin-email", "first@mailed.test")
    until(lambda: machine.get("mailbox", "/api/messages?to=first@mailed.test").json()["count"], "no invitation came")
    [mail] = machine.get("mailbox", "/api/messages?to=first@mailed.test").json()["items"]
    links = machine.get("mailbox", f"/api/messages/{mail['id']}").json()["links"]
    assert any(re.match(rf"http://mailed\.localhost:{machine.ports.web}/", link) for link in links)


def test_a_killed_app_and_a_killed_database_come_back(machine: Machine, token: str) -> None:
    before = accounts(machine, token)
    machine.child("crm_web.app:create_app").kill()
    until(lambda: not children.answers(machine.ports.web) or _ready(machine, "web"), "web did not react")
    until(lambda: _ready(machine, "web"), "web did not come back")
    server = next(one for one in machine.family() if one.name() == "postgres")
    server.kill()
    until(lambda: any(one.name() == "postgres" for one in machine.family()) and _ready(machine, "web"), "no database")
    until(lambda: _count(machine, token) == before, "the records did not come back")


def test_a_second_run_on_the_same_data_is_refused(machine: Machine) -> None:
    second = machine.command("up", "--port-base", str(machine.ports.base))
    assert second.returncode == 1
    assert "already runs from" in second.stderr


def test_up_recovers_from_kill_9_of_itself(machine: Machine, token: str) -> None:
    before = accounts(machine, token)
    assert machine.run is not None
    former = machine.family()
    machine.run.kill()
    machine.run.wait(WAIT_S)
    machine.up()
    assert accounts(machine, token) == before
    _, alive = psutil.wait_procs(former, timeout=WAIT_S)
    assert alive == []


def test_sigterm_stops_everything_and_the_next_run_has_it_all(machine: Machine, token: str) -> None:
    before = accounts(machine, token)
    assert machine.run is not None
    family = machine.family()
    machine.run.send_signal(signal.SIGTERM)
    assert machine.run.wait(WAIT_S) == 0
    _, alive = psutil.wait_procs(family, timeout=1)
    assert alive == []
    assert not any(children.answers(getattr(machine.ports, app)) for app in (*APPS, "mailbox", "smtp"))
    machine.up()
    assert accounts(machine, token) == before


def _ready(machine: Machine, app: str) -> bool:
    try:
        return machine.get(app, "/readyz").status_code == 200
    except httpx.HTTPError:
        return False


def _count(machine: Machine, token: str) -> int:
    try:
        return accounts(machine, token)
    except (AssertionError, httpx.HTTPError):
        return -1
