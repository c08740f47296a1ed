"""Clicks and opens: answered without a database, counted once, and leading nowhere but where they were meant to."""

import random
import string
from collections.abc import Callable

import pytest

from crm_domain.tracking.events import Act
from crm_domain.tracking.tokens import HONEYPOT, LETTERS, PREVIEW, SILENT, TEST, Kind
from tests.tracker.conftest import BROWSER, LOCATION, MESSAGE, TENANT, Bus, Tracked, token


def learned(tracked: Tracked, path: str) -> None:
    """Returns when the tracker has heard of a link."""
    for _ in range(200):
        if tracked.http.get(path, follow_redirects=False).status_code == 302:
            return
    raise AssertionError("the link did not arrive")


def test_33_a_click_leads_on_while_database_and_bus_are_down_and_counts_once(tracked: Tracked, bus: Bus) -> None:
    path = f"/c/{token(Kind.CLICK, link=1)}"
    bus.teach(n1=LOCATION)
    silent = f"/c/{token(Kind.CLICK, link=1, marks=SILENT)}"
    learned(tracked, silent)
    bus.stop()
    answer = tracked.http.get(path)
    assert (answer.status_code, answer.headers["location"]) == (302, LOCATION.decode())
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    bus.start()
    [event] = bus.events(tracked)
    assert (event.act, event.tenant, event.message, event.link, event.via) == (Act.CLICK, TENANT, MESSAGE, 1, "human")
    assert (event.network, event.agent) == ("127.0.0.0/24", "browser")


def test_33_links_are_known_again_after_a_restart_without_bus(tracked: Tracked, bus: Bus) -> None:
    bus.teach(n1=LOCATION)
    learned(tracked, f"/c/{token(Kind.CLICK, link=1, marks=SILENT)}")
    bus.stop()
    tracked.stop()
    tracked.start()
    assert tracked.http.get(f"/c/{token(Kind.CLICK, link=1)}").headers["location"] == LOCATION.decode()
    bus.start()


def test_34_sec_19_fuzzed_tokens_lead_nowhere(tracked: Tracked, bus: Bus) -> None:
    bus.teach(n1=LOCATION)
    learned(tracked, f"/c/{token(Kind.CLICK, link=1, marks=SILENT)}")
    chance, good = random.Random(34), token(Kind.CLICK, link=1)
    letters = string.ascii_letters + string.digits + "-_"
    statuses = set()
    for _ in range(2000):
        place = chance.randrange(LETTERS)
        bad = good[:place] + chance.choice(letters.replace(good[place], "")) + good[place + 1 :]
        answer = tracked.http.get(f"/c/{bad}")
        statuses.add(answer.status_code)
        assert "location" not in answer.headers
    assert statuses == {404, 429}
    assert tracked.http.get(f"/c/{good}").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        lambda good: f"/c/{good}/https://evil.example/",
        lambda good: f"/c/{good}?url=https://evil.example/",
        lambda good: f"/c/{token(Kind.OPEN, link=1)}",
        lambda good: f"/c/{token(Kind.CLICK, link=1, tenant=TENANT + 1)}",
        lambda good: f"//evil.example/%2f..{good}",
        lambda good: "/c/",
    ],
)
def test_sec_19_nothing_in_the_address_changes_the_target(
    tracked: Tracked, bus: Bus, path: Callable[[str], str]
) -> None:
    bus.teach(n1=LOCATION)
    learned(tracked, f"/c/{token(Kind.CLICK, link=1, marks=SILENT)}")
    answer = tracked.http.get(path(token(Kind.CLICK, link=1)), headers={"host": "evil.example"})
    assert answer.headers.get("location") in {None, LOCATION.decode()}


def test_a_damaged_link_is_explained_in_the_readers_language(tracked: Tracked) -> None:
    persian = tracked.http.get("/c/nonsense", headers={"accept-language": "fa"})
    english = tracked.http.get("/c/nonsense", headers={"accept-language": "en-GB,en"})
    assert (persian.status_code, english.status_code) == (404, 404)
    assert 'dir="rtl"' in persian.text and "آسیب" in persian.text
    assert 'dir="ltr"' in english.text and "damaged" in english.text
    assert "script" not in persian.headers["content-security-policy"].replace("default-src 'none'", "")
    assert "<script" not in persian.text


def test_a_good_link_that_nobody_can_look_up_now_is_no_dead_end(tracked: Tracked) -> None:
    answer = tracked.http.get(f"/c/{token(Kind.CLICK, link=99)}", headers={"accept-language": "en"})
    assert (answer.status_code, "try again" in answer.text) == (503, True)


def test_the_pixel_is_a_picture_whatever_the_token(tracked: Tracked, bus: Bus) -> None:
    good, bad = (tracked.http.get(f"/o/{name}.gif") for name in (token(Kind.OPEN), "x" * 46))
    assert good.content == bad.content and len(good.content) == 43
    assert good.headers["content-type"] == bad.headers["content-type"] == "image/gif"
    assert "no-store" in good.headers["cache-control"]
    head = tracked.http.head(f"/o/{token(Kind.OPEN)}.gif")
    assert (head.content, head.headers["content-length"]) == (b"", "43")
    first, second = bus.events(tracked)
    assert {first.via, second.via} == {"human", "scanner"}


def test_sec_55_who_asks_not_to_be_followed_is_not(tracked: Tracked, bus: Bus) -> None:
    for headers in ({"dnt": "1"}, {"sec-gpc": "1"}):
        assert tracked.http.get(f"/o/{token(Kind.OPEN)}.gif", headers=headers).status_code == 200
    for marks in (SILENT, PREVIEW):
        tracked.http.get(f"/o/{token(Kind.OPEN, marks=marks)}.gif")
    tracked.http.get(f"/o/{token(Kind.OPEN, message=1, marks=TEST)}.gif")
    [only] = bus.events(tracked)
    assert (only.message, only.marks) == (1, TEST)


def test_37_38_machines_are_told_from_people_at_first_sight(tracked: Tracked, bus: Bus) -> None:
    visits = [
        ({"user-agent": BROWSER}, "human"),
        ({"user-agent": "Mozilla/5.0"}, "proxy_open"),
        ({"user-agent": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"}, "image_proxy"),
        ({"user-agent": "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"}, "image_proxy"),
        ({"user-agent": "python-requests/2.32"}, "scanner"),
        ({"user-agent": ""}, "scanner"),
        ({"user-agent": BROWSER, "sec-purpose": "prefetch;prerender"}, "scanner"),
        ({"user-agent": BROWSER, "x-moz": "prefetch"}, "scanner"),
    ]  # fmt: skip
    for number, (headers, _) in enumerate(visits):
        tracked.http.get(f"/o/{token(Kind.OPEN, message=100 + number)}.gif", headers=headers)
    tracked.http.get(f"/o/{token(Kind.OPEN, message=200, marks=HONEYPOT)}.gif")
    seen = {event.message: event.via for event in bus.events(tracked)}
    assert seen == {100 + number: via for number, (_, via) in enumerate(visits)} | {200: "scanner"}


def test_a_token_that_is_called_without_end_is_noted_so_often_and_no_more(tracked: Tracked, bus: Bus) -> None:
    for _ in range(300):
        tracked.http.get(f"/o/{token(Kind.OPEN)}.gif")
    assert 240 <= len(bus.events(tracked)) < 300
