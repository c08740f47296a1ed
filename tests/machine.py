"""One whole installation on this machine as `up` runs it, reached the ways its users reach it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

from sadra_cli.house import Ports

WAIT_S = 60


class Machine:
    """A data folder, ports, and the run on them."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.ports = Ports(free_base())
        environ = {name: value for name, value in os.environ.items() if not name.startswith("SADRA_")}
        self.environ = environ | {"SADRA_DEMO_PASSWORD": "a password of the test"}
        self.run: subprocess.Popen[str] | None = None
        self.lines: list[str] = []

    def up(self, *more: str) -> None:
        words = ["up", "--data", str(self.data), "--port-base", str(self.ports.base), *more]
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

    def down(self) -> None:
        """Ends it, if it still runs."""
        if self.run and self.run.poll() is None:
            self.run.terminate()
            self.run.wait(WAIT_S)

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
