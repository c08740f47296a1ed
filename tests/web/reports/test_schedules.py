"""Schedules of reports as people make them, and who may have what sent to whom."""

import re
from typing import Any
from uuid import uuid4

import httpx2 as httpx
import pytest

from crm_domain.reports.question import Question
from tests.isolation.people import Person, api_client, connect, hire, token_of
from tests.site import Browser, Site
from tests.web.reports.asking import TENANT, made

LIST = Question(base="opportunities", columns=("name",))
FORM: dict[str, str | list[str]] = {
    "every": "month",
    "weekday": "0",
    "month_day": "1",
    "time": "08:00",
    "zone": "Asia/Tehran",
    "form": ["pdf", "xlsx"],
    "to_me": "1",
}
CHANGE = re.compile(r'href="[^"]*\?change=([0-9a-f-]{36})#schedule"')


def people_of(site: Site, report: str, tenant: str = TENANT) -> list[Any]:
    with connect(site, tenant) as owner:
        rows = owner.execute("SELECT people FROM report_schedule WHERE report_id = %s ORDER BY created_at", (report,))
        return [row[0] for row in rows]


def posted(browser: Browser, at: str, path: str = "", **fields: str | list[str]) -> httpx.Response:
    return browser.post(f"{at}{path}", at=at, **fields)


@pytest.mark.parametrize("company", ["northwind", "pishro"])
def test_40_a_schedule_is_made_changed_paused_and_deleted(site: Site, company: str) -> None:
    client, browser = api_client(site, company, token_of(site, company, "admin")), site.browser(company)
    report = made(client, LIST)
    at = f"/reports/{report}/schedules"
    assert f'href="{at}"' in browser.get(f"/reports/{report}").text
    with connect(site, company) as owner:
        [role] = owner.execute("SELECT id::text FROM role WHERE shipped = 'sales_rep'").fetchone() or [""]
    kept = posted(browser, at, **{**FORM, "role": role, "addresses": "partner@y.example"})
    assert kept.headers["location"] == at, kept.text
    [people] = people_of(site, report, company)
    assert people["roles"] == [role] and people["addresses"] == ["partner@y.example"] and len(people["users"]) == 1
    page = browser.get(at).text
    found = CHANGE.search(page)
    assert found and "partner@y.example" in page and "reports.schedule" not in page.partition("<main")[2]
    id_ = found[1]
    assert 'value="08:00"' in browser.get(f"{at}?change={id_}").text
    changed = posted(browser, at, f"/{id_}", **{**FORM, "every": "workday", "time": "17:30", "form": "csv"})
    assert changed.headers["location"] == at
    assert people_of(site, report, company) == [{"users": people["users"]}]
    assert posted(browser, at, f"/{id_}/pause", paused="1").headers["location"] == at
    with connect(site, company) as owner:
        state = owner.execute("SELECT paused, every, minute FROM report_schedule WHERE id = %s", (id_,)).fetchone()
    assert state == (True, "workday", 1050)
    posted(browser, at, f"/{id_}/pause", paused="0")
    posted(browser, at, f"/{id_}/drop")
    assert people_of(site, report, company) == []
    history = browser.get(f"/reports/{report}/history").text
    assert "schedule_" not in history.partition("<main")[2] and "partner@y.example" in history


def test_sec_37_others_get_a_report_only_from_who_may_change_it(site: Site, api: httpx.Client, seller: Person) -> None:
    report = made(api, LIST)
    at = f"/reports/{report}/schedules"
    admin = site.browser(TENANT)
    assert posted(admin, at, **FORM).status_code == 303
    page = seller.browser.get(at).text
    assert CHANGE.search(page) is None and 'name="role"' not in page and 'name="addresses"' not in page
    with connect(site) as owner:
        [role] = owner.execute("SELECT id::text FROM role LIMIT 1").fetchone() or [""]
        [theirs] = owner.execute("SELECT id FROM report_schedule WHERE report_id = %s", (report,)).fetchone() or [""]
    kept = posted(seller.browser, at, **{**FORM, "role": role, "addresses": "friend@z.example"})
    assert kept.status_code == 303
    assert people_of(site, report)[1] == {"users": [str(seller.id)]}
    for path in (f"/{theirs}", f"/{theirs}/pause", f"/{theirs}/drop"):
        assert posted(seller.browser, at, path, **FORM).status_code == 404
    assert seller.browser.get(f"{at}?change={theirs}").status_code == 404
    assert len(people_of(site, report)) == 2


def test_sec_37_addresses_outside_take_a_right_of_their_own(site: Site) -> None:
    person = hire(site, "anybody", f"mailer-{uuid4()}")
    report = made(person.api, LIST)
    at = f"/reports/{report}/schedules"
    assert 'name="addresses"' not in person.browser.get(at).text
    posted(person.browser, at, **FORM, addresses="friend@z.example")
    with connect(site) as owner:
        owner.execute("UPDATE role SET specials = '{mail_reports}' WHERE name = %s", (person.name,))
    assert 'name="addresses"' in person.browser.get(at).text
    posted(person.browser, at, **FORM, addresses="friend@z.example\nother@z.example")
    first, second = people_of(site, report)
    assert "addresses" not in first and second["addresses"] == ["friend@z.example", "other@z.example"]


def test_sec_04_schedules_are_where_their_report_is(site: Site, api: httpx.Client, seller: Person) -> None:
    other = api_client(site, "pishro", token_of(site, "pishro", "admin"))
    secret, theirs = made(api, LIST, private=True), made(other, LIST)
    assert seller.browser.get(f"/reports/{secret}/schedules").status_code == 404
    assert site.browser(TENANT).get(f"/reports/{theirs}/schedules").status_code == 404
    reader = hire(site, "reader", f"reader-{uuid4()}")
    assert reader.browser.get(f"/reports/{made(api, LIST)}/schedules").status_code == 403


WRONG: tuple[dict[str, str | list[str]], ...] = (
    {"month_day": "0"},
    {"month_day": "32"},
    {"every": "week", "weekday": "7"},
    {"time": "25:00"},
    {"time": "soon"},
    {"form": []},
    {"to_me": ""},
    {"user": "nobody"},
    {"addresses": "no address"},
    {"addresses": "a@x.example\nb@x.example\r\nBcc: c@x.example"},
)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_makes_no_sense_is_said(site: Site, api: httpx.Client, wrong: dict[str, str | list[str]]) -> None:
    report = made(api, LIST)
    at = f"/reports/{report}/schedules"
    answer = posted(site.browser(TENANT), at, **{**FORM, **wrong})
    assert answer.status_code == 422 and 'class="note bad"' in answer.text
    assert people_of(site, report) == []
