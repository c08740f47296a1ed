"""Child processes: started tied to this one, stopped politely, counted as gone only when they are."""

import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sadra_cli import tied

POLL_S = 0.02


class Failed(Exception):
    """A service did not start or stop; the text tells the reader what to look at."""


def start(
    program: Sequence[str],
    *,
    log: Path,
    stop_signal: int = signal.SIGTERM,
    account: pwd.struct_passwd | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Starts a program that gets `stop_signal` if this process dies. Its output goes to the end of `log`.

    It leads a session of its own, so Ctrl-C in the terminal reaches it only through us and in the right order.
    """
    user, group = (account.pw_uid, account.pw_gid) if account else (tied.UNCHANGED, tied.UNCHANGED)
    opening = [
        sys.executable,
        "-I",
        "-S",
        tied.__file__,
        *(str(int(n)) for n in (os.getpid(), stop_signal, user, group)),
    ]
    with log.open("ab") as output:
        return subprocess.Popen(
            [*opening, *program],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=None if env is None else dict(env),
            start_new_session=True,
        )


def stop(
    child: subprocess.Popen[bytes], *, ask: int = signal.SIGTERM, force: int = signal.SIGKILL, wait_s: float = 20
) -> None:
    """Asks a child to stop, waits, then forces it."""
    if child.poll() is not None:
        return
    child.send_signal(ask)
    try:
        child.wait(wait_s)
    except subprocess.TimeoutExpired:
        child.send_signal(force)
        child.wait(wait_s)


def wait_for(
    ready: Callable[[], bool], child: subprocess.Popen[bytes], *, what: str, log: Path, wait_s: float = 60
) -> None:
    """Waits until `ready`; `Failed` with the end of the log when the child ends first or the time is up."""
    end = time.monotonic() + wait_s
    while not ready():
        if child.poll() is not None:
            raise Failed(f"{what} ended with code {child.returncode}.\n{tail(log)}")
        if time.monotonic() > end:
            raise Failed(f"{what} was not ready after {wait_s:.0f} s.\n{tail(log)}")
        time.sleep(POLL_S)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, under its name."""
    if not log.exists():
        return f"There is no log at {log}."
    text = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join([f"The end of {log}:", *text])


def free_port() -> int:
    """A loopback TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether something accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
