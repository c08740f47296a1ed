"""Mailings over the API: sent once, held, let go on, tried and erased."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.isolation.people import connect
from tests.site import Site

SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat()


class Client:
    """A program with a token of the administrator."""

    def __init__(self, site: Site) -> None:
        self.browser = site.browser("northwind")
        page = self.browser.post("/settings/tokens", at="/settings/tokens", name="sending", scope="write")
        found = re.search(r"<code>([^<…]+)</code>", page.text)
        assert found, page.text
        self.headers = {"authorization": f"Bearer {found[1]}"}

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.browser.http.post(f"/api/v1/{path}", json=body or {}, headers=self.headers)

    def made(self, module: str, **values: Any) -> str:
        answer = self.post(module, values)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]


@pytest.fixture
def client(site: Site) -> Client:
    return Client(site)


def mailing_of(client: Client) -> tuple[str, str]:
    """A campaign with a default and a test list, and a marketing record in two days."""
    campaign = client.made("campaigns", name="Spring", status="active", campaign_type="email", end_date="2030-01-01")
    for kind in ("default", "test"):
        people = [
            client.made("targets", last_name=f"{kind}{n}", emails=[{"address": f"{kind}{n}@x.example"}])
            for n in range(3)
        ]
        list_id = client.made("target_lists", name=kind, list_type=kind)
        assert client.post(f"target_lists/{list_id}/targets", {"ids": people}).status_code < 300
        assert client.post(f"campaigns/{campaign}/target_lists", {"ids": [list_id]}).status_code < 300
    template = client.made(
        "email_templates", name="t", template_type="campaign", language="en", subject="Hello", body_html="<p>Hello</p>"
    )
    bounce = client.made(
        "bounce_accounts",
        name="b",
        protocol="imap",
        host="imap.x.example",
        port=993,
        security="tls",
        user_name="u",
        address="b@x.example",
    )
    marketing = client.made(
        "email_marketing", name="m", campaign=campaign, template=template, starts_at=SOON, status="active", bounce_account=bounce,
        from_name="C", from_addr="news@x.example", all_lists=True,
    )  # fmt: skip
    return campaign, marketing


def test_scenario_19_a_mailing_is_scheduled_once_held_and_taken_back(client: Client) -> None:
    _, marketing = mailing_of(client)
    where = f"email_marketing/{marketing}/actions"
    seen = client.post(f"{where}/audience")
    assert seen.status_code == 200 and seen.json()["audience"] == 3, seen.text
    assert client.post(f"{where}/pause").status_code == 409
    first = client.post(f"{where}/send")
    assert first.status_code == 200 and first.json()["state"] == "scheduled", first.text
    again = client.post(f"{where}/send")
    assert again.status_code == 409 and again.json()["code"] == "under_way"
    assert client.post(f"{where}/unschedule").json()["state"] == "cancelled"
    assert client.post(f"{where}/send").status_code == 200


def test_scenario_19_twenty_presses_from_two_browsers_schedule_one_mailing(site: Site, client: Client) -> None:
    _, marketing = mailing_of(client)
    page = f"/email_marketing/{marketing}/send"
    browsers = [(browser, browser.token(page)) for browser in (site.browser("northwind"), site.browser("northwind"))]

    def press(number: int) -> int:
        browser, token = browsers[number % 2]
        return browser.http.post(page, data={"_csrf": token}).status_code

    with ThreadPoolExecutor(20) as hands:
        pressed = Counter(hands.map(press, range(20)))
    assert pressed[303] == 1 and not [status for status in pressed if status >= 500], pressed
    with connect(site, "northwind") as owner:
        runs = owner.execute("SELECT state FROM mkt_run WHERE marketing_id = %s", (marketing,)).fetchall()
    assert runs == [("scheduled",)]


def test_a_trial_is_sent_and_erased(client: Client) -> None:
    campaign, marketing = mailing_of(client)
    assert client.post(f"email_marketing/{marketing}/actions/send_test").status_code == 200
    erased = client.post(f"campaigns/{campaign}/actions/delete_test_entries")
    assert erased.status_code == 200 and erased.json() == {"mails": 0}
    assert client.post(f"email_marketing/{marketing}/actions/explode").status_code == 409
