"""`./sadra demo`: realistic Persian and English data, two thousand records or two million."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import Language
from crm_storage.demo import load_demo, store_papers
from crm_storage.files.door import door_of
from crm_storage.overlays import load_registry
from crm_storage.records.context import Schema
from crm_storage.tenants.rows import tenant_by_slug
from sadra_cli.children import Failed
from sadra_cli.installation import opened
from sadra_cli.places import DATA


def demo(*, tenant: str, scale: int = 1, seed: int = 1, language: Language | None = None, data: Path = DATA) -> int:
    """Fill a tenant with a made-up company; the same seed makes up the same company.

    Example: ./sadra demo --tenant acme --scale 10 --seed 7

    Parameters
    ----------
    tenant
        Name of the tenant.
    scale
        1 is about 2,000 records, 1,000 about 2 million.
    seed
        Which company to make up.
    language
        fa or en; the tenant's own when not given.
    data
        Folder that `up` runs from.
    """
    if scale < 1:
        raise Failed("The scale is 1 or more.")
    started = time.monotonic()
    number = asyncio.run(_load(data, tenant, scale, seed, language))
    print(f"{number:,} records in {time.monotonic() - started:.1f} s")
    return 0


async def _load(data: Path, slug: str, scale: int, seed: int, language: Language | None) -> int:
    async with opened(data) as (database, settings):
        async with database.host() as session:
            tenant = await tenant_by_slug(session, slug)
        if tenant is None:
            raise Failed(f"There is no tenant {slug}.")
        async with database.tenant(tenant.number) as session:
            registry = await load_registry(session, REGISTRY, tenant.overlay_version)
        spoken = language or ("en" if tenant.language == "en" else "fa")
        await store_papers(door_of(settings), tenant.number, spoken)
        return await load_demo(
            database,
            tenant.number,
            Schema(registry),
            scale=scale,
            seed=seed,
            language=spoken,
            now=datetime.now(UTC),
        )
