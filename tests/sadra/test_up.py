"""One machine from nothing: `up` brings everything up, other commands reach it, and no death of a process loses data."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from tests.machine import WAIT_S, Machine, until

from sadra_cli import children

pytestmark = pytest.mark.timeout(300)
APPS = ("web", "tracker", "host")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    made = Machine(tmp_path_factory.mktemp("machine"))
    made.up()
    yield made
    made.down()


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


def test_56_a_company_is_backed_up_rehearsed_and_restored_from_the_command_line(
    machine: Machine, tmp_path: Path
) -> None:
    file = tmp_path / "demo.sadra-backup"
    for words in (
        ("backup", "demo", "--to", str(file)),
        ("restore-backup", "demo", "--rehearse"),
        ("restore-backup", "demo", "--into", "from-file", "--file", str(file)),
    ):
        done = machine.command("tenant", *words)
        assert done.returncode == 0, done.stderr
        assert int(re.search(r"rows=(\d+)", done.stdout)[1]) > 1000  # type: ignore[index]
    listed = json.loads(machine.command("tenant", "backups", "demo", "--json").stdout)
    assert [one["missing"] for one in listed if one["kind"] == "asked"] == [0]
    tenants = json.loads(machine.command("tenant", "list", "--json").stdout)
    assert {one["slug"]: one["state"] for one in tenants}["from-file"] == "read_only"
    refused = machine.command("tenant", "restore-backup", "demo", "--in-place")
    assert refused.returncode == 1 and "Suspend the company first" in refused.stderr
    file.write_bytes(file.read_bytes()[:-20_000])
    broken = machine.command("tenant", "restore-backup", "demo", "--rehearse", "--file", str(file))
    assert broken.returncode == 1 and "no whole backup" in broken.stderr


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
