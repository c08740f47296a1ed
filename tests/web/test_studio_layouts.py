"""An administrator arranges a module's form, page and list for everybody; what a record needs is never lost."""

import re

import pytest

from tests.installation import Installation
from tests.site import Browser, Site
from tests.tailored import administrator, open_company

SLUG = "arrangers"
PAGE = "/admin/studio/modules/accounts/layout"
INPUT = re.compile(r'<input type="(hidden|checkbox)"[^>]* name="([^"]+)" value="([^"]*)"([^>]*)>')
TITLE = re.compile(r'<input class="input" name="(group:[^"]+)" value="([^"]*)"')


@pytest.fixture(scope="module")
def sara(site: Site, installation: Installation) -> Browser:
    open_company(installation, SLUG)
    return administrator(site, SLUG)


def form(browser: Browser) -> dict[str, list[str]]:
    """The form as a browser would post it untouched."""
    text = browser.get(PAGE).text.partition('<form class="stack s4"')[2].partition("</form>")[0]
    text = text.replace('class="check" type="checkbox"', 'type="checkbox"').replace(' class="check"', "")
    fields: dict[str, list[str]] = {}
    for kind, name, value, rest in INPUT.findall(text):
        if kind == "hidden" or "checked" in rest:
            fields.setdefault(name, []).append(value)
    return {**fields, **{name: [value] for name, value in TITLE.findall(text)}}


def save(browser: Browser, **changed: str | list[str]) -> int:
    return browser.post(PAGE, at=PAGE, **{**form(browser), **changed}).status_code


def test_saving_it_untouched_keeps_the_products_layout(sara: Browser) -> None:
    assert save(sara) == 303
    assert "Own layout" not in sara.get(PAGE).text


def test_fields_and_groups_stand_where_they_are_put(sara: Browser) -> None:
    places = form(sara)["place"]
    assert "field:website" in places and places.index("field:website") < places.index("rest")
    moved = [place for place in places if place not in ("field:website", "field:industry")]
    moved = [*moved[:-1], moved[-1], "field:website"] if moved[-1] == "rest" else [*moved, "field:website"]
    at = moved.index("group:new") + 1
    moved[at:at] = ["field:industry"]
    assert save(sara, place=moved, **{"group:new:en": "Market", "group:new:fa": "بازار"}) == 303
    page = sara.get("/accounts/new").text
    assert 'name="website"' not in page and ">Market<" in page
    assert page.index(">Market<") < page.index('name="industry"')
    assert "Own layout" in sara.get(PAGE).text


def test_what_a_record_needs_is_never_lost(sara: Browser) -> None:
    without = [place for place in form(sara)["place"] if place != "field:name"]
    assert save(sara, place=without) == 303
    assert 'name="name"' in sara.get("/accounts/new").text
    assert save(sara, place=[]) == 422


def test_the_list_begins_with_the_chosen_columns(sara: Browser) -> None:
    assert save(sara, column=["website", "name"]) == 303
    sara.post("/accounts", at="/accounts/new", name="In the list")
    head = sara.get("/accounts").text.partition("<thead")[2].partition("</thead>")[0]
    assert head.index("Website") < head.index("Account name") and "Industry" not in head


def test_related_records_are_ordered_and_hidden(sara: Browser) -> None:
    account = sara.post("/accounts", at="/accounts/new", name="Beside").headers["location"]
    before = form(sara)
    order = before["relation_order"][::-1]
    shown = [key for key in order if key != "contacts"]
    assert save(sara, relation_order=order, relation=shown) == 303
    page = sara.get(account).text
    assert "/related/contacts" not in page
    assert page.index(f"/related/{shown[0]}") < page.index(f"/related/{shown[1]}")


def test_without_script_a_button_moves_one_place(sara: Browser) -> None:
    places = [place for place in form(sara)["place"] if place != "group:new"]
    assert save(sara, place=places, move=f"down {places[1]}") == 303
    after = [place for place in form(sara)["place"] if place != "group:new"]
    assert after[1:3] == [places[2], places[1]]


def test_reset_brings_the_products_layout_back(sara: Browser) -> None:
    assert save(sara, reset="1") == 303
    assert "Own layout" not in sara.get(PAGE).text and 'name="website"' in sara.get("/accounts/new").text
    assert "Layout: Accounts" in sara.get("/admin/studio/changes").text


def test_the_short_form_and_what_a_choice_shows_are_the_companys_own(sara: Browser) -> None:
    before = form(sara)
    assert {"name", "website"} <= set(before["quick"]) and "account_type" in before["picker"]
    assert save(sara, quick=["industry", "website"], picker=["phone_office"]) == 303
    after = form(sara)
    assert after["quick"] == ["industry", "website", "name"], "what a record needs is asked whatever is ticked"
    assert after["picker"] == ["phone_office"] and "Own layout" in sara.get(PAGE).text
    member = sara.post("/accounts", at="/accounts/new", name="Parent firm").headers["location"]
    short = sara.http.get(f"{member}/related/members/new", headers={"hx-request": "true"}).text
    assert 'name="industry"' in short and 'name="name"' in short and 'name="phone_office"' not in short
    assert sara.post(PAGE, at=PAGE, reset="1", seen=form(sara)["seen"][0]).status_code == 303
    assert form(sara)["quick"] == before["quick"]
