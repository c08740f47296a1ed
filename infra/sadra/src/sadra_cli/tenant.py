"""`./sadra tenant`: host administration without the browser."""

import asyncio
import secrets
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import App, Parameter

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import Language, NewTenant, State, Tenant
from crm_storage.files.door import door_of
from crm_storage.hashing import Hasher
from crm_storage.people.seed import Administrator
from crm_storage.settings import Settings
from crm_storage.tenants.change import purge_expired, set_state
from crm_storage.tenants.migrate import migrate_host, migrate_tenants
from crm_storage.tenants.provision import provision
from crm_storage.tenants.rows import all_tenants
from sadra_cli.installation import opened, operator_here, showing
from sadra_cli.places import DATA, settings_for

app = App(name="tenant", help="Create, list, suspend and restore tenants.")
app.command("sadra_cli.backup:backup", name="backup", help="Back a tenant up now.")
app.command("sadra_cli.backup:backups", name="backups", help="List a tenant's backups.")
app.command("sadra_cli.backup:restore_backup", name="restore-backup", help="Restore a backup, or rehearse that.")
app.command("sadra_cli.audit:verify", name="verify", help="Hold audit logs against their seals and anchors.")
Json = Annotated[bool, Parameter(name="--json", negative=())]
MADE_UP = "-"
"""In place of a password: make one up."""
INVITATION = "/invite?token="


@app.command
def create(
    slug: str,
    *,
    name: str,
    admin_email: str,
    admin_password: str = "",
    locale: Language = "fa",
    plan: str = "standard",
    data: Path = DATA,
    as_json: Json = False,
) -> int:
    """Open a tenant. Without a password its administrator is invited by mail.

    Example: ./sadra tenant create acme --name "Acme" --locale en --admin-email boss@acme.test

    Parameters
    ----------
    slug
        First part of the tenant's host name.
    name
        Name of the company.
    admin_email
        Address of the first administrator, whose user name is admin.
    admin_password
        His password; made up and printed for "-".
    locale
        Language of the tenant: fa or en.
    plan
        Limits: standard, business or unlimited.
    data
        Folder that `up` runs from.
    as_json
        Print the tenant as JSON.
    """
    password = secrets.token_urlsafe(12) if admin_password == MADE_UP else admin_password
    request = NewTenant(
        slug=slug,
        name=name,
        language=locale,
        plan=plan,
        reason="command line",
    )
    tenant = asyncio.run(_create(data, request, admin_email, password))
    showing([_shown(tenant) | ({"admin_password": password} if admin_password == MADE_UP else {})], as_json=as_json)
    return 0


@app.command(name="list")
def list_(*, data: Path = DATA, as_json: Json = False) -> int:
    """List the tenants.

    Example: ./sadra tenant list --json

    Parameters
    ----------
    data
        Folder that `up` runs from.
    as_json
        Print them as JSON.
    """
    showing([_shown(tenant) for tenant in asyncio.run(_all(data))], as_json=as_json)
    return 0


@app.command
def suspend(slug: str, *, reason: str = "", data: Path = DATA) -> int:
    """Keep a tenant's users out; its data stays.

    Example: ./sadra tenant suspend acme --reason "unpaid"
    """
    return _move(data, slug, "suspended", reason)


@app.command
def resume(slug: str, *, reason: str = "", data: Path = DATA) -> int:
    """Let a suspended tenant's users in again.

    Example: ./sadra tenant resume acme
    """
    return _move(data, slug, "active", reason)


@app.command
def delete(slug: str, *, reason: str = "", data: Path = DATA) -> int:
    """Delete a tenant; within the days of grace it can be restored.

    Example: ./sadra tenant delete acme --reason "contract ended"
    """
    return _move(data, slug, "deleted", reason)


@app.command
def restore(slug: str, *, reason: str = "", data: Path = DATA) -> int:
    """Bring a deleted tenant back, suspended.

    Example: ./sadra tenant restore acme
    """
    return _move(data, slug, "suspended", reason)


@app.command
def migrate(*, workers: int = 4, data: Path = DATA) -> int:
    """Raise the host's tables and every tenant that is not at this release yet; exit 1 when one was set aside.

    Running again goes on with those that were set aside.

    Example: ./sadra tenant migrate --workers 8

    Parameters
    ----------
    workers
        Tenants that are raised at the same time.
    data
        Folder that `up` runs from.
    """
    url = settings_for(data).database_url
    migrate_host(url)
    report = migrate_tenants(url, workers=workers)
    print(f"{len(report.done)} raised, {len(report.failed)} set aside")
    for number, error in report.failed.items():
        print(f"t_{number}: {error}")
    return 1 if report.failed else 0


@app.command
def purge(*, data: Path = DATA) -> int:
    """Drop for good what belongs to tenants whose days of grace are over; meant to be run daily.

    Example: ./sadra tenant purge
    """
    for slug in asyncio.run(_purge(data)):
        print(f"{slug} is gone")
    return 0


def _move(data: Path, slug: str, state: State, reason: str) -> int:
    tenant = asyncio.run(_set_state(data, slug, state, reason))
    print(f"{tenant.slug} is {tenant.state}")
    return 0


async def _set_state(data: Path, slug: str, state: State, reason: str) -> Tenant:
    async with opened(data) as (database, _):
        return await set_state(database, slug, state, actor=operator_here(), reason=reason or "command line")


async def _purge(data: Path) -> list[str]:
    async with opened(data) as (database, settings):
        return await purge_expired(database, door_of(settings))


async def _all(data: Path) -> list[Tenant]:
    async with opened(data) as (database, _), database.host() as session:
        return await all_tenants(session)


async def _create(data: Path, request: NewTenant, email: str, password: str) -> Tenant:
    async with opened(data) as (database, settings):
        admin = await administrator(settings, request, email, password)
        return await provision(database, REGISTRY, request, admin, actor=operator_here())


async def administrator(settings: Settings, request: NewTenant, email: str, password: str) -> Administrator:
    """The first administrator that a request for a tenant asks for."""
    host = settings.web_url.replace("{tenant}", request.slug)
    return Administrator(
        email=email,
        password_hash=await Hasher().hash(password) if password else "",
        company=request.name,
        invite_at=host + INVITATION,
    )


def _shown(tenant: Tenant) -> dict[str, Any]:
    facts = msgspec.to_builtins(tenant) | {"language": tenant.language, "domain": tenant.domain}
    names = ("number", "slug", "name", "state", "plan", "language", "domain", "created_at", "delete_after")
    return {name: facts[name] for name in names if facts[name] not in (None, "")}
