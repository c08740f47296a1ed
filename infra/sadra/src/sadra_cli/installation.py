"""Reaching an installation from the command line, and showing what was found there."""

import getpass
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from crm_domain.messages.catalogue import catalogue
from crm_domain.problems import BadValue, Problem
from crm_storage.database import Database, Session
from crm_storage.failures import is_unavailable
from crm_storage.settings import Settings
from crm_storage.tenants.rows import tenant_by_slug
from sadra_cli.children import Failed
from sadra_cli.places import settings_for


@asynccontextmanager
async def opened(data: Path) -> AsyncGenerator[tuple[Database, Settings]]:
    """The database under the login that owns it, and the settings. `Failed` says what the product refused."""
    settings = settings_for(data)
    database = Database(settings.database_url, size=2)
    await database.open()
    try:
        yield database, settings
    except BadValue as bad:
        raise Failed(catalogue("en").text(bad.problem.id, **bad.problem.facts)) from bad
    except Problem as problem:
        raise Failed(catalogue("en").text(problem.id, **problem.facts)) from problem
    except Exception as error:
        if is_unavailable(error):
            raise Failed("The database cannot be reached. Is `./sadra up` running?") from error
        raise
    finally:
        await database.close()


def operator_here() -> str:
    """Who is noted in a tenant's history: the account on this machine."""
    return f"{getpass.getuser()} (command line)"


async def tenant_number(session: Session, slug: str) -> int:
    """The number of a tenant; `Failed` when there is none of that name."""
    tenant = await tenant_by_slug(session, slug)
    if tenant is None:
        raise Failed(f"There is no tenant {slug}.")
    return tenant.number


def showing(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Prints rows as JSON, or a line each."""
    if as_json:
        print(json.dumps(list(rows), ensure_ascii=False))
        return
    for row in rows:
        print("  ".join(f"{name}={value}" for name, value in row.items()))
