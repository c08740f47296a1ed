"""Newsletters in the browser: their lists come with them, and people are moved between those one by one or many at once."""

import re
from typing import Any

import pytest

from crm_domain.keys import KeyRing
from crm_domain.tracking.events import FIRST_CONFIRMATION
from crm_domain.tracking.tokens import Kind, Tokens
from tests.isolation.people import connect
from tests.web.test_sending_api import Client

TOKENS = Tokens(KeyRing("a key for these tests and nothing else"))
FACTS = {
    "status": "active",
    "campaign_type": "newsletter",
    "frequency": "monthly",
    "end_date": "1409/12/01",
    "consent_policy": "none",
}


@pytest.fixture(scope="module")
def sara(site: Any) -> Any:
    return site.browser("pishro")


@pytest.fixture(scope="module")
def letter(sara: Any) -> str:
    """A newsletter of its own."""
    answer = sara.post("/campaigns", at="/campaigns/new", name="نامهٔ فصل", **FACTS)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


def lists(browser: Any, letter: str) -> dict[str, str]:
    """The newsletter's lists by name."""
    panel = browser.get(f"/campaigns/{letter}/related/target_lists").text
    return {name: id_ for id_, name in re.findall(r'href="/target_lists/([0-9a-f-]{36})"[^>]*><bdi>([^<]+)<', panel)}


def members(browser: Any, list_id: str, module: str = "contacts") -> set[str]:
    panel = browser.get(f"/target_lists/{list_id}/related/{module}").text
    return set(re.findall(rf'href="/{module}/([0-9a-f-]{{36}})"', panel))


def standing(browser: Any, person: str, letter: str) -> str:
    """What the button beside the newsletter would do to the person."""
    page = browser.get(f"{person}/subscriptions").text
    found = re.search(rf'name="newsletter" value="{letter}"><input type="hidden" name="on" value="([01])"', page)
    assert found
    return {"0": "subscribed", "1": "not"}[found[1]]


def some(browser: Any, module: str, number: int) -> list[str]:
    return re.findall(r'name="id" value="([0-9a-f-]{36})"', browser.get(f"/{module}?all=1").text)[:number]


def test_a_newsletter_is_born_with_its_three_lists(sara: Any, letter: str) -> None:
    assert set(lists(sara, letter)) == {f"فهرست {kind} نامهٔ فصل" for kind in ("عضویت", "لغو عضویت", "آزمایشی")}


def test_a_person_is_subscribed_and_unsubscribed_on_his_own_page(sara: Any, letter: str) -> None:
    own = lists(sara, letter)
    [id_] = some(sara, "contacts", 1)
    person = f"/contacts/{id_}"
    assert standing(sara, person, letter) == "not"
    for on, now in (("1", "subscribed"), ("0", "not")):
        answer = sara.post(f"{person}/subscriptions", at=f"{person}/subscriptions", newsletter=letter, on=on)
        assert answer.status_code == 303, answer.text
        assert standing(sara, person, letter) == now
    assert id_ in members(sara, own["فهرست عضویت نامهٔ فصل"])
    assert id_ in members(sara, own["فهرست لغو عضویت نامهٔ فصل"])


def test_many_are_asked_for_a_newsletter_and_subscribed_at_once(sara: Any, letter: str) -> None:
    ids = some(sara, "targets", 3)
    asked = {"_csrf": sara.token("/targets"), "id": ids}
    page = sara.http.post("/targets/subscriptions", data=asked)
    assert page.status_code == 200 and f'<option value="{letter}">' in page.text
    assert sara.http.post("/targets/subscriptions", data={**asked, "decided": "1", "on": "1"}).status_code == 422
    answer = sara.http.post("/targets/subscriptions", data={**asked, "decided": "1", "on": "1", "newsletter": letter})
    assert answer.status_code == 303, answer.text
    assert members(sara, lists(sara, letter)["فهرست عضویت نامهٔ فصل"], "targets") == set(ids)


def test_another_list_can_become_the_subscribers_and_only_of_a_fitting_type(sara: Any, letter: str) -> None:
    facts = {"name": "مشترکان دیرین", "newsletter": letter, "newsletter.label": "نامهٔ فصل", "purpose": "subscription"}
    refused = sara.post("/target_lists", at="/target_lists/new", list_type="exempt", **facts)
    assert refused.status_code == 422 and "نوع فهرست عضویت" in refused.text
    made = sara.post("/target_lists", at="/target_lists/new", list_type="default", **facts)
    assert made.status_code == 303, made.text
    new = made.headers["location"].rpartition("/")[2]
    assert lists(sara, letter)["مشترکان دیرین"] == new
    [id_] = some(sara, "leads", 1)
    sara.post(f"/leads/{id_}/subscriptions", at=f"/leads/{id_}/subscriptions", newsletter=letter, on="1")
    assert members(sara, new, "leads") == {id_}


ASKED = """
SELECT payload->>'to', payload->'facts'->>'newsletter', payload->'facts'->>'link' FROM outbox
WHERE payload->>'template' = 'confirm_subscription'
"""


def test_whoever_is_subscribed_by_staff_is_asked_to_confirm_where_the_newsletter_wants_it(site: Any) -> None:
    client = Client(site)
    letter = client.made(
        "campaigns", name="Confirmed only", status="active", campaign_type="newsletter", frequency="monthly",
        end_date="2030-01-01", consent_policy="confirmed",
    )  # fmt: skip
    ids = [
        client.made("targets", last_name=name, emails=[{"address": f"{name}@confirm.example"}]) for name in ("ann", "ben", "cid")
    ]  # fmt: skip
    with connect(site) as owner:
        owner.execute("UPDATE email_address SET opted_out = true WHERE address_key = 'cid@confirm.example'")
    form = {"_csrf": client.browser.token("/targets"), "id": ids, "decided": "1", "on": "1", "newsletter": letter}
    for _ in range(2):
        assert client.browser.http.post("/targets/subscriptions", data=form).status_code == 303
    with connect(site) as owner:
        asked = owner.execute(ASKED).fetchall()
        log = owner.execute(
            "SELECT new, source, actor_id IS NOT NULL FROM consent_log WHERE campaign_id = %s", [letter]
        )
        assert log.fetchall() == [("pending_sent", "staff", True)] * 2
    assert sorted(to for to, _, _ in asked) == ["ann@confirm.example", "ben@confirm.example"]
    assert {name for _, name, _ in asked} == {"Confirmed only"}
    said = [TOKENS.read(Kind.PREFERENCES, re.split(r"[/?]", link)[-2]) for _, _, link in asked]
    assert len({content.message for content in said if content and content.message >= FIRST_CONFIRMATION}) == 2
    assert "Waits to be confirmed" in client.browser.get(f"/targets/{ids[0]}/subscriptions").text
    assert "Not confirmed" in client.browser.get(f"/targets/{ids[2]}/subscriptions").text
