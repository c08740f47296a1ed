"""The first page of the administration and the company's own choices: who finds what there, and whom a choice reaches."""

from uuid import uuid4

from tests.isolation.people import connect, hire
from tests.site import Site

TENANT = "northwind"
COMPANY = "/admin/organisation"
READING = {"language": "en", "digits": "latin", "money_unit": "", "name_order": "given_family", "time_24h": "1"}


def test_sec_37_everybody_finds_the_places_his_rights_open(site: Site) -> None:
    clerk, reader = (hire(site, "reader", f"{name}-{uuid4()}") for name in ("clerk", "reader"))
    with connect(site) as owner:
        owner.execute("UPDATE role SET specials = '{manage_roles}' WHERE name = %s", (clerk.name,))
    page = clerk.browser.get("/admin").text
    assert 'href="/admin/roles"' in page
    assert 'href="/admin/people"' not in page
    assert 'href="/admin"' in clerk.browser.get("/").text, "the way there stands in his menu"
    assert clerk.browser.get(COMPANY).status_code == 403
    assert reader.browser.get("/admin").status_code == 403
    assert 'href="/admin"' not in reader.browser.get("/").text


def test_a_place_is_found_by_what_it_is_about(site: Site) -> None:
    anna = site.browser(TENANT)
    found = anna.get("/admin?q=trash").text
    assert 'class="card door" href="/admin/keeping"' in found
    assert 'class="card door" href="/admin/roles"' not in found
    assert 'class="card door"' not in anna.get("/admin?q=nothing-is-called-so").text
    assert 'href="/admin/roles"' in anna.get("/palette?q=roles").text


def test_the_companys_choice_reaches_who_has_not_chosen_and_is_in_the_audit(site: Site) -> None:
    anna, reader, chooser = site.browser(TENANT), *(hire(site, "reader", f"reader-{uuid4()}") for _ in range(2))
    chooser.browser.post("/settings", at="/settings", time_zone="Asia/Dubai", language="en")
    with connect(site) as owner:
        [[before]] = owner.execute("SELECT value::text FROM setting WHERE key = 'locale'").fetchall()
    try:
        saved = anna.post(COMPANY, at=COMPANY, time_zone="Europe/Berlin", week_start="5", calendar="jalali", **READING)
        assert saved.status_code == 303
        assert 'value="Europe/Berlin" selected' in reader.browser.get("/settings").text
        assert 'value="jalali" selected' in reader.browser.get("/settings").text
        assert 'value="Asia/Dubai" selected' in chooser.browser.get("/settings").text
        assert anna.post(COMPANY, at=COMPANY, time_zone="Nowhere/Land", **READING).status_code == 422
        with connect(site) as owner:
            [[changes]] = owner.execute(
                "SELECT changes FROM audit_event WHERE module = 'settings' AND action = 'locale' ORDER BY id DESC LIMIT 1"
            ).fetchall()
        assert changes["after"]["time_zone"] == "Europe/Berlin"
    finally:
        with connect(site) as owner:
            owner.execute("UPDATE setting SET value = %s::jsonb WHERE key = 'locale'", (before,))
