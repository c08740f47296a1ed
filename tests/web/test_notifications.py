"""The bell: what I was told, how many are new, opening one, and how I want to be told."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from crm_storage.database import Database, Session
from crm_storage.notices import tell
from tests.loops import run as run_now
from tests.site import Browser, Site

OPENS = re.compile(r'action="/notifications/([0-9a-f-]{36})"')
NUMBER = "SELECT number FROM host.tenant WHERE slug = 'pishro'"
ADMIN = "SELECT id FROM users WHERE user_name = 'admin'"


@asynccontextmanager
async def company(site: Site) -> AsyncGenerator[Session]:
    database = Database(site.admin_url, size=1)
    await database.open()
    async with database.host() as host:
        number = (await host.rows(NUMBER))[0][0]
    async with database.tenant(number) as session:
        yield session
        await session.commit()
    await database.close()


async def say(site: Site) -> None:
    async with company(site) as session:
        admin = (await session.rows(ADMIN))[0][0]
        await tell(session, "job_done", [admin], "/jobs", {"work": {"id": "jobs.kind.records.bulk"}})


@pytest.fixture
def browser(site: Site) -> Browser:
    browser = site.browser("pishro")
    browser.post("/notifications/read", at="/settings")
    return browser


def test_the_bell_counts_and_opening_a_notice_reads_it(site: Site, browser: Browser) -> None:
    run_now(say(site))
    page = browser.get("/notifications?unread=1").text
    assert '<span class="n" aria-live="polite">۱</span>' in page and "تغییر گروهی رکوردها انجام شد" in page
    [notice] = OPENS.findall(page)
    opened = browser.post(f"/notifications/{notice}", at="/settings")
    assert opened.headers["location"] == "/jobs"
    assert "همه را خوانده‌اید" in browser.get("/notifications?unread=1").text


def test_the_count_is_heard_when_it_changes(site: Site, browser: Browser) -> None:
    with browser.http.stream("GET", "/notifications/events") as stream:
        lines = (line.removeprefix("data: ") for line in stream.iter_lines() if line.startswith("data: "))
        assert next(lines) == "0"
        run_now(say(site))
        assert next(lines) == "1"


def test_each_chooses_how_he_is_told(browser: Browser) -> None:
    saved = browser.post("/settings/notifications", at="/settings/notifications", page="assigned", mail="job_done")
    assert saved.status_code == 303
    page = browser.get("/settings/notifications").text
    assert page.count(" checked") == 2
    everything = {"page": ["assigned", "assigned_many", "job_done", "job_failed"], "mail": ["job_failed"]}
    token = browser.token("/settings/notifications")
    assert browser.http.post("/settings/notifications", data={"_csrf": token, **everything}).status_code == 303


def test_a_reminder_is_put_off_for_one_of_the_spans(site: Site, browser: Browser) -> None:
    async def remind() -> None:
        async with company(site) as session:
            admin = (await session.rows(ADMIN))[0][0]
            facts = {"name": "Review", "module": {"id": "meetings.one"}, "before": {"id": "reminder_time.900"}}
            await tell(session, "reminder", [admin], "/meetings", facts)

    browser.post("/settings/notifications", at="/settings/notifications", page="reminder")
    run_now(remind())
    page = browser.get("/notifications?unread=1").text
    [path] = set(re.findall(r'action="(/notifications/[0-9a-f-]{36}/snooze)"', page))
    assert browser.post(path, at="/notifications", wait="never").status_code == 422
    assert browser.post(path, at="/notifications", wait="tomorrow").status_code == 303
    assert path not in browser.get("/notifications?unread=1").text
