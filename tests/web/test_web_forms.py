"""Web forms in the browser of who makes them: fields, addresses to publish, what is held back."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest

from tests.isolation.people import connect, hire

SUBMISSION = """
INSERT INTO web_form_submission (id, form_id, ticket, at, network, said, state, module, record_id)
SELECT uuidv7(), %(form)s, %(ticket)s, now(), '', %(said)s, %(state)s, 'leads', %(lead)s
"""


@pytest.fixture(scope="module")
def anna(site: Any) -> Any:
    return site.browser("northwind")


@pytest.fixture(scope="module")
def form(anna: Any) -> str:
    """The address of the form that came with the company."""
    found = re.search(r'href="(/web_forms/[0-9a-f-]{36})"', anna.get("/web_forms?sort=created_at").text)
    assert found
    return found[1]


def edit(browser: Any, form: str, **said: str) -> Any:
    page = browser.get(f"{form}/edit").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    return browser.post(form, at=f"{form}/edit", version=version[1], **said)


def test_25_people_are_led_only_to_the_forms_own_sites(anna: Any, form: str) -> None:
    for url in ("https://evil.example/x", "https://www.company.example.evil.example/", "javascript:alert(1)"):
        refused = edit(anna, form, redirect_url=url)
        assert refused.status_code == 422 and "not among the sites" in refused.text
    assert edit(anna, form, redirect_url="https://www.company.example/thanks").status_code == 303
    assert edit(anna, form, redirect_url="").status_code == 303
    assert edit(anna, form, sites="not a site").status_code == 422
    assert edit(anna, form, question="How many wheels has a car?", answers=" , ").status_code == 422


def test_a_form_asks_what_it_has_to_and_nothing_of_the_companys_own(anna: Any, form: str) -> None:
    at = f"{form}/fields"
    page = anna.get(at).text
    assert 'name="label.last_name"' in page and 'name="label.status"' not in page
    assert anna.post(at, at=at, field=["emails"]).status_code == 422
    assert anna.post(at, at=at, field=["last_name", "assigned_to"]).status_code == 422
    said = {"field": ["title", "last_name", "emails"], "required": ["emails"], "label.title": "<b>Your post"}
    assert anna.post(at, at=at, **said).status_code == 303
    copied = anna.get(f"{form}/publish").text
    assert copied.index("f.title") < copied.index("f.last_name") and "<b>Your" not in copied
    assert re.search(r'value="http[^"]+/f/[A-Za-z0-9_-]{40,}"', copied) and "&lt;iframe" in copied
    assert re.search(r"/f/[A-Za-z0-9_-]{40,}\.js", copied), "the script"
    seen = anna.post(f"{form}/look", at=at, field=["last_name", "industry"]).text
    assert "<select" in seen and "Industry" in seen


def test_what_is_held_back_is_read_as_text_and_decided_once(anna: Any, form: str) -> None:
    at = f"{form}/submissions?only=held"
    page = anna.get(at).text
    [held] = re.findall(r'name="submission" value="([0-9a-f-]{36})"', page)[:1]
    assert "Many links" in page and "seo.example" in page
    assert anna.post(f"{form}/submissions/discard", at=at, submission=held).status_code == 303
    assert anna.post(f"{form}/submissions/release", at=at, submission=held).status_code == 303
    assert held not in anna.get(at).text
    assert "Discarded" in anna.get(f"{form}/submissions?only=discarded").text
    assert anna.post(f"{form}/submissions/release", at=at, submission="nonsense").status_code == 403


def test_sec_39_what_was_filled_in_is_read_by_who_may_see_its_record_and_its_fields(
    site: Any, anna: Any, form: str
) -> None:
    said = json.dumps({"values": {"last_name": "Fernwood", "phone_mobile": "09125550188"}})
    lead = anna.post("/leads", at="/leads/new", last_name="Fernwood").headers["location"].rpartition("/")[2]
    facts = {"form": form.rpartition("/")[2], "said": said, "state": "made", "lead": lead}
    with connect(site) as owner:
        owner.execute(SUBMISSION, {**facts, "ticket": uuid4().int >> 66})
    for kind, seen in (("reader", True), ("owner", False)):
        person = hire(site, kind, f"{kind}-{uuid4()}")
        with connect(site) as owner:
            owner.execute(
                "UPDATE role SET fields = %s, grants = jsonb_set(grants, '{web_forms}', '{\"list\": 3, \"view\": 3}') WHERE name = %s",
                (json.dumps({"leads": {"phone_mobile": "hidden"}}), person.name),
            )
        page = person.browser.get(f"{form}/submissions?only=made")
        assert page.status_code == 200
        assert "09125550188" not in page.text
        assert ("Fernwood" in page.text) is seen, kind
    assert "09125550188" in anna.get(f"{form}/submissions?only=made").text
