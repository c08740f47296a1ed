"""Loading a demo company by COPY into a real tenant."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from tests.installation import Installation

from crm_domain.modules import REGISTRY
from crm_domain.query.filter import EVERYTHING, Quick
from crm_domain.query.page import ListQuery, Sort
from crm_storage.demo import load_demo

from .conftest import SEED


@pytest.fixture(scope="module")
def number(installation: Installation) -> int:
    """A company of its own, for what is loaded stays."""
    number = installation.empty_tenant()
    with psycopg.connect(installation.url) as connection:
        connection.execute(SEED.format(number=number).encode())
    return number


async def load(company: Any, **facts: Any) -> int:
    asked = {"scale": 1, "seed": 5, "language": "fa", "now": company.clock.time, **facts}
    return await load_demo(company.database, company.tenant, company.schema, **asked)


async def test_the_company_arrives_with_links_addresses_views_and_history(company: Any) -> None:
    number = await load(company)
    async with company.work() as work:
        counted = {key: (await work.store.count(module, EVERYTHING)).number for key, module in REGISTRY.modules.items()}
        assert number == sum(counted.values()) - 2, "the administrator and the base currency were there"
        assert counted["currencies"] == 3
        page = await work.store.page(
            REGISTRY["contacts"], ListQuery(columns=("name", "emails", "account"), sort=(Sort("name"),))
        )
        assert page.rows[0]["name"].endswith("آزاد")
        first = next(row for row in page.rows if row["emails"])
        assert first["account"].name
        found = await work.store.page(
            REGISTRY["contacts"], ListQuery(filter=Quick(first["emails"][0].address), columns=("name",))
        )
        assert first.id in [row.id for row in found.rows]
        owners = await work.store.related(work.relation("contacts", "accounts"), first.id, ListQuery())
        assert owners.rows[0]["link.is_primary"]
        assert [entry.action for entry in await work.store.history(REGISTRY["contacts"], first.id)] == ["create"]
        assert len((await work.store.shelf.desk("opportunities")).views) == 2
        assert len(await work.store.shelf.starred()) == 4
        assert (await work.store.total(REGISTRY["opportunities"], EVERYTHING, "amount")) > 10**10
    company.clock.time += timedelta(days=1)
    again = await load(company, seed=6)
    async with company.work() as work:
        assert (await work.store.count(REGISTRY["users"], EVERYTHING)).number == counted["users"]
        assert (await work.store.count(REGISTRY["accounts"], EVERYTHING)).number == 2 * counted["accounts"]
        assert again < number, "the people were there already"
        assert len((await work.store.shelf.desk("opportunities")).views) == 2
