"""Guests chosen in the form of an event that is not there yet: brought by the one save, with and without a script."""

from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from .conftest import Browser, Site
from .test_calendar_choices import fragment
from .test_guests import TOMORROW, answer_of, contact, mails, meeting
from .test_sending_api import Client

__all__ = ["mails"]
FORM = {
    "starts_at": f"{TOMORROW:%Y-%m-%d}", "starts_at.time": "10:00", "duration": "60", "status": "planned",
    "meeting_type": "in_person",
}  # fmt: skip


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser("northwind")


def test_s_10_guests_chosen_in_the_form_come_with_the_save_and_are_invited(anna: Browser, mails) -> None:
    first, second = contact(anna, "Farnaz"), contact(anna, "Golnar")
    path = meeting(anna, "Chosen before", guest=[f"contacts:{first}", f"contacts:{second}"], then="invite")
    assert {answer_of(anna, path, name) for name in ("Farnaz", "Golnar")} == {"No answer"}
    assert {mail["to"] for mail in mails(2)} == {"farnaz@customer.example", "golnar@customer.example"}


def test_without_a_script_the_form_comes_back_with_whom_it_names(anna: Browser) -> None:
    contact(anna, "Homayoun")
    asked = {**FORM, "name": "By hand", "guest_kind": "contacts", "guest_pick.label": "Homayoun", "add": "1"}
    page = anna.post("/meetings/new/guests", at="/meetings/new", **asked)
    assert page.status_code == 200
    assert 'value="By hand"' in page.text and "<bdi>Homayoun</bdi>" in page.text
    chosen = page.text.split('name="guest" value="')[1].split('"')[0]
    left_out = anna.post("/meetings/new/guests", at="/meetings/new", **FORM, guest=chosen, without=chosen).text
    assert "<bdi>Homayoun</bdi>" not in left_out
    nobody = anna.post("/meetings/new/guests", at="/meetings/new", **{**asked, "guest_pick.label": "No Such Person"})
    assert 'id="guest-pick-d"' in nobody.text


def test_the_form_says_who_is_busy_then(anna: Browser) -> None:
    meeting(anna, "Long before", **{"starts_at.time": "22:00"})
    grid = anna.post("/meetings/new/guests", at="/meetings/new", **{**FORM, "starts_at.time": "22:30"}).text
    assert "fb-busy" in grid and "Busy at that time" in grid and "Long before" not in grid


def test_a_series_has_the_chosen_guests_throughout(anna: Browser) -> None:
    guest = contact(anna, "Iraj")
    path = meeting(anna, "Weekly with Iraj", guest=f"contacts:{guest}", repeat="weekly", repeat_count="3")
    assert anna.get(f"{path}/guests?occurrences=all").text.count("<bdi>Iraj</bdi>") == 1
    assert anna.get(f"/contacts/{guest}/related/invited_meetings").text.count("Weekly with Iraj") >= 3


@pytest.mark.parametrize("guest", [f"contacts:{UUID(int=5)}", "contacts:x", "accounts:x"])
def test_sec_04_nobody_is_brought_who_is_out_of_reach(anna: Browser, guest: str) -> None:
    made = anna.post("/meetings", at="/meetings/new", **FORM, name="Nobody's", guest=guest)
    assert made.status_code == (422 if str(UUID(int=5)) in guest else 303)


def test_s_10_what_follows_a_cancellation_is_newer_than_it(anna: Browser, mails) -> None:
    path, guest = meeting(anna, "On and off"), contact(anna, "Jamshid")
    facts = {"people": "contacts", "guest": guest}
    numbers: list[int] = []
    for step in ("", "/invite", "/remove", "", "/invite", "/remove"):
        assert anna.post(f"{path}/guests{step}", **facts).status_code == 303
        if step:
            [event] = Calendar.from_ical(mails(1)[0]["calendar"]["text"]).walk("VEVENT")
            numbers.append(int(event["sequence"]))
    assert numbers == sorted(numbers) and numbers[2] >= numbers[1] > numbers[0] and numbers[3] > numbers[2]


def test_s_10_the_next_time_when_everybody_is_free_comes_into_the_form(anna: Browser) -> None:
    asked = {**FORM, "starts_at": "2031-03-05"}
    meeting(anna, "In the way", **asked)
    page = anna.post("/meetings/new/guests", at="/meetings/new", **asked, name="Somewhen", find="1")
    assert page.status_code == 200
    assert 'value="Somewhen"' in page.text
    assert "Everybody is free at this time." in page.text
    assert 'value="11:00"' in page.text
    path = meeting(anna, "Later", **asked)
    moved = anna.get(f"{path}/reschedule?next=free").text
    assert "Everybody is free at this time." in moved
    assert 'value="11:00"' in moved
    assert anna.post(path, at=f"{path}/edit", **{**asked, "name": "Later", "duration": "90"}).status_code == 303
    assert "1 hour 30 minutes" in anna.get(f"{path}/history").text


def test_s_10_guests_come_along_from_the_calendars_short_form(anna: Browser, mails) -> None:
    guest = contact(anna, "Kaveh")
    short = {**FORM, "kind": "meetings", "name": "Briefly", "guest": f"contacts:{guest}"}
    asked = fragment(anna, "/calendar/new?kind=meetings")
    assert 'id="new-guests"' in asked
    assert 'value="calendar-quick"' in asked
    full = anna.post("/calendar/new", at="/calendar", **short, then="full").headers["location"]
    assert f"guest=contacts%3A{guest}" in full
    made = anna.post("/calendar/new", at="/calendar", **short, then="invite")
    assert made.status_code == 303, made.text
    assert [mail["to"] for mail in mails(1)] == ["kaveh@customer.example"]


def test_a_program_names_guests_and_invites_them(site: Site, mails) -> None:
    client = Client(site)
    who = client.made("contacts", last_name="Jaleh", emails=[{"address": "jaleh@customer.example", "primary": True}])
    event = client.made("meetings", name="By program", starts_at=f"{TOMORROW:%Y-%m-%d}T10:00:00Z", duration=3600)
    assert client.post(f"meetings/{event}/actions/invite").status_code == 409
    assert client.post(f"meetings/{event}/guest_contacts", {"ids": [who]}).status_code == 204
    assert client.post(f"meetings/{event}/actions/invite").json() == {"invited": 1}
    assert [mail["to"] for mail in mails(1)] == ["jaleh@customer.example"]
    assert client.post(f"tasks/{event}/actions/invite").status_code == 404


def rows(client: Client, path: str) -> list[dict[str, Any]]:
    return client.browser.http.get(f"/api/v1/{path}", headers=client.headers).json()["items"]


def test_s_10_a_program_creates_an_event_with_its_guests_by_the_rules_of_the_page(site: Site, mails) -> None:
    client = Client(site)
    who = client.made("contacts", last_name="Mahin", emails=[{"address": "mahin@customer.example", "primary": True}])
    facts = {"starts_at": f"{TOMORROW:%Y-%m-%d}T10:00:00Z", "duration": 3600}
    named = [{"module": "contacts", "id": who}, {"address": "mahin@customer.example"}]
    event = client.made(
        "meetings", name="Both by body", **facts, guests=[*named, {"address": "Far Stranger <far@else.example>"}]
    )
    assert [row["id"] for row in rows(client, f"meetings/{event}/guest_contacts")] == [who]
    strangers = rows(client, f"meetings/{event}/guest_invitees")
    assert [row["name"] for row in strangers] == ["Far Stranger"]
    assert client.post(f"meetings/{event}/actions/invite").json() == {"invited": 2}
    assert {mail["to"] for mail in mails(2)} == {"mahin@customer.example", "far@else.example"}
    weekly = client.made("calls", name="By body weekly", **facts, repeat="weekly", repeat_count=3, guests=named)
    calls = rows(client, f"contacts/{who}/invited_calls")
    assert len(calls) >= 3 and weekly in {row["id"] for row in calls}
    document = client.browser.http.get("/api/openapi.json", headers=client.headers).json()["paths"]
    for module, offered in (("meetings", True), ("calls", True), ("tasks", False)):
        schema = document[f"/api/v1/{module}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert ("guests" in str(schema)) == offered, module


@pytest.mark.parametrize(
    "guests",
    [
        "x",
        [{"module": "contacts", "id": str(UUID(int=5))}],
        [{"module": "accounts", "id": str(UUID(int=5))}],
        [{"address": "no@"}],
        [{}],
        [{"address": "a@else.example", "required": True}],
    ],
)
def test_sec_04_a_program_brings_nobody_who_is_out_of_reach(site: Site, guests: object) -> None:
    client = Client(site)
    facts = {"starts_at": f"{TOMORROW:%Y-%m-%d}T10:00:00Z", "duration": 3600}
    refused = client.post("meetings", {"name": "Nobody by body", **facts, "guests": guests})
    assert refused.status_code == 422 and "guests" in refused.json()["errors"], refused.text
    assert client.post("tasks", {"name": "None", "guests": []}).status_code == 422
    assert not rows(client, "meetings?q=Nobody by body")


def test_s_10_somebody_is_invited_by_his_address_alone(anna: Browser, mails) -> None:
    typed = {"guest_kind": "contacts", "guest_pick.label": "Stranger Else <stranger@else.example>"}
    shown = anna.post("/meetings/new/guests", at="/meetings/new", **FORM, **typed, name="Soon", add="1").text
    assert "<bdi>Stranger Else</bdi>" in shown
    path = meeting(anna, "With a stranger", **typed, then="invite")
    assert [mail["to"] for mail in mails(1)] == ["stranger@else.example"]
    assert answer_of(anna, path, "Stranger Else") == "No answer"
    known = contact(anna, "Laleh")
    added = {"people": "contacts", "guest.label": "laleh@customer.example"}
    assert anna.post(f"{path}/guests", **added).status_code == 303
    page = anna.get(f"{path}/guests").text
    assert f'href="/contacts/{known}"' in page
    assert page.count('href="/invitees/') == 1
    assert anna.post(f"{path}/guests", people="contacts", **{"guest.label": "no@"}).status_code == 422
