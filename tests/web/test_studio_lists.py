"""An administrator makes an option list the company's own: everywhere the product offers it, at once, and nowhere else."""

import re

import pytest

from tests.installation import Installation
from tests.isolation.people import hire
from tests.site import Browser, Site
from tests.tailored import administrator, open_company

SLUG = "atelier"
LIST = "/admin/studio/lists"
FIELD = re.compile(r'<input[^>]* name="([^"]+)"(?: value="([^"]*)")?[^>]*>')
CHOSEN = re.compile(r'<select class="input[^"]*" name="([^"]+)".*?</select>', re.S)


@pytest.fixture(scope="module")
def sara(site: Site, installation: Installation) -> Browser:
    open_company(installation, SLUG)
    return administrator(site, SLUG)


def form(browser: Browser, name: str) -> dict[str, list[str]]:
    """The list's form as a browser would post it untouched."""
    text = browser.get(f"{LIST}/{name}").text.partition('<form class="stack s4"')[2].partition("</form>")[0]
    fields: dict[str, list[str]] = {}
    for found in FIELD.finditer(text):
        tag, key = found[0], found[1]
        if 'type="checkbox"' not in tag or (" checked" in tag and " disabled" not in tag):
            fields.setdefault(key, []).append(found[2] or "")
    for select in CHOSEN.finditer(text):
        chosen = re.search(r'<option value="([^"]*)" selected', select[0]) or re.search(r'value="([^"]*)"', select[0])
        fields[select[1]] = [chosen[1] if chosen else ""]
    return fields


def save(browser: Browser, name: str, **changed: str | list[str]) -> int:
    return browser.post(f"{LIST}/{name}", at=f"{LIST}/{name}", **{**form(browser, name), **changed}).status_code


def test_every_list_of_choices_is_there(sara: Browser) -> None:
    page = sara.get(LIST).text
    assert f"{LIST}/lead_source" in page and f"{LIST}/sales_stage" in page and f"{LIST}/queue_state" not in page
    found = sara.get(f"{LIST}?q=lead+source").text
    assert f"{LIST}/lead_source" in found and f"{LIST}/sales_stage" not in found
    assert sara.get(f"{LIST}/nothing").status_code == 404


def test_a_new_value_is_offered_everywhere_at_once(sara: Browser) -> None:
    added = {"new-1.fa": "رویداد محلی", "new-1.en": "Local event", "new-1.active": "1"}
    assert save(sara, "lead_source", **added) == 303
    assert "Local event" in sara.get("/leads/new").text and "Local event" in sara.get("/contacts/new").text
    made = sara.post("/leads", at="/leads/new", last_name="Kazemi", lead_source="local_event")
    assert made.status_code == 303
    assert "Local event" in sara.get(made.headers["location"]).text
    assert "Kazemi" in sara.get("/leads?filter[lead_source]=local_event").text
    named = sara.post("/leads", at="/leads/new", last_name="Sadeghi", lead_source="رویداد محلی")
    assert "Local event" in sara.get(named.headers["location"]).text, "named in either language"


def test_a_renamed_value_is_understood_by_its_new_name(sara: Browser) -> None:
    assert save(sara, "industry", **{"banking.en": "Banks", "banking.fa": "بانک‌ها"}) == 303
    form = sara.get("/accounts/new").text
    assert ">Banks<" in form and ">Banking<" not in form
    made = sara.post("/accounts", at="/accounts/new", name="Mellat", industry="Banks")
    assert made.status_code == 303
    assert "Banks" in sara.get(made.headers["location"]).text


def test_the_order_is_the_lists_own_also_without_script(sara: Browser) -> None:
    assert save(sara, "rating", move="up.cold") == 303
    assert keys(sara, "rating") == ["hot", "cold", "warm"]
    assert save(sara, "rating", place=["cold", "hot", "warm"]) == 303
    assert keys(sara, "rating") == ["cold", "hot", "warm"]


def keys(browser: Browser, name: str) -> list[str]:
    return [key for key in form(browser, name)["place"] if not key.startswith("new-")]


def test_what_is_out_of_use_stays_readable(sara: Browser) -> None:
    made = sara.post("/accounts", at="/accounts/new", name="Ardabil Press", account_type="press")
    fields = form(sara, "account_type")
    del fields["press.active"]
    assert sara.post(f"{LIST}/account_type", at=LIST, **fields).status_code == 303
    assert 'value="press"' not in sara.get("/accounts/new").text
    assert "Press" in sara.get(made.headers["location"]).text
    edit = sara.get(f"{made.headers['location']}/edit").text
    assert 'value="press" selected' in edit


def test_what_the_product_works_with_stays(sara: Browser) -> None:
    fields = form(sara, "sales_stage")
    gone = {name: value for name, value in fields.items() if not name.startswith(("closed_won.", "prospecting."))}
    gone["place"] = [place for place in fields["place"] if place != "closed_won"]
    assert sara.post(f"{LIST}/sales_stage", at=LIST, **gone).status_code == 303
    form_ = sara.get("/opportunities/new").text
    assert 'value="closed_won"' in form_ and 'value="prospecting"' in form_
    assert 'name="new-1.fa"' not in sara.get(f"{LIST}/user_status").text


def test_a_stage_of_its_own_has_its_weight_and_its_lane(sara: Browser) -> None:
    added = {"new-1.fa": "پایلوت", "new-1.en": "Pilot", "new-1.active": "1", "new-1.weight": "۵۵", "new-1.kind": "open"}
    assert save(sara, "sales_stage", **added) == 303
    assert "Pilot" in sara.get("/opportunities?mode=board").text
    assert save(sara, "sales_stage", **{"pilot.weight": "130"}) == 422


def test_a_name_that_is_taken_is_refused_beside_it(sara: Browser) -> None:
    added = {"new-1.fa": "گرم", "new-1.en": "Hot", "new-1.active": "1"}
    refused = sara.post(f"{LIST}/rating", at=f"{LIST}/rating", **{**form(sara, "rating"), **added})
    assert refused.status_code == 422 and 'aria-invalid="true"' in refused.text and 'value="Hot"' in refused.text


def test_used_values_are_never_removed_and_unused_are(sara: Browser) -> None:
    added = {"new-1.en": "Held", "new-2.en": "Free", "new-1.active": "1", "new-2.active": "1"}
    assert save(sara, "account_type", **added) == 303
    sara.post("/accounts", at="/accounts/new", name="Holder", account_type="held")
    assert save(sara, "account_type", remove="held") == 422
    assert save(sara, "account_type", remove="free") == 303
    assert "held" in keys(sara, "account_type") and "free" not in keys(sara, "account_type")
    assert save(sara, "account_type", remove="customer") == 422


def test_reset_keeps_what_records_hold(sara: Browser) -> None:
    assert save(sara, "account_type", reset="1") == 303
    shown = form(sara, "account_type")
    assert keys(sara, "account_type")[-1] == "held" and "held.active" not in shown and "press.active" in shown


def test_a_change_is_noted_and_undone(sara: Browser) -> None:
    before = keys(sara, "case_priority")
    assert save(sara, "case_priority", move="down.urgent") == 303
    page = sara.get("/admin/studio/changes").text
    undo = re.search(r"/admin/studio/changes/([0-9a-f-]{36})/undo", page)
    assert undo and "Priority" in page
    assert sara.post(undo[0], at="/admin/studio/changes").status_code == 303
    assert keys(sara, "case_priority") == before
    sara.post(undo[0], at="/admin/studio/changes")
    assert keys(sara, "case_priority") == before, "an older change is no longer undone"


def test_undoing_keeps_a_value_that_records_hold_out_of_use(sara: Browser) -> None:
    added = {"new-1.en": "Gripped", "new-2.en": "Loose", "new-1.active": "1", "new-2.active": "1"}
    assert save(sara, "industry", **added) == 303
    made = sara.post("/accounts", at="/accounts/new", name="Gripper", industry="gripped")
    undo = re.search(r"/admin/studio/changes/[0-9a-f-]{36}/undo", sara.get("/admin/studio/changes").text)
    assert undo and sara.post(undo[0], at="/admin/studio/changes").status_code == 303
    assert "gripped" in keys(sara, "industry") and "loose" not in keys(sara, "industry")
    assert "gripped.active" not in form(sara, "industry")
    assert "Gripped" in sara.get(made.headers["location"]).text and "Gripped" not in sara.get("/accounts/new").text


def test_who_was_overtaken_is_told(sara: Browser) -> None:
    old = form(sara, "gender")
    assert save(sara, "gender", **{"other.en": "Another"}) == 303
    late = sara.post(f"{LIST}/gender", at=LIST, **{**old, "female.en": "Woman"})
    assert late.status_code == 422 and "meantime" in late.text


def test_sec_01_other_companies_know_nothing_of_it(site: Site, sara: Browser) -> None:
    save(sara, "lead_source", **{"email.en": "Only ours"})
    assert "Only ours" in sara.get("/leads/new").text
    assert "Only ours" not in site.browser("northwind").get("/leads/new").text


def test_sec_03_without_the_right_nobody_customises(site: Site) -> None:
    reader = hire(site, "anybody").browser
    for page in (LIST, f"{LIST}/rating", "/admin/studio/changes"):
        assert reader.get(page).status_code == 403
    assert reader.post(f"{LIST}/rating", move="up.cold").status_code == 403
