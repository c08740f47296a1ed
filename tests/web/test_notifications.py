"""The bell: what I was told, how many are new, opening one, and how I want to be told."""

import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from crm_domain.definition import Ref
from crm_domain.notices import NOTICES
from crm_storage.database import Database, Session
from crm_storage.notices import tell
from tests.isolation.people import TENANT, connect, hire
from tests.loops import run as run_now
from tests.site import Browser, Site

RECORD = re.compile(r'<a class="name clip" href="(/accounts/[0-9a-f-]{36})"')
OPENS = re.compile(r'action="/notifications/([0-9a-f-]{36})"')
NUMBER = "SELECT number FROM host.tenant WHERE slug = %(slug)s"
ADMIN = "SELECT id FROM users WHERE user_name = 'admin'"


@asynccontextmanager
async def company(site: Site, slug: str = "pishro") -> AsyncGenerator[Session]:
    database = Database(site.admin_url, size=1)
    await database.open()
    async with database.host() as host:
        number = (await host.rows(NUMBER, {"slug": slug}))[0][0]
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
    [notice] = set(OPENS.findall(page))
    opened = browser.post(f"/notifications/{notice}", at="/settings")
    assert opened.headers["location"] == "/jobs"
    assert "همه را خوانده‌اید" in browser.get("/notifications?unread=1").text


def test_the_list_is_narrowed_by_topic_and_a_notice_is_read_where_it_stands(site: Site, browser: Browser) -> None:
    run_now(say(site))
    assert "تغییر گروهی رکوردها انجام شد" in browser.get("/notifications?unread=1&topic=work").text
    assert OPENS.findall(browser.get("/notifications?unread=1&topic=cases").text) == []
    notice = OPENS.findall(browser.get("/notifications?unread=1").text)[0]
    assert browser.post(f"/notifications/{notice}", stay="1").headers["location"] == "/notifications"
    assert OPENS.findall(browser.get("/notifications?unread=1").text) == []


def test_sec_39_a_notice_says_nothing_of_a_record_that_its_reader_lost(site: Site) -> None:
    person = hire(site, "reader", f"lost-{uuid4()}")

    async def assign() -> None:
        async with company(site, TENANT) as session:
            lead = (await session.rows("SELECT id FROM leads LIMIT 1"))[0][0]
            about = Ref("leads", lead)
            facts = {"name": "Told then", "module": {"id": "leads.one"}}
            await tell(session, "assigned", [person.id], f"/leads/{lead}", facts, about=about)

    run_now(assign())
    assert "to you" in person.browser.get("/notifications").text
    with connect(site) as owner:
        owner.execute("DELETE FROM user_role WHERE user_id = %s", (person.id,))
    page = person.browser.get("/notifications").text
    assert "Told then" not in page and "you can no longer see" in page
    [notice] = set(OPENS.findall(page))
    assert person.browser.post(f"/notifications/{notice}", at="/settings").headers["location"] == "/notifications"


def test_a_record_is_followed_by_a_button_and_found_in_its_list(browser: Browser) -> None:
    before = set(RECORD.findall(browser.get("/accounts?followed=1").text))
    record = next(one for one in RECORD.findall(browser.get("/accounts").text) if one not in before)
    assert browser.post(f"{record}/follow", at=record).status_code == 303
    assert f'action="{record}/follow"' in browser.get(record).text
    assert set(RECORD.findall(browser.get("/accounts?followed=1").text)) == {record, *before}
    browser.post(f"{record}/follow", at=record)
    assert set(RECORD.findall(browser.get("/accounts?followed=1").text)) == before
    assert browser.post(f"/accounts/{uuid4()}/follow").status_code == 404


def test_the_count_is_heard_when_it_changes(site: Site, browser: Browser) -> None:
    with browser.http.stream("GET", "/notifications/events") as stream:
        states = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
        assert next(states) == {"unread": 0, "last": "", "records": {}}
        run_now(say(site))
        state = next(states)
    assert state["unread"] == 1 and state == browser.get("/notifications/state").json()
    nothing = "00000000-0000-0000-0000-000000000000"
    [news] = browser.get(f"/notifications/news?after={nothing}").json()
    assert news == {"id": state["last"], "text": "تغییر گروهی رکوردها انجام شد", "href": "/jobs"}
    assert browser.get(f"/notifications/news?after={state['last']}").json() == []


def test_an_open_record_hears_who_changed_it_and_nobody_else_hears_of_it(site: Site) -> None:
    person, blind = hire(site, "reader", f"open-{uuid4()}"), hire(site, "nobody", f"blind-{uuid4()}")
    record = person.browser.get("/accounts").text
    path = RECORD.findall(record)[0]
    asked = f"/notifications/events?records={path[1:]},accounts/nonsense,nothing/{uuid4()}"
    with person.browser.http.stream("GET", asked) as stream:
        states = (json.loads(line[6:])["records"] for line in stream.iter_lines() if line.startswith("data: "))
        before = next(states)[path[1:]]
        admin = site.browser(TENANT)
        saved = admin.post(f"{path}/cell/description", at="/settings", description=f"Told {uuid4()}")
        assert saved.status_code == 200, saved.text
        after = next(states)[path[1:]]
    assert after == before + 1
    assert "Administrator" in person.browser.get(f"{path}/changed?since={before}").text
    assert person.browser.get(f"{path}/changed?since={after}").text.strip() == ""
    assert admin.get(f"{path}/changed?since={before}").text.strip() == "", "his own doing"
    assert blind.browser.get(f"/notifications/state?records={path[1:]}").json()["records"] == {}
    assert blind.browser.get(f"{path}/changed?since=0").status_code in (403, 404)


def test_each_chooses_how_he_is_told(browser: Browser) -> None:
    asked = {"page": "assigned", "mail.job_done": "digest", "free.3": "day", "begins": "22", "ends": "7"}
    saved = browser.post("/settings/notifications", at="/settings/notifications", **asked)
    assert saved.status_code == 303
    page = browser.get("/settings/notifications").text
    assert page.count(" checked") == 1 and page.count('value="digest" selected') == 1
    assert page.count('value="day" selected') == 1 and page.count('value="22" selected') == 1
    never = {f"free.{day}": "day" for day in range(7)}
    refused = browser.post("/settings/notifications", at="/settings/notifications", **never)
    assert refused.status_code == 422 and "هیچ ساعتی" in refused.text
    everything = {
        "page": [kind.key for kind in NOTICES],
        "mail.job_failed": "now",
        "free.3": "afternoon",
        "free.4": "day",
    }
    token = browser.token("/settings/notifications")
    assert browser.http.post("/settings/notifications", data={"_csrf": token, **everything}).status_code == 303


def test_a_reminder_is_put_off_for_one_of_the_spans(site: Site, browser: Browser) -> None:
    async def remind() -> None:
        async with company(site) as session:
            admin = (await session.rows(ADMIN))[0][0]
            facts = {"name": "Review", "module": {"id": "meetings.one"}, "before": {"id": "reminder_time.900"}}
            await tell(session, "reminder", [admin], "/meetings", facts)

    browser.post("/settings/notifications", at="/settings/notifications", page=["reminder", "job_done"])
    run_now(remind())
    page = browser.get("/notifications?unread=1").text
    [path] = set(re.findall(r'action="(/notifications/[0-9a-f-]{36}/snooze)"', page))
    assert browser.post(path, at="/notifications", wait="never").status_code == 422
    assert browser.post(path, at="/notifications", wait="tomorrow").status_code == 303
    assert path not in browser.get("/notifications?unread=1").text
