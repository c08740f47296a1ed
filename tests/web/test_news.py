"""Reading the news: what feeds brought, what of it is new, and what administrators put before everybody."""

import re

import pytest

from tests.site import Browser, Site

ITEM = re.compile(r'name="item" value="([0-9a-f-]{36})"')
FEED = re.compile(r'href="/news\?feed=([0-9a-f-]{36})"')


@pytest.fixture
def browser(site: Site) -> Browser:
    return site.browser("northwind")


def test_entries_open_in_place_and_reading_one_takes_it_from_the_new(browser: Browser) -> None:
    page = browser.get("/news").text
    new = ITEM.findall(page)
    assert "Market Today" in page and 'rel="noopener noreferrer"' in page and new
    assert browser.post("/news/read", at="/news", item=new[0]).headers["location"] == "/news"
    assert new[0] not in ITEM.findall(browser.get("/news").text)


def test_a_feed_is_read_by_itself_and_all_at_once(browser: Browser) -> None:
    feed, other = FEED.findall(browser.get("/news").text)[:2]
    assert ITEM.findall(browser.get(f"/news?feed={feed}").text)
    assert browser.post("/news/read", at="/news", feed=feed).headers["location"] == f"/news?feed={feed}"
    assert ITEM.findall(browser.get(f"/news?feed={feed}").text) == []
    assert ITEM.findall(browser.get(f"/news?feed={other}").text)


def test_the_news_stand_on_the_home_page(browser: Browser) -> None:
    assert 'rel="noopener noreferrer"' in browser.get("/home/news").text


def test_what_is_no_feed_of_mine_is_not_found(browser: Browser) -> None:
    assert browser.get("/news?feed=00000000-0000-0000-0000-000000000001").status_code == 404
    assert browser.post("/news/read", at="/news", item="nonsense").status_code == 404


@pytest.mark.parametrize("url", ["http://localhost:5432/", "http://169.254.169.254/feed", "https://[::1]/feed"])
def test_42_a_form_refuses_an_address_inside(browser: Browser, url: str) -> None:
    answer = browser.post("/feeds", at="/feeds/new", name="Inside", url=url)
    assert answer.status_code == 422 and "does not lie in the public web" in answer.text


def test_entries_are_written_by_their_feeds_only(browser: Browser) -> None:
    assert browser.get("/feed_items/new").status_code == 403
