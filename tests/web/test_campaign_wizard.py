"""A campaign set up step by step: kept at every step, and the same as one made on its pages."""

import re
from typing import Any

import pytest

from tests.isolation.people import connect, hire
from tests.web.test_sending_api import Client

ENDS = {"end_date": "2030-12-31"}


@pytest.fixture(scope="module")
def client(site: Any) -> Client:
    return Client(site)


def begin(client: Client, kind: str, **said: str) -> str:
    """The campaign that the first step made."""
    answer = client.browser.post(f"/campaigns/wizard/{kind}", at=f"/campaigns/wizard/{kind}", **ENDS, **said)
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r".*/campaigns/([0-9a-f-]{36})/wizard/money", answer.headers["location"])
    assert found
    return found[1]


def keep(client: Client, campaign: str, step: str, **said: str) -> str:
    """Where a kept step leads."""
    at = f"/campaigns/{campaign}/wizard/{step}"
    answer = client.browser.post(at, at=at, **said)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(f"/campaigns/{campaign}/wizard/")


def values(client: Client, module: str, id_: str) -> dict[str, Any]:
    return client.browser.http.get(f"/api/v1/{module}/{id_}", headers=client.headers).json()


def mailing(client: Client, campaign: str) -> dict[str, Any]:
    """The campaign's only marketing record."""
    found = client.browser.http.get(
        f"/api/v1/email_marketing?filter[campaign]={campaign}", headers=client.headers
    ).json()
    [item] = found["items"]
    return item


def test_9_1_a_newsletter_comes_from_first_step_to_its_checks(client: Client) -> None:
    campaign = begin(
        client, "newsletter", name="Step by step", frequency="monthly", consent_policy="none", status="planning"
    )
    made = values(client, "campaigns", campaign)
    assert made["campaign_type"] == "newsletter" and made["frequency"] == "monthly"
    assert keep(client, campaign, "money", **{"budget.amount": "5000", "budget.currency": "EUR"}) == "lists"
    panel = client.browser.get(f"/campaigns/{campaign}/wizard/lists").text
    assert f"/campaigns/{campaign}/related/target_lists" in panel
    refused = client.browser.post(
        f"/campaigns/{campaign}/wizard/template", at=f"/campaigns/{campaign}/wizard/template", way="use", template=""
    )
    assert refused.status_code == 422
    editor = client.browser.post(
        f"/campaigns/{campaign}/wizard/template", at=f"/campaigns/{campaign}/wizard/template", way="new", name="L", subject="News"
    ).headers["location"]  # fmt: skip
    assert editor.endswith(f"/editor?campaign={campaign}")
    assert f"/campaigns/{campaign}/wizard/mailing?template=" in client.browser.get(editor).text
    begun = mailing(client, campaign)
    assert begun["template"]["id"] in editor and begun["from_addr"] and begun["run_state"] == "draft"
    page = client.browser.get(f"/campaigns/{campaign}/wizard/mailing").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    said = {"name": "First issue", "version": version[1], "from_addr": "news@northwind.example", "all_lists": "1"}
    assert keep(client, campaign, "mailing", **said) == "summary"
    assert mailing(client, campaign)["name"] == "First issue"
    summary = client.browser.get(f"/campaigns/{campaign}/wizard/summary").text
    assert f'action="/email_marketing/{begun["id"]}/send"' in summary and "not active yet" in summary
    assert keep(client, campaign, "summary") == "summary"
    assert values(client, "campaigns", campaign)["status"] == "active"


def test_9_1_a_step_goes_on_where_it_was_left_and_takes_no_list_away(client: Client) -> None:
    campaign = begin(client, "email", name="Left and come back", consent_policy="none", status="planning")
    go_on = f"/campaigns/{campaign}/wizard"
    assert client.browser.get(go_on).headers["location"].endswith("/lists")
    list_id = client.made("target_lists", name="Kept", list_type="default")
    assert client.post(f"campaigns/{campaign}/target_lists", {"ids": [list_id]}).status_code < 300
    assert client.browser.get(go_on).headers["location"].endswith("/template")
    keep(client, campaign, "header", name="Left and come back again", consent_policy="none", status="active", **ENDS)
    related = client.browser.http.get(f"/api/v1/campaigns/{campaign}/target_lists", headers=client.headers).json()
    assert [item["id"] for item in related["items"]] == [list_id]


def test_9_1_a_campaign_without_mail_has_no_letter_and_is_marked_as_sent(client: Client) -> None:
    campaign = begin(client, "other", name="On the radio", campaign_type="radio", status="active")
    assert values(client, "campaigns", campaign)["campaign_type"] == "radio"
    at = f"/campaigns/{campaign}/wizard"
    for step in ("template", "mailing", "nothing"):
        assert client.browser.get(f"{at}/{step}").status_code == 404
        assert client.browser.post(f"{at}/{step}", at=f"{at}/money").status_code == 404
    assert f'action="/campaigns/{campaign}/mark-as-sent"' in client.browser.get(f"{at}/summary").text
    wrong = begin(client, "other", name="No mail", campaign_type="email", status="active")
    assert values(client, "campaigns", wrong)["campaign_type"] == "telesales"


def test_sec_04_who_may_not_make_campaigns_has_no_steps(site: Any, client: Client) -> None:
    reader = hire(site, "reader")
    campaign = client.made("campaigns", name="Not yours", status="active", campaign_type="email", end_date="2030-01-01")
    assert reader.browser.get("/campaigns/wizard").status_code == 403
    assert reader.browser.get("/campaigns/wizard/email").status_code == 403
    assert reader.browser.get(f"/campaigns/{campaign}/wizard/header").status_code == 403
    with connect(site) as connection:
        assert connection.execute("SELECT count(*) FROM campaigns WHERE name = 'Theirs'").fetchone() == (0,)
