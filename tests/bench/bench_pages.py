"""Pages at ten thousand and at a million records, each beside its own statements sent by plain psycopg."""

import asyncio
from datetime import UTC, datetime

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import Tenant
from crm_storage.demo import load_demo
from crm_storage.records.context import Schema
from tests.bench.fill import multiply_deals
from tests.bench.stage import QUICK, Pair, beside_its_statements, open_stage, report
from tests.inside import Inside, Reader

SMALL, LARGE = 10_000, 100_000 if QUICK else 1_000_000
COLUMNS = "name,account,stage,amount,closes_on,probability,assigned_to,created_at"
LIST = "/opportunities?filter[stage][eq]=proposal&sort=-amount"
JSON = f"/api/v1/opportunities?filter[stage][eq]=proposal&sort=-amount&fields={COLUMNS}"
KEEP_COLUMNS = """
INSERT INTO user_module_state (user_id, module, body)
SELECT id, 'opportunities', jsonb_build_object('columns', string_to_array(%(columns)s, ',')) FROM users
WHERE user_name = 'admin' ON CONFLICT (user_id, module) DO UPDATE SET body = excluded.body
"""


async def company(stage: Inside, slug: str, rows: int) -> Tenant:
    """A Persian company with so many deals, whose administrator sees eight columns of them."""
    async with stage.installation.database() as database:
        tenant = await stage.installation.tenant(database, slug, "fa")
        now = datetime.now(UTC)
        await load_demo(database, tenant.number, Schema(REGISTRY), scale=1, seed=1, language="fa", now=now)
        async with database.tenant(tenant.number) as session:
            await session.execute(KEEP_COLUMNS, {"columns": COLUMNS})
            await session.commit()
    await asyncio.to_thread(multiply_deals, stage.installation, tenant, rows)
    return tenant


async def main() -> None:
    async with open_stage() as stage:
        few = await company(stage, "few", SMALL)
        many = await company(stage, "many", LARGE)
        await lists(stage, few, many)


async def lists(stage: Inside, few: Tenant, many: Tenant) -> None:
    """List pages, and that a hundred times the records take no longer."""
    for name, path, reader in (("list page", LIST, stage.sign_in), ("list as JSON", JSON, stage.token)):
        small = await _told(await reader(few.slug, few.number), f"{name}, {SMALL:,} rows", path)
        large = await _told(await reader(many.slug, many.number), f"{name}, {LARGE:,} rows", path)
        report(f"{name}, {LARGE:,} rows against {SMALL:,}", large.figure, "ms", small.figure)


async def _told(reader: Reader, name: str, path: str) -> Pair:
    pair, number = await beside_its_statements(reader, path)
    report(f"{name}, {number} statements", pair.figure, "ms", pair.floor)
    return pair


if __name__ == "__main__":
    asyncio.run(main())
