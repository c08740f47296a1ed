"""Bringing the host and every tenant to the newest revision (REL-32).

`python -m crm_storage.tenants.migrate first` writes the first revision of both histories from the definitions;
`… new host|tenant MESSAGE` writes a revision of what the definitions have more than the database at SADRA_DATABASE_URL.
"""

import os
import sys
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import msgspec
import psycopg
from alembic import command
from psycopg import sql
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import schema_name
from crm_storage.tenants.ddl import host_ddl, tenant_ddl
from crm_storage.tenants.revisions import HOST, TENANT, History

LOCK_TIMEOUT = "3s"
WAITING = """
SELECT number FROM host.tenant WHERE schema_version <> %s AND state <> 'archived' ORDER BY number
"""
BEGIN = """
INSERT INTO host.migration (tenant, revision) VALUES (%s, %s)
ON CONFLICT (tenant) DO UPDATE SET revision = excluded.revision, started_at = now(), ended_at = NULL, error = NULL
"""
END = "UPDATE host.migration SET ended_at = now(), error = %s WHERE tenant = %s"
RAISED = "UPDATE host.tenant SET schema_version = %s WHERE number = %s"


class Report(msgspec.Struct):
    """How a run went: tenants that are at the newest revision now, and those set aside with what stopped them."""

    done: list[int] = msgspec.field(default_factory=list[int])
    failed: dict[int, str] = msgspec.field(default_factory=dict[int, str])


def migrate_host(url: str) -> None:
    """Makes or raises the host's tables."""
    with _connected(url) as connection:
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS host")
        _upgrade(HOST, connection)


def migrate_tenants(url: str, *, workers: int = 4) -> Report:
    """Raises every tenant that waits, each in a transaction of its own; what fails is set aside and reported.

    Running again goes on with those that are not yet there.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        numbers: list[int] = [row[0] for row in connection.execute(WAITING, (TENANT.head,))]
    report = Report()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for number, error in zip(numbers, pool.map(partial(_migrate_tenant, url), numbers), strict=True):
            if error:
                report.failed[number] = error
            else:
                report.done.append(number)
    return report


def _migrate_tenant(url: str, number: int) -> str:
    """What stopped it; empty when it went well."""
    _note(url, BEGIN, (number, TENANT.head))
    try:
        with _connected(url, number) as connection:
            _upgrade(TENANT, connection)
            connection.exec_driver_sql("RESET ROLE")
            connection.exec_driver_sql(RAISED, (TENANT.head, number))
    except Exception as error:  # whatever stops one tenant must not stop the others
        _note(url, END, (f"{type(error).__name__}: {error}"[:2000], number))
        return str(error)
    _note(url, END, (None, number))
    return ""


def _note(url: str, statement: str, values: tuple[Any, ...]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode(), values)


def _upgrade(history: History, connection: Connection) -> None:
    config = History(history.name).config
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def _connected(url: str, number: int | None = None) -> Generator[Connection]:
    """A connection in one transaction, as a tenant's role in its schema when a number is given."""
    engine = create_engine("postgresql+psycopg://", creator=_opener(url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        if number is not None:
            name = sql.Identifier(schema_name(number)).as_string(None)
            connection.exec_driver_sql(f"SET LOCAL ROLE {name}")
            connection.exec_driver_sql(f"SET LOCAL search_path = {name}, crm")
        yield connection
    engine.dispose()


def _opener(url: str) -> Callable[[], Any]:
    return lambda: psycopg.connect(url)


def write_first() -> None:
    """Writes both first revisions anew from the definitions. Only while no installation has them yet."""
    for history, ddl in ((HOST, host_ddl()), (TENANT, tenant_ddl(REGISTRY))):
        (history.folder / "versions" / "0001_first.sql").write_text(ddl, "utf-8")


def main(words: list[str]) -> int:
    """The command of this file."""
    match words:
        case ["first"]:
            write_first()
        case ["new", ("host" | "tenant") as name, message]:
            history = HOST if name == "host" else TENANT
            number = None if name == "host" else 1
            with _connected(os.environ["SADRA_DATABASE_URL"], number) as connection:
                config = history.config
                config.attributes["connection"] = connection
                command.revision(config, message, autogenerate=True)
        case _:
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
