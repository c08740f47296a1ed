"""A tenant's own field, option list and wording, everywhere the product shows a record, and nowhere else."""

import re
import time
from typing import Any

import msgspec
import pytest

from crm_domain.definition import Option
from crm_domain.definition.overlay import CustomField
from crm_domain.modules import REGISTRY
from crm_storage.overlays import add_field, load_overlay, raise_version, save_overlay
from tests.installation import Installation
from tests.loops import run
from tests.site import Browser, Site
from tests.tailored import administrator, open_company

SLUG = "bespoke"
REGION = CustomField(
    number=0,
    kind="choice",
    labels={"en": "Sales region", "fa": "منطقهٔ فروش"},
    options=(
        Option(key="north", hue="blue", labels={"en": "North", "fa": "شمال"}),
        Option(key="south", hue="amber", labels={"en": "South", "fa": "جنوب"}),
    ),
    column=True,
)
PARTNER = CustomField(number=0, kind="link", labels={"en": "Partner", "fa": "شریک"}, target="contacts")


async def customised(installation: Installation, number: int) -> tuple[str, str]:
    """Two fields of the company's own and another word for the industry; the fields' keys."""
    accounts = REGISTRY["accounts"]
    async with installation.database() as database, database.tenant(number) as session:
        region = await add_field(session, accounts, REGION, by=None)
        partner = await add_field(session, accounts, PARTNER, by=None)
        overlay = await load_overlay(session, "accounts")
        worded = {
            "industry": {"en": "Line of business", "fa": "زمینهٔ کار"},
            "": {"en.many": "Clients", "en.one": "Client"},
        }
        await save_overlay(session, "accounts", msgspec.structs.replace(overlay, labels=worded), by=None)
        await raise_version(session, number)
        await session.commit()
    return region.key, partner.key


@pytest.fixture(scope="module")
def keys(installation: Installation, site: Site) -> tuple[str, str]:
    return run(customised(installation, open_company(installation, SLUG)))


@pytest.fixture(scope="module")
def sara(site: Site, keys: tuple[str, str]) -> Browser:
    browser = administrator(site, SLUG)
    for _ in range(600):
        if "Sales region" in browser.get("/accounts/new").text:
            break
        time.sleep(0.05)
    return browser


@pytest.fixture(scope="module")
def client(sara: Browser, keys: tuple[str, str]) -> str:
    made = sara.post("/accounts", at="/accounts/new", name="Pars Steel", **{keys[0]: "north"})
    assert made.status_code == 303, made.text
    sara.post("/accounts", at="/accounts/new", name="Yazd Tiles", **{keys[0]: "south"})
    return made.headers["location"]


def test_the_form_and_the_page_have_it(sara: Browser, client: str, keys: tuple[str, str]) -> None:
    form = sara.get("/accounts/new").text
    assert f'name="{keys[0]}"' in form and "Sales region" in form and "North" in form
    assert "Line of business" in form and ">Industry<" not in form
    page = sara.get(client).text
    assert "Sales region" in page and "North" in page


def test_a_value_that_is_no_option_is_refused(sara: Browser, keys: tuple[str, str]) -> None:
    refused = sara.post("/accounts", at="/accounts/new", name="Elsewhere", **{keys[0]: "west"})
    assert refused.status_code == 422


def test_the_list_shows_sorts_and_filters_by_it(sara: Browser, client: str, keys: tuple[str, str]) -> None:
    listed = sara.get(f"/accounts?sort={keys[0]}").text
    assert "Clients" in listed and "Sales region" in listed
    assert listed.index("Pars Steel") < listed.index("Yazd Tiles")
    found = sara.get(f"/accounts?filter[{keys[0]}]=south").text
    assert f'class="name clip" href="{client}"' in listed and f'class="name clip" href="{client}"' not in found
    assert "Yazd Tiles" in found


def test_the_export_has_it_in_words(sara: Browser, client: str) -> None:
    exported = sara.get("/accounts/export?format=csv").text
    assert "Sales region" in exported and "North" in exported


def test_the_history_tells_its_changes_in_words(sara: Browser, client: str, keys: tuple[str, str]) -> None:
    saved = sara.post(client, at=f"{client}/edit", version="1", **{keys[0]: "south"})
    assert saved.status_code == 303
    history = sara.get(f"{client}/history").text
    assert "Sales region" in history and "North" in history and "South" in history
    sara.post(client, at=f"{client}/edit", version="2", **{keys[0]: "north"})


def test_a_link_of_its_own_shows_on_both_sides(sara: Browser, client: str, keys: tuple[str, str]) -> None:
    person = sara.post("/contacts", at="/contacts/new", last_name="Kazemi").headers["location"]
    sara.post(client, at=f"{client}/edit", version="3", **{keys[1]: person.rsplit("/", 1)[1]})
    assert "Kazemi" in sara.get(client).text
    assert "Pars Steel" in sara.get(f"{person}/related/accounts_{keys[1]}").text
    assert "Partner" in sara.get(person).text


def test_the_api_reads_writes_and_describes_it(sara: Browser, client: str, keys: tuple[str, str]) -> None:
    page = sara.post("/settings/tokens", at="/settings/tokens", name="custom", scope="write")
    secret = re.search(r"<code>([^<…]+)</code>", page.text)
    assert secret
    bearer = {"authorization": f"Bearer {secret[1]}"}
    record: dict[str, Any] = sara.http.get(f"/api/v1{client}", headers=bearer).json()
    assert record[keys[0]] == "north"
    changed = sara.http.patch(f"/api/v1{client}", json={keys[0]: "south", "version": record["version"]}, headers=bearer)
    assert changed.json()[keys[0]] == "south"
    wrong = sara.http.patch(
        f"/api/v1{client}", json={keys[0]: "west", "version": changed.json()["version"]}, headers=bearer
    )
    assert wrong.status_code == 422 and keys[0] in wrong.json()["errors"]
    schema = sara.http.get("/api/openapi.json", headers=bearer).json()["components"]["schemas"]["accounts"]
    assert schema["properties"][keys[0]]["enum"] == ["north", "south"]
    assert schema["properties"]["industry"]["title"] == "Line of business"


def test_sec_09_other_companies_know_nothing_of_it(site: Site, keys: tuple[str, str]) -> None:
    other = site.browser("northwind")
    form = other.get("/accounts/new").text
    assert "Sales region" not in form and "Industry" in form
    assert other.get(f"/accounts?filter[{keys[0]}]=south").status_code == 422
