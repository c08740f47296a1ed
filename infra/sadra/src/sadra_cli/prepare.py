"""What `up` does before the apps start: the installation's tables, and on first start the demo companies."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import NewTenant
from crm_domain.text.locale import ENGLISH
from crm_storage.database import Database
from crm_storage.demo import load_demo, store_papers
from crm_storage.files.door import MEGABYTE, FileDoor
from crm_storage.hashing import Hasher
from crm_storage.operators.sign_in import ensure_operator
from crm_storage.people.seed import Administrator
from crm_storage.records.context import Schema
from crm_storage.tenants.install import install
from crm_storage.tenants.provision import provision
from crm_storage.tenants.rows import tenant_by_slug
from sadra_cli.children import Failed

DEMO = "demo"
DEMO_USER = "admin"
OPERATOR = "host@sadra.example"
COMPANIES = (
    NewTenant(slug=DEMO, name="پیشرو سامانه", language="fa"),
    NewTenant(
        slug="northwind",
        name="Northwind Systems",
        language="en",
        locale=msgspec.structs.replace(ENGLISH, time_zone="America/New_York"),
    ),
)
"""The companies of the first start: a Persian and an English one."""
FILLED = "SELECT 1 FROM users OFFSET 1 LIMIT 1"
"""The company's people come in one transaction with its records, so it has all or none, also after a killed start."""


async def installation(url: str, passwords: Mapping[str, str]) -> None:
    """Makes or raises everything in the database. `Failed` names the tenants that could not be raised."""
    report = await install(url, passwords)
    if report.failed:
        raise Failed(
            "\n".join(f"Tenant {number} could not be migrated: {why}" for number, why in report.failed.items())
        )


async def demo_tenant(url: str, password: str, blob_url: str) -> None:
    """Opens and fills the demo companies that are not there yet; their files go where `blob_url` says."""
    database = Database(url, size=2)
    await database.open()
    try:
        for company in COMPANIES:
            await _open(database, FileDoor(blob_url, MEGABYTE), company, password)
    finally:
        await database.close()


async def operator(url: str, password: str) -> None:
    """The first host administrator; at his first sign-in he sets up his second factor."""
    database = Database(url, size=1)
    await database.open()
    try:
        async with database.host() as session:
            await ensure_operator(session, Hasher(), email=OPERATOR, name="Host", password=password)
    finally:
        await database.close()


async def _open(database: Database, files: FileDoor, company: NewTenant, password: str) -> None:
    async with database.host() as session:
        tenant = await tenant_by_slug(session, company.slug)
    if tenant is None:
        hashed = await Hasher().hash(password)
        admin = Administrator(email=f"{DEMO_USER}@{company.slug}.example", password_hash=hashed, company=company.name)
        tenant = await provision(database, REGISTRY, company, admin, actor="up")
    async with database.tenant(tenant.number) as session:
        if await session.one(FILLED):
            return
    await store_papers(files, tenant.number, company.language)
    await load_demo(
        database,
        tenant.number,
        Schema(REGISTRY),
        scale=1,
        seed=tenant.number,
        language=company.language,
        now=datetime.now(UTC),
    )
