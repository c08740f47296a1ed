"""What `up` does before the apps start: the installation's tables, and on first start the demo companies."""

from collections.abc import Mapping
from datetime import UTC, datetime

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import Language, NewTenant
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
COMPANIES: tuple[tuple[str, str, Language], ...] = (
    (DEMO, "پیشرو سامانه", "fa"),
    ("northwind", "Northwind Systems", "en"),
)
"""Slug, name and language of the companies of the first start: a Persian and an English one."""
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
        for slug, name, language in COMPANIES:
            await _open(database, FileDoor(blob_url, MEGABYTE), slug, name, language, password)
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


async def _open(database: Database, files: FileDoor, slug: str, name: str, language: Language, password: str) -> None:
    async with database.host() as session:
        tenant = await tenant_by_slug(session, slug)
    if tenant is None:
        hashed = await Hasher().hash(password)
        admin = Administrator(email=f"{DEMO_USER}@{slug}.example", password_hash=hashed, company=name)
        request = NewTenant(slug=slug, name=name, language=language)
        tenant = await provision(database, REGISTRY, request, admin, actor="up")
    async with database.tenant(tenant.number) as session:
        if await session.one(FILLED):
            return
    await store_papers(files, tenant.number, language)
    await load_demo(
        database, tenant.number, Schema(REGISTRY), scale=1, seed=tenant.number, language=language, now=datetime.now(UTC)
    )
