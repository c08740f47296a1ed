"""Putting off a call: a new time and a reason, counted, told on its page, not for what is over."""

import re

import pytest

from .conftest import Browser, Site
from .test_guests import TOMORROW, contact


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser("northwind")


def call(anna: Browser, name: str, **more: str) -> str:
    made = anna.post(
        "/calls", at="/calls/new",
        **{"name": name, "starts_at": f"{TOMORROW:%Y-%m-%d}", "starts_at.time": "10:00", "duration": "30", "status": "planned",
           "direction": "outbound", **more},
    )  # fmt: skip
    assert made.status_code == 303, made.text
    return made.headers["location"]


def put_off(anna: Browser, path: str, time: str, reason: str) -> int:
    facts = {"starts_at": f"{TOMORROW:%Y-%m-%d}", "starts_at.time": time, "moved_reason": reason}
    return anna.post(f"{path}/reschedule", at=path, **facts).status_code


def test_s_8_a_call_is_put_off_and_its_page_tells_how_often_and_why(anna: Browser) -> None:
    path = call(anna, "Put off twice")
    assert f'href="{path}/reschedule"' in anna.get(path).text
    assert (put_off(anna, path, "12:00", "no_answer"), put_off(anna, path, "16:00", "no_answer")) == (303, 303)
    page = anna.get(f"{path}/moves").text
    times = re.findall(r"\b(4:00\sPM|16:00|10:00)", page)
    assert page.count("No answer") == 2 and times[0] != "10:00" and "10:00" in times
    assert f'"{path}/moves"' in anna.get(path).text
    assert re.search(r"Times rescheduled</dt><dd>.*?2", anna.get(path).text, re.S)


@pytest.mark.parametrize(("time", "reason"), [("10:00", "no_answer"), ("25:99", "no_answer"), ("11:00", "whatever")])
def test_a_move_needs_another_time_and_a_reason_there_is(anna: Browser, time: str, reason: str) -> None:
    path = call(anna, "Stays")
    assert put_off(anna, path, time, reason) == 422
    assert "moves" not in anna.get(path).text


def test_what_was_held_is_not_put_off(anna: Browser) -> None:
    path = call(anna, "Held", status="held")
    assert f"{path}/reschedule" not in anna.get(path).text
    assert put_off(anna, path, "12:00", "busy") == 404
    assert anna.post("/accounts/00000000-0000-7000-8000-000000000000/reschedule", at="/accounts").status_code == 404


def test_the_contact_it_is_about_stands_in_the_list_and_takes_part(anna: Browser) -> None:
    about, with_ = contact(anna, "Kamran"), contact(anna, "Ladan")
    one = call(anna, "About Kamran", **{"parent.module": "contacts", "parent.id": about})
    other = call(anna, "With Ladan", contact=with_)
    for path, name in ((one, "Kamran"), (other, "Ladan")):
        assert f"<bdi>{name}</bdi>" in anna.get(f"{path}/guests").text
    found = anna.get(f"/calls?filter[contact][eq]={about}").text
    assert one in found and other not in found and "Kamran" in found
