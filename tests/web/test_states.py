"""What people and programs are told when their company is read-only or closed (scenario 57)."""

from collections.abc import Iterator

import httpx2 as httpx
import pytest

from crm_domain.tenancy import State, Tenant
from crm_storage.hashing import Hasher
from crm_storage.tenants.change import set_state
from tests.installation import Installation
from tests.loops import run
from tests.machine import until
from tests.site import PASSWORD, Browser, Site


@pytest.fixture
def company(installation: Installation) -> Iterator[Tenant]:
    async def opened() -> Tenant:
        hash_ = await Hasher().hash(PASSWORD)
        async with installation.database() as database:
            return await installation.tenant(database, password_hash=hash_)

    yield run(opened())


def move(installation: Installation, company: Tenant, state: State) -> None:
    async def moved() -> None:
        async with installation.database("sadra_host") as database:
            await set_state(database, company.slug, state, actor="olga", reason="unpaid")

    run(moved())


def test_57_a_read_only_company_reads_and_is_told_why_nothing_is_kept(
    site: Site, installation: Installation, company: Tenant
) -> None:
    boss = Browser(site, company.slug)
    move(installation, company, "read_only")
    until(lambda: "is read-only" in boss.get("/accounts").text, "the page says so")
    refused = boss.post("/accounts", name="New")
    assert refused.status_code == 403 and "is read-only" in refused.text
    move(installation, company, "active")
    until(lambda: boss.post("/accounts", name="New").status_code == 303, "changes are kept again")


def test_57_a_suspended_companys_pages_and_api_say_that_they_are_closed(
    site: Site, installation: Installation, company: Tenant
) -> None:
    boss = Browser(site, company.slug)
    move(installation, company, "suspended")
    until(lambda: boss.get("/login").status_code == 403, "the sign-in page is closed")
    page = boss.get("/login")
    assert "is not active" in page.text and 'name="password"' not in page.text
    api: httpx.Response = boss.http.get("/api/v1/accounts", headers={"accept": "application/json"})
    assert (api.status_code, api.json()["code"]) == (403, "tenant_closed")
    move(installation, company, "archived")
    until(lambda: boss.get("/login").status_code == 404, "an archived company has no address")
