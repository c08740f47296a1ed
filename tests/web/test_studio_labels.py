"""An administrator words a module and its fields: menus, buttons, forms and lists say it, at once and to nobody else."""

import re

import pytest

from tests.installation import Installation
from tests.site import Browser, Site
from tests.tailored import administrator, open_company

SLUG = "wordsmiths"
PAGE = "/admin/studio/modules/contacts/labels"
SEEN = re.compile(r'name="seen" value="([^"]+)"')


@pytest.fixture(scope="module")
def sara(site: Site, installation: Installation) -> Browser:
    open_company(installation, SLUG)
    return administrator(site, SLUG)


def save(browser: Browser, **words: str) -> int:
    seen = SEEN.search(browser.get(PAGE).text)
    assert seen
    return browser.post(PAGE, at=PAGE, seen=seen[1], **words).status_code


def test_a_module_and_its_fields_are_called_otherwise_everywhere(sara: Browser) -> None:
    assert "/admin/studio/modules/contacts/labels" in sara.get("/admin/studio").text
    words = {"module:en.one": "Patient", "module:en.many": "Patients", "title:en": "Profession"}
    assert save(sara, **words) == 303
    listed = sara.get("/contacts").text
    assert "<h1>Patients" in listed and "New Patient" in listed and ">Contacts<" not in listed
    form = sara.get("/contacts/new").text
    assert "Profession" in form and "New Patient" in form
    assert "Profession" in sara.get("/contacts/export?format=csv").text
    account = sara.post("/accounts", at="/accounts/new", name="Clinic").headers["location"]
    page = sara.get(account).text
    assert "Patients" in page and ">Contacts<" not in page
    assert "Originally: Contacts" in sara.get(PAGE).text


def test_what_is_emptied_or_reset_is_the_products_again(sara: Browser) -> None:
    assert save(sara, **{"module:en.many": "Patients", "title:en": ""}) == 303
    assert "Profession" not in sara.get("/contacts/new").text
    assert save(sara, reset="1") == 303
    assert "Patients" not in sara.get("/contacts").text


def test_two_fields_may_not_be_called_alike(sara: Browser) -> None:
    seen = SEEN.search(sara.get(PAGE).text)
    assert seen
    refused = sara.post(PAGE, at=PAGE, seen=seen[1], **{"department:en": "Title", "title:en": "Title"})
    assert refused.status_code == 422 and 'aria-invalid="true"' in refused.text
    assert save(sara, **{"title:en": "{name.__class__}"}) == 422


def test_sec_01_other_companies_keep_their_words(site: Site, sara: Browser) -> None:
    assert save(sara, **{"module:en.many": "Guests of honour"}) == 303
    assert "Guests of honour" in sara.get("/contacts").text
    assert "Guests of honour" not in site.browser("northwind").get("/contacts").text


def test_the_menu_is_ordered_and_a_module_leaves_it(sara: Browser) -> None:
    page = "/admin/studio/menu"

    def menu() -> list[str]:
        nav = sara.get("/").text.partition('<nav class="nav"')[2].partition("</nav>")[0]
        return re.findall(r'href="/([a-z_]+)"', nav)

    usual = menu()
    offered = re.findall(r'name="offered" value="([a-z_]+)"', sara.get(page).text)
    assert {"leads", "accounts", "tasks", "users"} <= set(offered)
    seen = re.search(r'name="seen" value="([^"]*)"', sara.get(page).text)
    assert seen
    chosen = ["accounts", *(key for key in offered if key not in ("accounts", "targets"))]
    assert sara.post(page, at=page, seen=seen[1], offered=offered, module=chosen).status_code == 303
    mine = menu()
    assert (
        "targets" not in mine and mine.index("accounts") < mine.index("leads") and set(usual) - set(mine) == {"targets"}
    )
    assert sara.get("/targets").status_code == 200 and 'href="/targets/new"' not in sara.get("/palette?q=targets").text
    assert "/admin/studio/modules/targets/labels" in sara.get("/admin/studio").text
    assert sara.post(page, at=page, seen=seen[1], offered=offered, module=offered).status_code == 422, (
        "it changed since"
    )
    changes = sara.get("/admin/studio/changes").text
    undo = re.search(r"/admin/studio/changes/([0-9a-f-]{36})/undo", changes)
    assert undo and sara.post(undo[0], at="/admin/studio/changes").status_code == 303
    assert menu() == usual
