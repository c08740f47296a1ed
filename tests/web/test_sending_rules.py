"""The limit on how often somebody is mailed, set by the company and told before sending; who was left out, by name."""

import re
from typing import Any

import pytest

from tests.isolation.people import connect


@pytest.fixture(scope="module")
def anna(site: Any) -> Any:
    return site.browser("northwind")


def keep(browser: Any, most: str, days: str) -> Any:
    return browser.post("/admin/sending", at="/admin/sending", most=most, days=days)


def draft(browser: Any) -> str:
    """The address of the mailing that waits to be sent."""
    page = browser.get("/email_marketing?sort=-starts_at").text
    found = re.search(r'href="(/email_marketing/[0-9a-f-]{36})"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("most", "days"), [("0", "7"), ("3", ""), ("101", "7"), ("3", "91"), ("many", "7"), ("-1", "7")]
)
def test_a_limit_that_is_none_is_refused(anna: Any, most: str, days: str) -> None:
    answer = keep(anna, most, days)
    assert answer.status_code == 422 and "A whole number from 1" in answer.text


def test_the_limit_is_told_before_sending_and_taken_back(anna: Any) -> None:
    url = f"{draft(anna)}/send"
    assert keep(anna, "۳", "14").status_code == 303
    assert "Nobody gets more than 3 marketing e-mails in 14 days." in anna.get(url).text
    assert keep(anna, "", "").status_code == 303
    assert "There is no limit on how often" in anna.get(url).text


def test_who_was_left_out_is_listed_by_reason(anna: Any) -> None:
    page = anna.get("/campaigns?q=newsletter").text
    campaign = re.search(r'href="(/campaigns/[0-9a-f-]{36})"', page)
    assert campaign
    status = anna.get(f"{campaign[1]}/status?marketing=all").text
    [reason, *_] = re.findall(r'left-out\?marketing=all&(?:amp;)?reason=([a-z_]+)"', status)
    people = anna.get(f"{campaign[1]}/left-out?marketing=all&reason={reason}")
    assert people.status_code == 200
    assert anna.get(f"{campaign[1]}/left-out?reason=nonsense&before=-5").status_code == 200


def test_scenario_22_an_administrator_lets_mail_go_on_after_the_database_went_back(site: Any, anna: Any) -> None:
    assert "/admin/sending/release" not in anna.get("/admin/sending").text
    with connect(site) as owner:
        owner.execute("INSERT INTO setting (key, value) VALUES ('sending_quarantine', 'true')")
    assert "All campaign mail is held" in anna.get("/admin/sending").text
    assert anna.post("/admin/sending/release", at="/admin/sending").status_code == 303
    assert "All campaign mail is held" not in anna.get("/admin/sending").text
    with connect(site) as owner:
        assert not owner.execute("SELECT 1 FROM setting WHERE key = 'sending_quarantine'").fetchone()
        assert owner.execute("SELECT 1 FROM audit_event WHERE action = 'release_quarantine'").fetchone()
