"""Long work in the browser and over the API: its page, its live events, its end by wish; each sees his own."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from crm_domain.jobs import Outcome, Step
from crm_storage.bus import outbox_life
from crm_storage.database import Database, Session
from crm_storage.jobs import rows, run
from crm_storage.outbox import put
from tests.loops import run as run_now
from tests.site import Site

NUMBER = "SELECT number FROM host.tenant WHERE slug = 'pishro'"
STATE = "SELECT published_at IS NOT NULL, handled_at IS NOT NULL, round FROM outbox WHERE id = %(id)s"
ADMIN = "SELECT id FROM users WHERE user_name = 'admin'"


@asynccontextmanager
async def company(site: Site) -> AsyncGenerator[Session]:
    """A unit of work in the Persian company, as a worker would open one."""
    database = Database(site.admin_url, size=1)
    await database.open()
    async with database.host() as host:
        number = (await host.rows(NUMBER))[0][0]
    async with database.tenant(number) as session:
        yield session
        await session.commit()
    await database.close()


async def start(site: Site) -> UUID:
    async with company(site) as session:
        admin = (await session.rows(ADMIN))[0][0]
        return await rows.start(session, "records.bulk", admin, {}, total=1204)


async def step(site: Site, id_: str, made: Step) -> None:
    async with company(site) as session:
        job = await run.take(session, UUID(id_), 0)
        assert job and await run.keep(session, job, made)
        if made.finished:
            assert await run.end(session, job, "done", made)


@pytest.fixture
def job(site: Site) -> str:
    return str(run_now(start(site)))


def test_a_jobs_page_says_how_far_it_is_in_the_readers_words(site: Site, job: str) -> None:
    run_now(step(site, job, Step(done=600)))
    page = site.browser("pishro").get(f"/jobs/{job}").text
    assert "۶۰۰ از ۱٬۲۰۴" in page and "در حال انجام" in page
    assert f'data-follow="/jobs/{job}/events"' in page


def test_a_finished_job_shows_its_counts_and_is_not_followed(site: Site, job: str) -> None:
    outcome = Outcome(counts={"changed": 1204}, href="/leads")
    run_now(step(site, job, Step(done=1204, finished=True, outcome=outcome)))
    page = site.browser("pishro").get(f"/jobs/{job}").text
    assert "۱٬۲۰۴" in page and 'href="/leads"' in page and "data-follow" not in page


def test_the_list_names_my_jobs(site: Site, job: str) -> None:
    assert f"/jobs/{job}" in site.browser("pishro").get("/jobs").text


def test_a_waiting_job_is_cancelled_from_its_page(site: Site, job: str) -> None:
    browser = site.browser("pishro")
    assert browser.post(f"/jobs/{job}/cancel", at=f"/jobs/{job}").status_code == 303
    assert "لغو شد" in browser.get(f"/jobs/{job}").text


def test_the_page_hears_of_every_step_and_of_the_end(site: Site, job: str) -> None:
    browser = site.browser("pishro")
    with browser.http.stream("GET", f"/jobs/{job}/events") as stream:
        lines = stream.iter_lines()
        assert "waiting 0" in _next(lines)
        run_now(step(site, job, Step(done=7)))
        assert "running 7" in _next(lines)
        run_now(step(site, job, Step(done=9, finished=True)))
        assert [_next(lines).split()[0], _next(lines)] == ["done", "over"]


def test_sec_01_the_stream_of_another_companys_job_is_not_found(site: Site, job: str) -> None:
    assert site.browser("northwind").get(f"/jobs/{job}/events").status_code == 404


def _next(lines: Any) -> str:
    return next(line.removeprefix("data: ") for line in lines if line.startswith("data: "))


async def bury(site: Site) -> str:
    async with company(site) as session:
        id_ = await put(session, "mail.send", {"to": "somebody"})
        await outbox_life.published(session, [id_], "this life")
        await outbox_life.bury(session, id_, 8, "SMTPRecipientsRefused")
    return str(id_)


async def state(site: Site, id_: str) -> tuple[object, ...]:
    async with company(site) as session:
        return (await session.rows(STATE, {"id": id_}))[0]


def test_rel_04_a_dead_letter_is_seen_retried_and_discarded_by_an_administrator(site: Site) -> None:
    retried, discarded = run_now(bury(site)), run_now(bury(site))
    browser = site.browser("pishro")
    page = browser.get("/admin/jobs").text
    assert "SMTPRecipientsRefused" in page and f"/admin/jobs/{retried}/retry" in page
    for id_, how in ((retried, "retry"), (discarded, "discard")):
        assert browser.post(f"/admin/jobs/{id_}/{how}", at="/admin/jobs").status_code == 303
    assert run_now(state(site, retried)) == (False, False, 1)
    assert run_now(state(site, discarded)) == (True, True, 0)
    assert retried not in browser.get("/admin/jobs").text
