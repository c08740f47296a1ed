"""Pages at ten thousand and at a million records, each beside its own statements sent by plain psycopg."""

import asyncio
import json
from datetime import UTC, datetime
from urllib.parse import quote

import psycopg

from crm_domain.modules import REGISTRY
from crm_domain.tenancy import Tenant
from crm_storage.demo import load_demo
from crm_storage.records.context import Schema
from tests.bench.fill import multiply_deals
from tests.bench.stage import QUICK, Pair, beside_its_statements, interleaved, open_stage, report
from tests.inside import Inside, Reader

SMALL, LARGE = 10_000, 100_000 if QUICK else 1_000_000
COLUMNS = "name,account,stage,amount,closes_on,probability,assigned_to,created_at"
LIST = "/opportunities?filter[stage][eq]=proposal&sort=-amount"
JSON = f"/api/v1/opportunities?filter[stage][eq]=proposal&sort=-amount&fields={COLUMNS}"
SEARCH = f"/opportunities?q={quote('تجهیزات')}"
EVERYWHERE = f"/search?q={quote('پارس')}"
KEEP_COLUMNS = """
INSERT INTO user_module_state (user_id, module, body)
SELECT id, 'opportunities', jsonb_build_object('columns', string_to_array(%(columns)s, ',')) FROM users
WHERE user_name = 'admin' ON CONFLICT (user_id, module) DO UPDATE SET body = excluded.body
"""
ROW = """
INSERT INTO opportunities (id, name, account, amount, amount_currency, amount_rate, amount_base, closes_on, stage)
VALUES (uuidv7(), 'Bench', %(account)s, 1000, 'IRR', 1, 1000, '2027-01-01', 'proposal')
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
        reader, program = await stage.sign_in(many.slug, many.number), await stage.token(many.slug, many.number)
        for name, path in (("search in a list", SEARCH), ("search everywhere", EVERYWHERE)):
            await _told(reader, f"{name}, {LARGE:,} rows", path)
        one = json.loads(await program.ask("/api/v1/opportunities?limit=1&fields=name,account"))["items"][0]
        await _told(reader, f"record page, {LARGE:,} rows", f"/opportunities/{one['id']}")
        await create(program, many, one["account"])


async def lists(stage: Inside, few: Tenant, many: Tenant) -> None:
    """List pages, and that a hundred times the records take no longer."""
    for name, path, reader in (("list page", LIST, stage.sign_in), ("list as JSON", JSON, stage.token)):
        small = await _told(await reader(few.slug, few.number), f"{name}, {SMALL:,} rows", path)
        large = await _told(await reader(many.slug, many.number), f"{name}, {LARGE:,} rows", path)
        report(f"{name}, {LARGE:,} rows against {SMALL:,}", large.figure, "ms", small.figure)


async def create(program: Reader, tenant: Tenant, account: dict[str, str]) -> None:
    """A record made over the API, with its rules and its history, beside its bare row."""
    body = {
        "name": "Bench",
        "account": account,
        "amount": {"amount": "1000", "currency": "IRR"},
        "closes_on": "2027-01-01",
        "stage": "proposal",
    }
    sent = json.dumps(body).encode()
    with psycopg.connect(program.inside.installation.url, autocommit=True) as plain:
        plain.execute(f"SET search_path = {tenant.schema}, crm".encode())
        pair = await interleaved(
            lambda: program.ask("/api/v1/opportunities", "POST", sent, **{"content-type": "application/json"}),
            lambda: plain.execute(ROW, {"account": account["id"]}),
        )
    report("create a record, against its bare row", pair.figure, "ms", pair.floor)


async def _told(reader: Reader, name: str, path: str) -> Pair:
    pair, number = await beside_its_statements(reader, path)
    report(f"{name}, {number} statements", pair.figure, "ms", pair.floor)
    return pair


if __name__ == "__main__":
    asyncio.run(main())
