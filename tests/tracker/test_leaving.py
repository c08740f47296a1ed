"""Leaving: nobody leaves by being looked at, everybody leaves by one press, and what was pressed survives everything."""

import re

import pytest

from crm_domain.tracking.events import Act
from crm_domain.tracking.tokens import PREVIEW, SILENT, TEST, Kind
from tests.tracker.conftest import LOCATION, MESSAGE, TENANT, Bus, Tracked, token
from tests.tracker.test_hits import learned

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def test_35_sec_42_looking_changes_nothing_and_one_post_does(tracked: Tracked, bus: Bus) -> None:
    path = f"/u/{token(Kind.OPT_OUT)}"
    for _ in range(1000):
        assert tracked.http.get(path).status_code == 200
    assert tracked.http.head(path).status_code == 200
    answer = tracked.http.post(path, data=ONE_CLICK)
    assert (answer.status_code, answer.headers.get("location"), answer.headers.get("set-cookie")) == (200, None, None)
    [event] = bus.events(tracked)
    assert (event.act, event.tenant, event.message, event.said) == (Act.OPT_OUT, TENANT, MESSAGE, "one_click")


def test_35_mail_programs_may_post_either_kind_of_form(tracked: Tracked, bus: Bus) -> None:
    parts = {"List-Unsubscribe": (None, "One-Click")}
    assert tracked.http.post(f"/u/{token(Kind.OPT_OUT)}", files=parts).status_code == 200
    [event] = bus.events(tracked)
    assert event.said == "one_click"


def test_36_rel_10_an_opt_out_survives_the_trackers_death(tracked: Tracked, bus: Bus) -> None:
    bus.stop()
    assert tracked.http.post(f"/u/{token(Kind.OPT_OUT)}", data=ONE_CLICK).status_code == 200
    tracked.kill()
    bus.start()
    tracked.start()
    [event] = bus.events(tracked)
    assert (event.act, event.message) == (Act.OPT_OUT, MESSAGE)


def test_rel_10_where_the_disk_refuses_an_opt_out_is_on_the_bus_before_it_is_answered(
    tracked: Tracked, bus: Bus
) -> None:
    bus.teach(n1=LOCATION)
    learned(tracked, f"/c/{token(Kind.CLICK, link=1, marks=SILENT)}")
    obstacle = tracked.folder / "tracker/spool/0/0000000000000001.seg"
    obstacle.mkdir()
    path = f"/u/{token(Kind.OPT_OUT)}"
    assert tracked.http.post(path, data=ONE_CLICK).status_code == 200
    bus.stop()
    assert tracked.http.post(path, data=ONE_CLICK).status_code == 503
    assert tracked.http.get(f"/c/{token(Kind.CLICK, link=1)}").headers["location"] == LOCATION.decode()
    bus.start()
    obstacle.rmdir()
    assert {(event.act, event.message) for event in bus.events(tracked)} == {(Act.OPT_OUT, MESSAGE)}


def test_rel_09_the_page_of_leaving_needs_nobody(tracked: Tracked, bus: Bus) -> None:
    bus.stop()
    page = tracked.http.get(f"/u/{token(Kind.OPT_OUT)}", headers={"accept-language": "fa"})
    assert page.status_code == 200
    assert '<form method="post">' in page.text
    assert 'value="this" checked' in page.text and 'value="all"' in page.text
    wishes = tracked.http.get(f"/p/{token(Kind.PREFERENCES)}", headers={"accept-language": "fa"})
    leave = re.search(r'href="(/u/[^"]+)"', wishes.text)
    assert leave and tracked.http.get(leave[1]).status_code == 200


def test_40_the_page_offers_the_way_back_and_asks_why(tracked: Tracked, bus: Bus) -> None:
    path = f"/u/{token(Kind.OPT_OUT)}?lang=en"
    left = tracked.http.post(path, data={"scope": "all"})
    assert "unsubscribed" in left.text and 'value="back"' in left.text and 'value="too_many"' in left.text
    assert "subscribed again" in tracked.http.post(path, data={"scope": "back"}).text
    assert "Thank you" in tracked.http.post(path, data={"reason": "too_many"}).text
    assert "Thank you" in tracked.http.post(path, data={"reason": "<script>"}).text
    told = sorted((event.act, event.said) for event in bus.events(tracked))
    assert told == [(Act.OPT_OUT, "all"), (Act.RETURN, "page"), (Act.REASON, "too_many")]


def test_preferences_are_kept_as_chosen(tracked: Tracked, bus: Bus) -> None:
    said = {"listed": ["a", "b"], "on": "b", "other": "1", "do": "save"}
    assert tracked.http.post(f"/p/{token(Kind.PREFERENCES)}", data=said).status_code == 200
    assert tracked.http.post(f"/p/{token(Kind.PREFERENCES)}", data={"do": "pause"}).status_code == 200
    told = [event.said for event in sorted(bus.events(tracked), key=lambda event: event.at)]
    assert told == ['{"on":["b"],"off":["a"],"other":true}', '{"pause":30}']


@pytest.mark.parametrize("marks", [TEST, PREVIEW])
def test_a_test_mails_page_says_that_nothing_changed(tracked: Tracked, marks: int) -> None:
    path = f"/u/{token(Kind.OPT_OUT, marks=marks)}?lang=en"
    assert "test mail" in tracked.http.get(path).text
    assert "Nothing was changed" in tracked.http.post(path, data={"scope": "all"}).text


def test_42_only_the_right_token_leaves(tracked: Tracked, bus: Bus) -> None:
    for kind in (Kind.CLICK, Kind.PREFERENCES, Kind.BOUNCE):
        assert tracked.http.post(f"/u/{token(kind)}", data=ONE_CLICK).status_code == 404
    good = token(Kind.OPT_OUT)
    assert tracked.http.post(f"/u/{good[:-1]}", data=ONE_CLICK).status_code == 404
    assert tracked.http.put(f"/u/{good}").status_code == 405
    assert tracked.http.post(f"/u/{good}", content=b"x" * 9000).status_code == 413
    assert bus.events(tracked) == []


def test_sec_43_pages_run_nothing_and_are_framed_by_nobody(tracked: Tracked) -> None:
    for path in (f"/u/{token(Kind.OPT_OUT)}", f"/p/{token(Kind.PREFERENCES)}", "/nothing"):
        page = tracked.http.get(path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert "style=" not in page.text and "<script" not in page.text


def test_sec_53_tokens_stay_out_of_the_log(tracked: Tracked) -> None:
    for kind, path in ((Kind.OPT_OUT, "u"), (Kind.PREFERENCES, "p"), (Kind.CLICK, "c"), (Kind.VIEW, "w")):
        tracked.http.get(f"/{path}/{token(kind)}")
    written = (tracked.folder / "tracker.log").read_text()
    assert "tracker.started" in written
    assert not re.search(r"[A-Za-z0-9_-]{46}", written)


def test_too_many_forms_from_one_network_have_to_wait(tracked: Tracked) -> None:
    statuses = {tracked.http.post(f"/u/{token(Kind.OPT_OUT)}", data=ONE_CLICK).status_code for _ in range(250)}
    assert statuses == {200, 429}
