"""One of a series on the pages, in the calendar and over the API: only this, this and following, all."""

import re

import pytest

from .conftest import Browser, Site
from .test_calendar import plan

SATURDAY = "2027-01-23"
"""3 Bahman 1405."""
RULE = {"repeat": "daily", "repeat_count": "4"}
DAILY = {"start": "1405/11/03", **RULE}


@pytest.fixture(scope="module")
def sara(site: Site) -> Browser:
    return site.browser("pishro")


def occurrences(sara: Browser, name: str) -> list[str]:
    """The paths of the series, in time."""
    page = sara.get(f"/calendar?view=agenda&on={SATURDAY}&who=all&layer=meetings").text
    found = re.findall(r'href="(/meetings/[0-9a-f-]+)"[^>]*>.*?<bdi class="clip strong">(.*?)</bdi>', page, re.DOTALL)
    found = [path for path, shown in found if shown == name]
    return list(dict.fromkeys(found))


def test_the_form_of_an_occurrence_shows_the_rule_and_asks_which(sara: Browser) -> None:
    plan(sara, "روزانه", **DAILY)
    second = occurrences(sara, "روزانه")[1]
    form = sara.get(f"{second}/edit").text
    assert '<option value="daily" selected>' in form
    assert re.findall(r'name="occurrences" value="(\w+)"( checked)?', form) == [
        ("one", " checked"), ("following", ""), ("all", ""),
    ]  # fmt: skip


def test_a_meeting_by_itself_asks_nothing(sara: Browser) -> None:
    path = plan(sara, "تنها")
    assert 'name="occurrences"' not in sara.get(f"{path}/edit").text
    assert 'name="occurrences"' not in sara.get(path).text


def test_a_saved_form_reaches_the_following_ones(sara: Browser) -> None:
    plan(sara, "پیگیری", **DAILY)
    second = occurrences(sara, "پیگیری")[1]
    saved = sara.post(second, at=f"{second}/edit", name="گزارش نو", occurrences="following", **RULE, starts_at="1405/11/04",
                      **{"starts_at.time": "10:00"}, duration="60", status="planned", meeting_type="in_person")  # fmt: skip
    assert saved.status_code == 303, saved.text
    assert len(occurrences(sara, "پیگیری")) == 1
    assert len(occurrences(sara, "گزارش نو")) == 3


def test_a_rule_for_one_alone_is_refused_beside_its_field(sara: Browser) -> None:
    path = plan(sara, "قاعده", **DAILY)
    saved = sara.post(path, at=f"{path}/edit", name="قاعده", occurrences="one", repeat="daily", repeat_count="9")
    assert saved.status_code == 422
    assert "«این و بعدی‌ها»" in saved.text


def test_a_drag_moves_all_of_them(sara: Browser) -> None:
    path = plan(sara, "کشیدنی", **DAILY)
    facts = {"module": "meetings", "id": path.rsplit("/")[-1], "start": f"{SATURDAY}T15:30", "occurrences": "all"}
    assert sara.post("/calendar/move", **facts).status_code in (200, 201)
    last = occurrences(sara, "کشیدنی")[3]
    assert re.search(r'at-31 for-2" href="' + last, sara.get("/calendar?view=day&on=2027-01-26").text)
    assert sara.post("/calendar/move", **{**facts, "occurrences": "some"}).status_code == 422


def test_the_menu_deletes_the_following_ones(sara: Browser) -> None:
    plan(sara, "زدودنی", **DAILY)
    second = occurrences(sara, "زدودنی")[1]
    assert sara.post(f"{second}/delete", occurrences="following").status_code == 303
    assert len(occurrences(sara, "زدودنی")) == 1
