"""The processes that `up` runs: how each is started, known to be ready, stopped and started again."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sadra_cli import children
from sadra_cli.mailbox import app as mailbox

STOP_S = 25.0
START_S = 180.0
FREE_S = 30.0
"""How long a port may still be held by a former run that is stopping."""
CALM_S = 30.0
"""A process that lived this long starts again at once; one that did not waits longer each time."""
PAUSE_MAX_S = 10.0


@dataclass
class Process:
    """One child with an HTTP port that answers `/readyz`."""

    name: str
    program: Sequence[str]
    port: int
    log: Path
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    ports: Sequence[int] = ()
    _child: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _failures: int = 0

    def start(self) -> None:
        """Starts it, once its ports are free."""
        self._wait_for_ports()
        self._started = time.monotonic()
        self._child = children.start(self.program, log=self.log, env={**os.environ, **self.env})

    def wait_ready(self) -> None:
        """Waits until it answers that it is ready; `Failed` with the end of its log otherwise."""
        if self._child:
            children.wait_for(self.ready, self._child, what=self.name, log=self.log, wait_s=START_S)

    def ready(self) -> bool:
        """Whether `/readyz` answers 200 now."""
        return answers_ready(self.port)

    def ask_to_stop(self) -> None:
        """Asks it to finish what it does and stop, without waiting for that."""
        if self._child and self._child.poll() is None:
            self._child.terminate()

    def stop(self) -> None:
        """Asks it the same, waits, and ends what is left of it."""
        if self._child:
            children.stop(self._child, ask=signal.SIGTERM, wait_s=STOP_S)
            self._end_rest()
            self._child = None

    def revive(self) -> bool:
        """Starts it again if it died and its pause is over; whether it was started."""
        if self._child is None or self._child.poll() is None:
            return False
        lived = time.monotonic() - self._started
        self._failures = 0 if lived > CALM_S else self._failures
        if lived < min(self._failures, PAUSE_MAX_S):
            return False
        self._failures += 1
        self._end_rest()
        self.start()
        return True

    @property
    def pid(self) -> int | None:
        """Its process, while it runs."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def _end_rest(self) -> None:
        """Ends what a killed child left behind: it led a session, so all of it is in its group."""
        if self._child:
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)

    def _wait_for_ports(self) -> None:
        end = time.monotonic() + FREE_S
        for port in (self.port, *self.ports):
            while children.answers(port):
                if time.monotonic() > end:
                    raise children.Failed(f"Port {port}, which {self.name} needs, is in use by another program.")
                time.sleep(0.1)


def answers_ready(port: int, path: str = "/readyz") -> bool:
    """Whether an app on a loopback port answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def granian(factory: str, port: int) -> list[str]:
    """The command that serves an ASGI factory on a loopback port."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--loop", "uvloop"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--no-ws", "--log-level", "warning"),
        *("--workers-kill-timeout", "10", factory),
    ]


def mailbox_process(data: Path, *, port: int, smtp_port: int) -> Process:
    """The development mailbox, which keeps its mails under `data`."""
    return Process(
        name="mailbox",
        program=granian("sadra_cli.mailbox.app:create_app", port),
        port=port,
        log=data / "mailbox.log",
        env={mailbox.FOLDER: str(data / "mailbox"), mailbox.SMTP_PORT: str(smtp_port)},
        ports=(smtp_port,),
    )
