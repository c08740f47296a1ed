"""The company's mails to customers and what their answers lead to, as administrators settle them."""

import re

import pytest

from tests.isolation.people import connect, hire
from tests.site import Browser, Site

URL = "/admin/cases"


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser("northwind")


def kept(site: Site) -> object:
    with connect(site) as owner:
        row = owner.execute("SELECT value FROM setting WHERE key = 'cases'").fetchone()
        return row[0] if row else None


def test_words_left_as_they_are_stay_the_products_and_what_is_settled_is_in_the_audit(
    site: Site, anna: Browser
) -> None:
    page = anna.get(URL).text
    assert "your request “{subject}” is with us" in page and "درخواست شما با موضوع" in page
    posted = {
        "closed.sent": "1",
        "closed.en": "Done with {number} <b>",
        "closed.fa": "",
        "answered.closed": "new",
        "answered.pending_input": "",
    }
    assert anna.post(URL, at=URL, **posted).status_code == 303
    assert kept(site) == {
        "opened": {"sent": False, "words": {}},
        "closed": {"sent": True, "words": {"en": "Done with {number} <b>"}},
        "answered": {"closed": "new"},
    }
    page = anna.get(URL).text
    assert "Done with {number} &lt;b&gt;" in page and "Done with {number} <b>" not in page
    with connect(site) as owner:
        assert owner.execute("SELECT 1 FROM audit_event WHERE module = 'settings' AND action = 'cases'").fetchone()


def test_who_may_publish_articles_is_settled_and_holds_on_the_page_too(site: Site, anna: Browser) -> None:
    assert anna.post(URL, at=URL, four_eyes="1", **{"answered.closed": "assigned"}).status_code == 303
    assert 'name="four_eyes" value="1" checked' in anna.get(URL).text
    author = re.search(r'name="author" value="([0-9a-f-]+)"', anna.get("/knowledge_articles/new").text)
    assert author
    mine = {"name": "My own words", "description": "<p>x</p>", "author": author[1], "language": "en"}
    refused = anna.post("/knowledge_articles", at="/knowledge_articles/new", status="public", **mine)
    assert refused.status_code == 422 and "somebody other than its author publishes" in refused.text
    with connect(site) as owner:
        owner.execute("DELETE FROM setting WHERE key IN ('cases', 'knowledge')")
    assert anna.post("/knowledge_articles", at="/knowledge_articles/new", status="public", **mine).status_code == 303


def test_no_answer_closes_a_case_and_nobody_else_settles_it(site: Site, anna: Browser) -> None:
    before = kept(site)
    for posted in ({"answered.new": "closed"}, {"answered.new": "x"}, {"closed.fa": "آ" * 4001}):
        assert anna.post(URL, at=URL, **posted).status_code == 422
    reader = hire(site, "reader").browser
    assert reader.get(URL).status_code == 403
    assert reader.post(URL, at="/settings").status_code == 403
    assert kept(site) == before
    with connect(site) as owner:
        owner.execute("DELETE FROM setting WHERE key = 'cases'")
