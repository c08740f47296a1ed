"""The processes of a run: one that dies comes back, ports that are taken are named, secrets are kept."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from crm_storage.settings import load
from sadra_cli import children, processes
from sadra_cli.house import House, Ports, sole
from sadra_cli.places import settings_for, write_running
from sadra_cli.processes import Process, mailbox_process


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    made = mailbox_process(tmp_path, port=children.free_port(), smtp_port=children.free_port())
    made.start()
    made.wait_ready()
    yield made
    made.stop()


def test_a_killed_process_comes_back_on_its_ports(process: Process) -> None:
    former = process.pid
    assert former is not None
    os.kill(former, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(former)] if psutil.pid_exists(former) else [], timeout=10)
    assert process.revive()
    process.wait_ready()
    assert process.pid not in (None, former)


def test_a_living_process_is_left_alone(process: Process) -> None:
    former = process.pid
    assert not process.revive()
    assert process.pid == former


def test_nothing_is_left_of_a_stopped_process(process: Process) -> None:
    assert process.pid is not None
    family = psutil.Process(process.pid).children(recursive=True)
    assert family
    process.stop()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert not children.answers(process.port)


def test_a_taken_port_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "FREE_S", 0.2)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        blocked = mailbox_process(tmp_path, port=port, smtp_port=children.free_port())
        with pytest.raises(children.Failed, match=f"Port {port}, which mailbox needs"):
            blocked.start()


def test_a_process_that_ends_at_once_says_why(tmp_path: Path) -> None:
    broken = Process(
        name="broken", program=["/bin/sh", "-c", "echo no such thing; exit 3"], port=1, log=tmp_path / "log"
    )
    broken.start()
    with pytest.raises(children.Failed, match=r"broken ended with code 3(.|\n)*no such thing"):
        broken.wait_ready()
    broken.stop()


def test_a_data_folder_serves_one_run_at_a_time(tmp_path: Path) -> None:
    with sole(tmp_path), pytest.raises(children.Failed, match="already runs from"), sole(tmp_path):
        pass
    with sole(tmp_path):
        pass


def test_secrets_are_made_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    first, second = House(tmp_path, Ports(8000)), House(tmp_path, Ports(8000))
    assert first.kept == second.kept
    assert len(first.kept["secret_key"]) >= 32
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_the_settings_of_a_run_are_found_by_other_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SADRA_")]:
        monkeypatch.delenv(name)
    with pytest.raises(children.Failed, match="Nothing runs from"):
        settings_for(tmp_path)
    house = House(tmp_path, Ports(9000))
    running = write_running(tmp_path, house.settings())
    found = settings_for(tmp_path)
    assert found == load({"SADRA_CONFIG": str(running)})
    assert found.web_url == "http://{tenant}.localhost:9000"
    assert found.smtp_url == "smtp://localhost:9025"
    assert stat.S_IMODE(running.stat().st_mode) == 0o600


def test_each_app_has_its_own_database_login(tmp_path: Path) -> None:
    settings = House(tmp_path, Ports(8000)).settings()
    logins = [str(settings[f"{app}_database_url"]).split(":")[1] for app in ("web", "worker", "tracker", "host")]
    assert logins == ["//sadra_web", "//sadra_worker", "//sadra_tracker", "//sadra_host"]
