"""Guests of a meeting: invited by mail with a calendar file, answering by a link, told when it moves or is off."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar

from tests.installation import Installation

from .conftest import Browser, Site

OUTBOX = "SELECT payload FROM {schema}.outbox WHERE subject = 'mail.send' ORDER BY id DESC LIMIT %s"
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).astimezone()


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser("northwind")


def contact(anna: Browser, name: str) -> str:
    made = anna.post(
        "/contacts", at="/contacts/new", last_name=name,
        **{"emails.0.address": f"{name.lower()}@customer.example", "emails.primary": "0"},
    )  # fmt: skip
    assert made.status_code == 303, made.text
    return made.headers["location"].rsplit("/")[-1]


def meeting(anna: Browser, name: str, **more: str) -> str:
    made = anna.post(
        "/meetings", at="/meetings/new",
        **{"name": name, "starts_at": f"{TOMORROW:%Y-%m-%d}", "starts_at.time": "10:00", "duration": "60",
           "status": "planned", "meeting_type": "in_person", "location": "Room 1", **more},
    )  # fmt: skip
    assert made.status_code == 303, made.text
    return made.headers["location"]


@pytest.fixture
def mails(installation: Installation, site: Site):
    import psycopg

    def newest(number: int) -> list[dict]:
        with psycopg.connect(installation.url, autocommit=True) as connection:
            found = connection.execute(OUTBOX.format(schema=site.schemas["northwind"]).encode(), (number,)).fetchall()
        return [payload for (payload,) in found]

    return newest


def invited(anna: Browser, name: str) -> tuple[str, str]:
    path, guest = meeting(anna, f"About {name}"), contact(anna, name)
    assert anna.post(f"{path}/guests", people="contacts", guest=guest).status_code == 303
    assert anna.post(f"{path}/guests/invite").status_code == 303
    return path, guest


def answer_of(anna: Browser, path: str, name: str) -> str:
    page = anna.get(f"{path}/guests").text
    found = re.search(rf"<bdi>{name}</bdi></a><span class=\"badge [a-z]+\">([^<]+)<", page)
    assert found
    return found[1]


def test_an_invitation_carries_a_calendar_file_and_a_link_to_answer(anna: Browser, mails) -> None:
    path, _ = invited(anna, "Karim")
    [mail] = mails(1)
    assert (mail["to"], mail["template"], mail["calendar"]["method"]) == (
        "karim@customer.example", "event_invite", "REQUEST",
    )  # fmt: skip
    [event] = Calendar.from_ical(mail["calendar"]["text"]).walk("VEVENT")
    assert event["uid"] == path.rsplit("/")[-1]
    assert (str(event["summary"]), str(event["location"]), event["sequence"]) == ("About Karim", "Room 1", 0)
    assert {str(one).lower(): one.params["PARTSTAT"] for one in _list(event["attendee"])} == {
        "mailto:admin@northwind.example": "ACCEPTED", "mailto:karim@customer.example": "NEEDS-ACTION",
    }  # fmt: skip
    assert "/invitation?token=" in mail["facts"]["link"]


def test_a_guest_answers_without_signing_in_and_opening_the_link_answers_nothing(
    anna: Browser, site: Site, mails
) -> None:
    path, _ = invited(anna, "Leila")
    link = mails(1)[0]["facts"]["link"]
    address = "/invitation" + link.split("/invitation")[1]
    stranger = Browser.__new__(Browser)
    stranger.http = type(anna.http)(
        base_url=f"http://127.0.0.1:{site.port}", headers={"host": f"northwind.localhost:{site.port}"}
    )
    assert "About Leila" in stranger.get(address).text
    assert answer_of(anna, path, "Leila") == "No answer"
    said = stranger.post("/invitation", at=address, token=address.split("token=")[1], answer="tentative")
    assert said.status_code in (200, 201)
    assert answer_of(anna, path, "Leila") == "Tentative"


def test_s_6_a_moved_event_asks_again_and_counts_a_revision(anna: Browser, mails) -> None:
    path, _ = invited(anna, "Mina")
    anna.post("/calendar/move", module="meetings", id=path.rsplit("/")[-1], start=f"{TOMORROW:%Y-%m-%d}T15:00")
    assert "changed since the invitations" in anna.get(f"{path}/guests").text
    anna.post(f"{path}/guests/invite")
    [mail] = mails(1)
    assert mail["template"] == "event_changed"
    [event] = Calendar.from_ical(mail["calendar"]["text"]).walk("VEVENT")
    assert event["sequence"] == 1
    assert answer_of(anna, path, "Mina") == "No answer"


def test_who_is_taken_out_is_told_and_so_is_everybody_when_it_is_off(anna: Browser, mails) -> None:
    path, guest = invited(anna, "Nader")
    anna.post(f"{path}/guests/remove", people="contacts", guest=guest)
    assert (mails(1)[0]["template"], mails(1)[0]["to"]) == ("event_off", "nader@customer.example")
    path, guest = invited(anna, "Omid")
    anna.post(f"{path}/delete")
    [mail] = mails(1)
    assert (mail["template"], mail["to"], mail["calendar"]["method"]) == (
        "event_off",
        "omid@customer.example",
        "CANCEL",
    )


def test_a_guest_of_a_whole_series_is_invited_once_and_answers_for_all_of_it(anna: Browser, site: Site, mails) -> None:
    path, guest = meeting(anna, "Roundtable", repeat="weekly", repeat_count="3"), contact(anna, "Ramin")
    assert 'href="/meetings/' in (part := anna.get(f"{path}/guests?occurrences=all").text)
    assert part.count('name="occurrences" value="all"') >= 2
    anna.post(f"{path}/guests", people="contacts", guest=guest, occurrences="all")
    anna.post(f"{path}/guests/invite")
    first, second = mails(2)
    assert (first["to"], second["to"] != first["to"]) == ("ramin@customer.example", True)
    address = "/invitation" + first["facts"]["link"].split("/invitation")[1]
    assert 'name="occurrences" value="all" checked' in anna.get(address).text
    anna.post("/invitation", at=address, token=address.split("token=")[1], answer="accept")
    every = re.findall(r'href="(/meetings/[0-9a-f-]{36})"', anna.get("/meetings?q=Roundtable").text)
    assert len({*every}) == 3
    assert {answer_of(anna, one, "Ramin") for one in every} == {"Accepted"}


@pytest.mark.parametrize("token", ["", "x", "W10.AAAA"])
def test_a_link_that_was_not_signed_here_opens_nothing(anna: Browser, token: str) -> None:
    assert anna.get(f"/invitation?token={token}").status_code == 404


def test_sec_02_a_link_of_one_company_is_none_of_another(anna: Browser, site: Site, mails) -> None:
    invited(anna, "Parisa")
    address = "/invitation" + mails(1)[0]["facts"]["link"].split("/invitation")[1]
    assert site.browser("pishro").get(address).status_code == 404


def test_busy_times_show_without_what_they_are_about(anna: Browser) -> None:
    first, second = meeting(anna, "Secret talks"), meeting(anna, "Open talks")
    page = anna.get(f"{second}/guests").text
    assert "fb-busy" in page and "Secret talks" not in page
    assert first != second


def test_the_readers_own_answer(anna: Browser) -> None:
    path = meeting(anna, "Mine")
    assert anna.post(f"{path}/guests/answer", answer="decline").status_code == 303
    assert 'value="decline" aria-pressed="true"' in anna.get(f"{path}/guests").text
    assert anna.post(f"{path}/guests/answer", answer="maybe").status_code == 422


def test_what_has_no_guests_has_no_such_page(anna: Browser) -> None:
    assert anna.get(f"/accounts/{UUID(int=1)}/guests").status_code == 404


def _list(found):
    return found if isinstance(found, list) else [found]
