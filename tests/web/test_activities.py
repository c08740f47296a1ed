"""The activities of a record on its page: planned, ticked off, taken back, followed by the next step."""

import pytest

from .conftest import Browser, Site


@pytest.fixture(scope="module")
def sara(site: Site) -> Browser:
    return site.browser("pishro")


def account(sara: Browser) -> str:
    made = sara.post("/accounts", at="/accounts/new", name="پارس نمونه")
    assert made.status_code == 303, made.text
    return made.headers["location"]


def task(sara: Browser, parent: str, name: str) -> str:
    """Written by the short form beside the record; its path."""
    made = sara.post(f"{parent}/related/tasks/new", at="/tasks/new", name=name, status="not_started", priority="high")
    assert made.status_code in (200, 201), made.text
    page = sara.get(f"{parent}/activities").text
    return page.split(f'<bdi>{name}</bdi>')[0].rsplit('href="', 1)[1].split('"')[0]  # fmt: skip


def test_what_is_planned_stands_above_what_was_done(sara: Browser) -> None:
    home = account(sara)
    first, second = task(sara, home, "گام نخست"), task(sara, home, "گام دوم")
    assert sara.post(f"{first}/done").status_code == 303
    page = sara.get(f"{home}/activities").text
    planned, done = page.split('<ol class="timeline">')
    assert second in planned and first not in planned
    assert first in done and second not in done


def test_a_tick_in_a_list_completes_and_stays_in_the_list(sara: Browser) -> None:
    path = sara.post("/tasks", at="/tasks/new", name="تیک فهرست", status="not_started", priority="high").headers[
        "location"
    ]
    asked = "/tasks?filter[name][contains]=تیک"
    assert f'formaction="{path}/done"' in sara.get(asked).text
    answer = sara.post(f"{path}/done", then="list", list="filter[name][contains]=تیک\r\nX: y")
    assert answer.headers["location"].startswith("/tasks?filter%5Bname%5D%5Bcontains%5D=%D8%AA")
    assert "\n" not in answer.headers["location"] and "%0D%0AX" in answer.headers["location"]
    assert f'formaction="{path}/done"' not in sara.get(asked).text


def test_a_tick_is_taken_back(sara: Browser) -> None:
    home = account(sara)
    path = task(sara, home, "برگشتنی")
    sara.post(f"{path}/done")
    assert "انجام‌شده" in sara.get(path).text
    sara.post(f"{path}/reopen")
    assert "شروع‌نشده" in sara.get(path).text


def test_s_5_closing_opens_the_next_step_filled_in(sara: Browser) -> None:
    home = account(sara)
    path = task(sara, home, "پیگیری هفتگی")
    answer = sara.post(f"{path}/done", then="new")
    assert answer.status_code == 303
    form = sara.get(answer.headers["location"]).text
    assert 'value="پیگیری هفتگی"' in form
    assert home.rsplit("/")[-1] in form
    assert '<option value="not_started" selected>' in form
    assert "انجام‌شده" in sara.get(path).text


def test_what_has_no_end_cannot_be_finished(sara: Browser) -> None:
    assert sara.post(f"{account(sara)}/done").status_code == 404


def test_the_page_of_a_record_has_its_stream(sara: Browser) -> None:
    home = account(sara)
    assert f'hx-get="{home}/activities"' in sara.get(home).text
