"""What runs on one machine and in which order: database, bus, then the apps; stopped the other way round."""

import fcntl
import json
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from crm_storage.settings import CONFIG, PREFIX
from crm_storage.tenants.cluster import LOGINS
from sadra_cli.children import Failed, free_port
from sadra_cli.nats_server import Nats
from sadra_cli.places import write_running
from sadra_cli.postgres import Postgres
from sadra_cli.processes import Process, granian, mailbox_process

GIVEN_BY_HOUSE = ("DATABASE_URL", "NATS_URL", "CONFIG")
APPS = {"web": "crm_web.app:create_app", "tracker": "crm_tracker.app:create_app", "host": "crm_host.app:create_app"}


@dataclass(frozen=True)
class Ports:
    """The ports that follow from the first one."""

    base: int

    @property
    def smtp(self) -> int:
        return self.base + 25

    @property
    def mailbox(self) -> int:
        return self.base + 3

    @property
    def web(self) -> int:
        return self.base

    @property
    def tracker(self) -> int:
        return self.base + 1

    @property
    def host(self) -> int:
        return self.base + 2

    def metrics(self, app: str) -> int:
        """The inside port of an app; the worker's only one."""
        return self.base + 10 + ("web", "tracker", "host", "worker").index(app)


class House:
    """Everything of one installation on this machine, under one data folder."""

    def __init__(self, data: Path, ports: Ports) -> None:
        self.data = data
        self.ports = ports
        self.kept = _kept_secrets(data)
        self.postgres = Postgres(data / "postgres", port=free_port())
        self.nats = Nats(data / "nats", port=free_port())
        self.processes: list[Process] = []

    @property
    def demo_password(self) -> str:
        """What the demo administrator signs in with."""
        return os.environ.get(f"{PREFIX}DEMO_PASSWORD") or self.kept["demo_password"]

    @property
    def passwords(self) -> dict[str, str]:
        """The passwords of the apps' database logins."""
        return {login: self.kept[login] for login in LOGINS}

    def start_services(self) -> None:
        """Starts database and bus, and writes where they are for other commands."""
        self.postgres.start()
        self.nats.start()
        write_running(self.data, self.settings())

    def start_apps(self) -> None:
        """Starts the apps and the mailbox, and waits until all are ready."""
        self.processes = [mailbox_process(self.data, port=self.ports.mailbox, smtp_port=self.ports.smtp)]
        self.processes += [self._app(name) for name in ("worker", *APPS)]
        for process in self.processes:
            process.start()
        for process in self.processes:
            process.wait_ready()

    def revive(self) -> list[str]:
        """Starts again what died; its names."""
        revived: list[str] = []
        if self.postgres.pid is None:
            self.postgres.start()
            revived.append("postgres")
        if self.nats.pid is None:
            self.nats.start()
            revived.append("nats")
        return revived + [process.name for process in self.processes if process.revive()]

    def stop(self) -> None:
        """Stops the apps, all at the same time, then the bus, then the database."""
        for process in self.processes:
            process.ask_to_stop()
        for process in self.processes:
            process.stop()
        self.nats.stop()
        self.postgres.stop()

    def settings(self) -> dict[str, str | int]:
        """The settings of this installation; the environment's own words win where they make sense."""
        folder = self.data.resolve()
        settings: dict[str, str | int] = {
            "env": "development",
            "database_url": self.postgres.url(),
            **{f"{login.removeprefix('sadra_')}_database_url": self._login_url(login) for login in LOGINS},
            "nats_url": self.nats.url,
            "smtp_url": f"smtp://localhost:{self.ports.smtp}",
            "blob_url": (folder / "blobs").as_uri(),
            "secret_key": self.kept["secret_key"],
            "outbound_allowed": f"localhost:{self.ports.smtp}",
            "web_url": f"http://{{tenant}}.localhost:{self.ports.web}",
            "tracker_url": f"http://localhost:{self.ports.tracker}",
            "admin_url": f"http://localhost:{self.ports.host}",
            "data_dir": str(folder),
            "demo_password": self.demo_password,
        }
        given = {name.removeprefix(PREFIX): value for name, value in os.environ.items() if name.startswith(PREFIX)}
        return settings | {name.lower(): value for name, value in given.items() if name not in GIVEN_BY_HOUSE}

    def _login_url(self, login: str) -> str:
        owner, _, place = self.postgres.url().partition("@")
        scheme = owner.partition("://")[0]
        return f"{scheme}://{login}:{quote(self.kept[login], safe='')}@{place}"

    def _app(self, name: str) -> Process:
        metrics = self.ports.metrics(name)
        settings = self.settings() | {"metrics_port": metrics}
        if name != "host":
            settings["database_url"] = settings[f"{name}_database_url"]
        worker = name == "worker"
        port = metrics if worker else int(getattr(self.ports, name))
        return Process(
            name=name,
            program=[sys.executable, "-m", "crm_worker"] if worker else granian(APPS[name], port),
            port=port,
            log=self.data / f"{name}.log",
            env=_environment(settings),
            ports=() if worker else (metrics,),
        )


def _environment(settings: Mapping[str, str | int]) -> dict[str, str]:
    return {f"{PREFIX}{name.upper()}": str(value) for name, value in settings.items()} | {CONFIG: ""}


@contextmanager
def sole(data: Path) -> Iterator[None]:
    """Holds the data folder, so that no second run uses it; the kernel lets go of it when this process dies."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Failed(f"Another `./sadra up` already runs from {data}.") from error
        yield


def _kept_secrets(data: Path) -> dict[str, str]:
    """The secrets of this installation: made up once, then read again."""
    file = data / "secrets.json"
    if file.exists():
        return json.loads(file.read_text())
    made = {login: secrets.token_urlsafe(24) for login in LOGINS}
    made |= {"secret_key": secrets.token_urlsafe(48), "demo_password": f"demo-{secrets.token_hex(4)}"}
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(made))
    fresh.rename(file)
    return made
