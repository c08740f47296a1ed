"""`./sadra doctor`: what is configured, what is reachable, and what to do about the rest."""

import asyncio
import ctypes
import json
import os
import shutil
import smtplib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import nats
from cyclopts import Parameter

from crm_storage.database import Database
from crm_storage.settings import Settings, SettingsRefused
from sadra_cli.children import Failed
from sadra_cli.house import Ports
from sadra_cli.places import DATA, ROOT, settings_for
from sadra_cli.processes import answers_ready

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FREE_MIN = 2 * 1024**3
POSTGRES_MIN = 180000
VERSION = "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `advice` is empty when all is well."""

    name: str
    state: State
    found: str
    advice: str = ""


def doctor(
    *, data: Path = DATA, port_base: int = 8000, as_json: Annotated[bool, Parameter(name="--json", negative=())] = False
) -> int:
    """Look at this machine and at what runs here.

    Example: ./sadra doctor --json

    Parameters
    ----------
    data
        Folder that `up` runs from.
    port_base
        First port of the apps.
    as_json
        Print the findings as JSON.
    """
    findings = [*_machine(data), *_running(data, port_base)]
    if as_json:
        print(json.dumps([vars(finding) for finding in findings], ensure_ascii=False))
    else:
        for one in findings:
            print(f"{one.state:<5} {one.name:<12} {one.found}" + (f"\n{'':18} {one.advice}" if one.advice else ""))
    return 1 if any(finding.state == "fail" for finding in findings) else 0


def _machine(data: Path) -> list[Finding]:
    existing = next(folder for folder in (data.resolve(), *data.resolve().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    room = f"{free / 1024**3:.1f} GB free for {data}"
    assets = ROOT / "packages/crm_ui/src/crm_ui/static/dist/manifest.json"
    return [
        Finding("python", "ok", sys.version.split()[0]),
        Finding("disk", "ok", room) if free > FREE_MIN else Finding("disk", "warn", room, "Make room on this disk."),
        _found("assets", "built" if assets.exists() else "", "Run `./sadra up` once; it builds them.", "fail"),
        _found("pango", _pango(), "For PDF: apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
        _found("browser", browser(), "For browser tests: apt-get install -y chromium-headless-shell"),
    ]


def browser() -> str:
    """The program of a browser for tests; empty when there is none. Without a screen it starts and draws in half the time."""
    named = os.environ.get("SADRA_CHROMIUM", "")
    return named or next(filter(None, map(shutil.which, BROWSERS)), "")


def _found(name: str, found: str, advice: str, otherwise: State = "warn") -> Finding:
    return Finding(name, "ok", found) if found else Finding(name, otherwise, "missing", advice)


def _pango() -> str:
    try:
        ctypes.CDLL("libpangoft2-1.0.so.0")
    except OSError:
        return ""
    return "installed"


def _running(data: Path, port_base: int) -> list[Finding]:
    try:
        settings = settings_for(data)
    except Failed as nothing:
        return [Finding("settings", "warn", "none", str(nothing))]
    except SettingsRefused as refused:
        return [Finding("settings", "fail", fault, "See docs/configuration.md.") for fault in refused.faults]
    ports = Ports(port_base)
    apps = {"web": ports.web, "tracker": ports.tracker, "host": ports.host, "worker": ports.metrics("worker")}
    return [
        Finding("settings", "ok", f"{settings.env}, tenants at {settings.web_url}"),
        _try("database", lambda: asyncio.run(_database(settings)), "Is PostgreSQL running at SADRA_DATABASE_URL?"),
        _try("bus", lambda: asyncio.run(_bus(settings)), "Is NATS running at SADRA_NATS_URL?"),
        _try("mail", lambda: _mail(settings), "Is the mail server of SADRA_SMTP_URL running?"),
        *(_app(name, port, data) for name, port in apps.items()),
    ]


def _try(name: str, look: Callable[[], str], advice: str) -> Finding:
    try:
        return Finding(name, "ok", look())
    except Exception as error:
        return Finding(name, "fail", f"{type(error).__name__}: {error}".splitlines()[0][:160], advice)


async def _database(settings: Settings) -> str:
    database = Database(settings.database_url, size=1)
    await database.open()
    try:
        async with database.host() as session:
            row = await session.one(
                "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
            )
            tenants = await session.one("SELECT count(*) FROM tenant WHERE state <> 'deleted'")
    finally:
        await database.close()
    if row is None or row[0] < POSTGRES_MIN:
        raise Failed("PostgreSQL 18 or newer is needed")
    return f"PostgreSQL {row[1]}, {tenants[0] if tenants else 0} tenants"


async def _bus(settings: Settings) -> str:
    client = await nats.connect(settings.nats_url.split(","), allow_reconnect=False, connect_timeout=3)
    try:
        account = await client.jetstream().account_info()
    finally:
        await client.close()
    return f"NATS with {account.streams} streams"


def _mail(settings: Settings) -> str:
    parts = urlsplit(settings.smtp_url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 25, timeout=3) as smtp:
        smtp.noop()
    return f"{parts.hostname}:{parts.port or 25} answers"


def _app(name: str, port: int, data: Path) -> Finding:
    if answers_ready(port):
        return Finding(name, "ok", f"ready on port {port}")
    return Finding(
        name, "fail", f"not ready on port {port}", f"See {data / f'{name}.log'}, or start with `./sadra up`."
    )
