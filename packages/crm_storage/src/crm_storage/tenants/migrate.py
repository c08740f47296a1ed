"""Bringing the host and every tenant to the newest revision (REL-32).

A release first widens tables, so that the version before still runs on them, and narrows them in a later one.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec
import psycopg
from alembic.util import CommandError

from crm_domain.tenancy import schema_name
from crm_storage.people.shipped_roles import GIVE, shipped_rights
from crm_storage.tenants.ddl import RIGHTS
from crm_storage.tenants.revisions import HOST, TENANT, VERSION_TABLE, History

LIMITS = "SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = 0"
"""A tenant at work is not made to wait; one whose tables stay locked is set aside until the next run."""
ERROR_LENGTH = 2000
WAITING = "SELECT number, schema_version FROM host.tenant WHERE schema_version <> %s ORDER BY number"
LOCK = "SELECT schema_version FROM host.tenant WHERE number = %s FOR NO KEY UPDATE"
RAISED = "UPDATE host.tenant SET schema_version = %s WHERE number = %s"
BEGIN = """
INSERT INTO host.migration (tenant, revision) VALUES (%s, %s)
ON CONFLICT (tenant) DO UPDATE SET revision = excluded.revision, started_at = now(), ended_at = NULL, error = NULL
"""
END = "UPDATE host.migration SET ended_at = now(), error = %s WHERE tenant = %s"


class Report(msgspec.Struct):
    """How a run went: tenants that are at the newest revision now, and those set aside with what stopped them."""

    done: list[int] = msgspec.field(default_factory=list[int])
    failed: dict[int, str] = msgspec.field(default_factory=dict[int, str])


def migrate_host(url: str) -> None:
    """Makes or raises the host's tables."""
    with psycopg.connect(url) as connection:
        connection.execute(LIMITS.encode())
        connection.execute("CREATE SCHEMA IF NOT EXISTS host")
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('host migration'))")
        since = _version(connection)
        if since != HOST.head:
            connection.execute(HOST.script(since).encode())


def migrate_tenants(url: str, *, workers: int = 4, history: History = TENANT) -> Report:
    """Raises every tenant that waits, each in a transaction of its own; what fails is set aside and reported.

    Asks the registry only, so a run with nothing to do is one query. Running again goes on with those not yet there.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        waiting: list[tuple[int, str]] = connection.execute(WAITING, (history.head,)).fetchall()
    report = Report()
    ready: list[tuple[int, str]] = []
    for number, since in waiting:
        try:
            ready.append((number, history.script(since)))
        except CommandError as error:
            report.failed[number] = str(error)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        errors = pool.map(partial(_migrate_tenant, url, history), ready)
        for (number, _), error in zip(ready, errors, strict=True):
            if error:
                report.failed[number] = error
            else:
                report.done.append(number)
    return report


def _migrate_tenant(url: str, history: History, job: tuple[int, str]) -> str:
    """What stopped it; empty when it went well."""
    number, script = job
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(BEGIN, (number, history.head))
            with connection.transaction():
                _raise_tenant(connection, history, number, script)
    except psycopg.Error as error:
        said = f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
        with suppress(psycopg.Error):
            _note_end(url, number, said)
        return said
    _note_end(url, number, None)
    return ""


def _raise_tenant(connection: psycopg.Connection[Any], history: History, number: int, script: str) -> None:
    """The tenant's tables, its shipped roles' rights on what is new, and what the registry says of it, in one transaction; nothing
    when another run was first."""
    connection.execute(LIMITS.encode())
    row = connection.execute(LOCK, (number,)).fetchone()
    if row is None or row[0] == history.head:
        return
    name = schema_name(number)
    opening = f"SET LOCAL ROLE {name}; SET LOCAL search_path = {name}, crm;\n"
    connection.execute((opening + script + RIGHTS).encode())
    connection.execute(GIVE.encode(), shipped_rights())
    connection.execute(b"RESET ROLE; SET LOCAL search_path = host, crm")
    connection.execute(RAISED, (history.head, number))


def _note_end(url: str, number: int, error: str | None) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(END, (error, number))


def _version(connection: psycopg.Connection[Any]) -> str:
    """The host's revision; empty before the first."""
    found = connection.execute(f"SELECT to_regclass('host.{VERSION_TABLE}')".encode()).fetchone()
    if not found or found[0] is None:
        return ""
    row = connection.execute(f"SELECT version_num FROM host.{VERSION_TABLE}".encode()).fetchone()
    return row[0] if row else ""
