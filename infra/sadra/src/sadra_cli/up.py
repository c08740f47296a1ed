"""`./sadra up`: everything on this machine, until Ctrl-C or SIGTERM."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Annotated

from cyclopts import Parameter

from sadra_cli import prepare
from sadra_cli.house import House, Ports, sole
from sadra_cli.places import DATA

POLL_S = 0.5


class Stopped(BaseException):
    """Somebody asked the run to end."""


def up(*, data: Path = DATA, port_base: int = 8000, no_demo: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Run database, bus, web, worker, tracker, host admin and mailbox on this machine; Ctrl-C stops them all.

    The line `ready` ends the start. Everything listens on loopback. Starting again recovers, also after `kill -9`.

    Example: ./sadra up --data /var/lib/sadra --port-base 9000

    Parameters
    ----------
    data
        Folder that holds database, bus, files and logs.
    port_base
        First port: web there, tracker, host admin and mailbox on the next three, SMTP on the 25th after it.
    no_demo
        Do not make the demo tenant.
    """
    with sole(data):
        house = House(data, Ports(port_base))
        try:
            _on_signals(_stop)
            _start(house, demo=not no_demo)
            while True:
                time.sleep(POLL_S)
                for name in house.revive():
                    print(f"{name} had ended and was started again", flush=True)
        except Stopped:
            print("stopping", flush=True)
        finally:
            _on_signals(signal.SIG_IGN)
            house.stop()
    return 0


def _on_signals(action: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, action)


def _start(house: House, *, demo: bool) -> None:
    print(f"starting from {house.data}", flush=True)
    house.start_services()
    asyncio.run(prepare.installation(house.postgres.url(), house.passwords))
    asyncio.run(prepare.operator(house.postgres.url(), house.demo_password))
    if demo:
        asyncio.run(prepare.demo_tenant(house.postgres.url(), house.demo_password, str(house.settings()["blob_url"])))
    house.start_apps()
    print(_addresses(house, demo=demo), flush=True)
    print("ready", flush=True)


def _addresses(house: House, *, demo: bool) -> str:
    ports = house.ports
    sign_in = f"   sign in: {prepare.DEMO_USER} / {house.demo_password}"
    slugs = [company.slug for company in prepare.COMPANIES] if demo else []
    companies = [f"http://{slug}.localhost:{ports.web}/{sign_in}" for slug in slugs]
    return "\n".join(
        [
            *(f"web         {line}" for line in companies or [f"http://<tenant>.localhost:{ports.web}/"]),
            f"tracker     http://localhost:{ports.tracker}/",
            f"host admin  http://localhost:{ports.host}/   sign in: {prepare.OPERATOR} / {house.demo_password}",
            f"mailbox     http://localhost:{ports.mailbox}/   SMTP on localhost:{ports.smtp}",
            f"logs        {house.data}/*.log",
        ]
    )


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped
