"""An administrator gives a module fields of every kind, changes them, puts them out of use and deletes them for good."""

import re

import pytest

from crm_domain.customising.draft_field import KINDS
from tests.installation import Installation
from tests.site import PASSWORD, Browser, Site
from tests.tailored import administrator, open_company

SLUG = "inventors"
PAGE = "/admin/studio/modules/accounts/fields"


@pytest.fixture(scope="module")
def sara(site: Site, installation: Installation) -> Browser:
    open_company(installation, SLUG)
    return administrator(site, SLUG)


def add(browser: Browser, label: str, kind: str, **more: str) -> str:
    """Adds a field; its key."""
    posted = {"en": label, "kind": kind, "target": "contacts", "values": "Gold\nSilver", **more}
    answer = browser.post(PAGE, at=f"{PAGE}/new", **posted)
    assert answer.status_code == 303, answer.text
    found = re.search(rf'href="{PAGE}/(x_\d+)"><bdi>{label}<', browser.get(PAGE).text)
    assert found
    return found[1]


def test_a_field_of_every_kind_is_on_the_form_at_once(sara: Browser) -> None:
    keys = {kind: add(sara, f"My {kind}", kind) for kind in KINDS}
    form = sara.get("/accounts/new").text
    for kind, key in keys.items():
        assert f'name="{key}"' in form or f'name="{key}.' in form, kind
        assert f"My {kind}" in form
    made = sara.post("/accounts", at="/accounts/new", name="Kinds", **{keys["choice"]: "Gold", keys["integer"]: "12"})
    assert made.status_code == 303
    page = sara.get(made.headers["location"]).text
    assert "Gold" in page and "12" in page


def test_its_values_are_a_list_like_any_other(sara: Browser) -> None:
    key = add(sara, "Medal", "choice", column="1")
    page = f"/admin/studio/lists/accounts_{key}"
    assert "Gold" in sara.get(page).text
    seen = re.search(r'name="seen" value="([^"]+)"', sara.get(page).text)
    assert seen
    values = {"value_1.key": "value_1", "value_1.en": "Platinum", "value_1.fa": "پلاتین", "value_1.active": "1"}
    values |= {"value_2.key": "value_2", "value_2.en": "Silver", "value_2.fa": "نقره", "value_2.active": "1"}
    assert sara.post(page, at=page, seen=seen[1], place=["value_2", "value_1"], **values).status_code == 303
    form = sara.get("/accounts/new").text
    assert form.index(">Silver<") < form.index(">Platinum<")
    assert "Medal" in sara.get("/accounts").text.partition("<thead")[2].partition("</thead>")[0]


def test_it_may_be_called_otherwise_and_be_required(sara: Browser) -> None:
    key = add(sara, "Shirt", "text")
    assert sara.post(f"{PAGE}/{key}", at=f"{PAGE}/{key}", en="Jersey", fa="پیراهن", required="1").status_code == 303
    assert "Jersey" in sara.get("/accounts/new").text
    assert sara.post("/accounts", at="/accounts/new", name="Without").status_code == 422
    assert sara.post("/accounts", at="/accounts/new", name="With", **{key: "10"}).status_code == 303
    assert sara.post(PAGE, at=f"{PAGE}/new", en="Jersey", kind="text").status_code == 422, "another is called so"
    sara.post(f"{PAGE}/{key}", at=f"{PAGE}/{key}", en="Jersey", fa="پیراهن")


def test_out_of_use_it_stands_nowhere_and_comes_back_with_what_it_held(sara: Browser) -> None:
    key = add(sara, "Motto", "text")
    account = sara.post("/accounts", at="/accounts/new", name="Proud", **{key: "Ever onward"}).headers["location"]
    assert sara.post(f"{PAGE}/{key}", at=f"{PAGE}/{key}", active="0").status_code == 303
    assert "Motto" not in sara.get("/accounts/new").text and "Ever onward" not in sara.get(account).text
    assert sara.post(f"{PAGE}/{key}", at=f"{PAGE}/{key}", active="1").status_code == 303
    assert "Ever onward" in sara.get(account).text


def test_a_view_opens_although_its_field_is_gone(sara: Browser) -> None:
    key = add(sara, "Passing", "text")
    kept = sara.post("/accounts/views", at="/accounts", name="Passing ones", **{f"filter[{key}]": "x"})
    assert kept.status_code == 303
    sara.post(f"{PAGE}/{key}", at=f"{PAGE}/{key}", active="0")
    assert sara.get(kept.headers["location"]).status_code == 200


def test_sec_36_deleting_asks_for_the_password_and_says_what_is_lost(sara: Browser) -> None:
    key = add(sara, "Doomed", "money")
    sara.post("/accounts", at="/accounts/new", name="Rich", **{key: "5000"})
    assert sara.post(f"{PAGE}/{key}", at=f"{PAGE}/{key}", active="0").status_code == 303
    assert "1 records hold" in sara.get(f"{PAGE}/{key}").text
    gone = sara.post(f"{PAGE}/{key}/delete", at=f"{PAGE}/{key}")
    if gone.status_code == 403:
        gone = sara.post(f"{PAGE}/{key}/delete", at=f"{PAGE}/{key}", _proof=PASSWORD)
    assert gone.status_code == 303
    assert "Doomed" not in sara.get(PAGE).text and sara.get(f"{PAGE}/{key}").status_code == 404
    assert sara.get("/accounts").status_code == 200
    told = sara.get("/admin/studio/changes").text
    assert "Doomed" in told and "deleted for good" in told


def test_what_is_in_use_is_not_deleted(sara: Browser) -> None:
    key = add(sara, "Needed", "date")
    refused = sara.post(f"{PAGE}/{key}/delete", at=f"{PAGE}/{key}", _proof=PASSWORD)
    assert refused.status_code == 422 and "out of use first" in refused.text


def test_sec_09_other_companies_know_nothing_of_it(site: Site, sara: Browser) -> None:
    add(sara, "Ours alone", "text")
    assert "Ours alone" in sara.get("/accounts/new").text
    assert "Ours alone" not in site.browser("northwind").get("/accounts/new").text
