"""A series changed and removed: one occurrence, it and the following ones, all; topped up; as calendar programs read it."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from crm_domain.definition import Ref
from crm_domain.definition.values import EmailEntry
from crm_domain.modules import REGISTRY
from crm_domain.modules.activities import Meeting
from crm_domain.modules.activities.invite import invite
from crm_domain.modules.activities.series import MOST, behind, top_up
from crm_domain.modules.activities.spread import Which, remove, update
from crm_domain.modules.leads import Lead
from crm_domain.problems import Invalid
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records import save
from crm_domain.records.work import Work
from crm_domain.text.jalali import from_jalali, to_jalali

from .conftest import ADMIN, Company
from .test_activities import START, guests

MEETINGS = REGISTRY["meetings"]
DAY = timedelta(days=1)
COLUMNS = ("name", "starts_at", "occurs_at", "repeat", "repeat_count", "repeat_until", "series", "status", "reminders")


async def plan(work: Work, **values: object) -> UUID:
    given = {"name": "Review", "starts_at": START, "repeat": "daily", "repeat_count": 5, **values}
    return await save.create(work, MEETINGS, given)


async def every(work: Work) -> list[Row]:
    query = ListQuery(columns=COLUMNS, sort=(Sort("starts_at"),), limit=MOST)
    return list((await work.store.page(MEETINGS, query)).rows)


async def days(work: Work) -> list[float]:
    """The starts as days after the first."""
    return [(row["starts_at"] - START) / DAY for row in await every(work)]


async def change(work: Work, place: int, which: Which, **values: Any) -> None:
    rows = await every(work)
    await update(work, MEETINGS, rows[place].id, values, which)


async def off(work: Work, place: int, which: Which) -> None:
    await remove(work, MEETINGS, (await every(work))[place].id, which, company="Demo")


@pytest.mark.parametrize(("which", "named"), [("one", [2]), ("following", [2, 3, 4]), ("all", [0, 1, 2, 3, 4])])
async def test_a_new_name_reaches_what_was_chosen(company: Company, which: Which, named: list[int]) -> None:
    async with company.work() as work:
        await plan(work)
        await change(work, 2, which, name="Planning")
        assert [n for n, row in enumerate(await every(work)) if row["name"] == "Planning"] == named


@pytest.mark.parametrize(
    ("which", "starts"),
    [
        ("one", [0, 1, 2.125, 3, 4]),
        ("following", [0, 1, 2.125, 3.125, 4.125]),
        ("all", [0.125, 1.125, 2.125, 3.125, 4.125]),
    ],
)
async def test_a_new_time_moves_what_was_chosen(company: Company, which: Which, starts: list[float]) -> None:
    async with company.work() as work:
        await plan(work)
        await change(work, 2, which, starts_at=START + 2 * DAY + DAY / 8)
        assert await days(work) == starts


async def test_following_ones_are_a_series_of_their_own(company: Company) -> None:
    async with company.work() as work:
        id_ = await plan(work)
        await change(work, 3, "following", starts_at=START + 3 * DAY + DAY / 8)
        rows = await every(work)
        assert [row["repeat"] for row in rows] == ["daily", None, None, "daily", None]
        assert rows[0]["repeat_until"] == (START + 2 * DAY).date()
        assert rows[1]["series"].id == id_
        assert rows[4]["series"].id == rows[3].id
        assert rows[3]["repeat_count"] == 2


async def test_held_occurrences_and_those_in_the_trash_stay_so(company: Company) -> None:
    async with company.work() as work:
        await plan(work)
        await change(work, 0, "one", status="held")
        await off(work, 2, "one")
        await change(work, 1, "all", name="Planning", starts_at=START + DAY + DAY / 8)
        rows = await every(work)
        assert [row["name"] for row in rows] == ["Review", "Planning", "Planning", "Planning"]
        assert await days(work) == [0, 1.125, 3.125, 4.125]


async def test_a_new_rule_makes_and_takes_away(company: Company) -> None:
    async with company.work() as work:
        await plan(work)
        await change(work, 0, "all", repeat="weekly", repeat_count=3)
        assert await days(work) == [0, 7, 14]
        await change(work, 1, "following", repeat="daily", repeat_count=4)
        assert await days(work) == [0, 7, 8, 9, 10]
        await change(work, 0, "all", repeat=None)
        assert await days(work) == [0, 7, 8, 9, 10]


async def test_a_rule_is_no_matter_of_one_occurrence(company: Company) -> None:
    async with company.work() as work:
        await plan(work)
        with pytest.raises(Invalid) as refused:
            await change(work, 1, "one", repeat_count=9)
        assert set(refused.value.fields) == {"repeat_count"}
        await change(work, 1, "one", repeat="daily", repeat_count=5, name="Same rule")


async def test_weekdays_go_along_when_the_day_moves(company: Company) -> None:
    async with company.work() as work:
        await plan(work, repeat="weekly", repeat_weekdays=("5", "0"), repeat_count=4)
        assert await days(work) == [0, 2, 7, 9]
        await change(work, 0, "all", starts_at=START + DAY)
        assert await days(work) == [1, 3, 8, 10]


async def test_the_day_of_the_month_outlives_a_short_month_that_became_the_head(company: Company) -> None:
    async with company.work() as work:
        first = datetime.combine(from_jalali(1406, 11, 30), time(6), UTC)
        await plan(work, starts_at=first, repeat="monthly", repeat_count=4)
        await change(work, 1, "following", name="Planning")
        await off(work, 0, "one")
        await change(work, 0, "all", repeat_count=6)
        numbers = [to_jalali(row["starts_at"].date())[1:] for row in await every(work)]
        assert numbers == [(12, 29), (1, 30), (2, 30), (3, 30), (4, 30)]
        assert {row["name"] for row in await every(work)} == {"Planning"}


@pytest.mark.parametrize(
    ("place", "which", "left"),
    [
        (0, "one", [1, 2, 3, 4]),
        (2, "one", [0, 1, 3, 4]),
        (2, "following", [0, 1]),
        (0, "following", []),
        (3, "all", []),
    ],
)
async def test_what_was_chosen_goes_to_the_trash(company: Company, place: int, which: Which, left: list[float]) -> None:
    async with company.work() as work:
        await plan(work)
        await off(work, place, which)
        assert await days(work) == left


async def test_without_its_head_a_series_goes_on_under_the_next(company: Company) -> None:
    async with company.work() as work:
        await plan(work)
        await off(work, 0, "one")
        rows = await every(work)
        assert [row["repeat"] for row in rows] == ["daily", None, None, None]
        assert {row["series"].id for row in rows[1:]} == {rows[0].id}


async def test_guests_and_reminders_stand_on_every_occurrence(company: Company) -> None:
    async with company.work() as work:
        lead = await work.create(Lead, Lead.last_name.to("Karimi"))
        await plan(work, parent=Ref("leads", lead), reminders=("900",))
        for row in await every(work):
            assert row["reminders"] == ("900",)
            assert await guests(work, row.id, "users") == {ADMIN: "accept"}
            assert set(await guests(work, row.id, "leads")) == {lead}


async def test_a_rule_without_an_end_is_topped_up_once(company: Company) -> None:
    async with company.work() as work:
        id_ = await plan(work, repeat="weekly", repeat_count=None)
        made = await days(work)
        company.clock.time += timedelta(days=30)
        assert [row.id for row in await behind(work, MEETINGS)] == [id_]
        assert await top_up(work, MEETINGS, id_) > 0
        assert await top_up(work, MEETINGS, id_) == 0
        grown = await days(work)
        assert grown[: len(made)] == made
        assert grown == [7 * number for number in range(len(grown))]
        assert not await behind(work, MEETINGS)


async def test_a_rule_with_an_end_is_never_behind(company: Company) -> None:
    async with company.work() as work:
        await plan(work)
        company.clock.time += timedelta(days=300)
        assert not await behind(work, MEETINGS)


async def test_a_calendar_program_reads_the_series_with_its_exceptions(company: Company) -> None:
    async with company.work() as work:
        id_ = await plan(work)
        await change(work, 1, "one", starts_at=START + DAY + DAY / 8)
        await off(work, 3, "one")
        events = await file_of(company, work, id_)
    whole, moved = events
    assert whole["uid"] == moved["uid"] == str(id_)
    assert whole["rrule"] == {"FREQ": ["DAILY"], "INTERVAL": [1], "WKST": ["SA"], "COUNT": [5]}
    assert whole["dtstart"].dt.tzinfo.key == "Asia/Tehran"
    assert [at.dt for at in whole["exdate"].dts] == [START + 3 * DAY]
    assert moved["recurrence-id"].dt == START + DAY
    assert moved["dtstart"].dt == START + DAY + DAY / 8


async def test_months_of_the_jalali_calendar_are_named_one_by_one(company: Company) -> None:
    async with company.work() as work:
        id_ = await plan(work, repeat="monthly", repeat_count=3)
        [whole] = await file_of(company, work, id_)
    assert "rrule" not in whole
    starts = [whole["dtstart"].dt, *(at.dt for at in whole["rdate"].dts)]
    assert [tuple(to_jalali(at.date()))[1:] for at in starts] == [(9, 7), (10, 7), (11, 7)]


async def test_guests_of_a_series_are_told_once_that_it_is_off(company: Company) -> None:
    async with company.work() as work:
        id_ = await plan(work)
        await with_guest(work, id_)
        await off(work, 2, "following")
        cancelled = await mailed(company, "CANCEL")
    assert [event["recurrence-id"].dt for event in cancelled] == [START + number * DAY for number in (2, 3, 4)]
    assert {str(event["status"]) for event in cancelled} == {"CANCELLED"}


async def a_lead(work: Work) -> UUID:
    emails = (EmailEntry(address="k@example.com", primary=True),)
    return await save.create(work, REGISTRY["leads"], {"last_name": "Karimi", "emails": emails})


async def send(work: Work, id_: UUID) -> None:
    found = await work.get(Meeting, id_)
    assert await invite(work, MEETINGS, found, lambda _guest, _event: "https://x/", company="Demo") == 1


async def file_of(company: Company, work: Work, id_: UUID) -> list[Any]:
    """The events of the invitation that goes to a guest."""
    await with_guest(work, id_)
    return await mailed(company, "REQUEST")


async def with_guest(work: Work, id_: UUID) -> None:
    lead = await a_lead(work)
    for row in await every(work):
        await work.store.link(work.relation("meetings", "guest_leads"), row.id, [lead], {})
    await send(work, id_)


async def mailed(company: Company, method: str) -> list[Any]:
    """The events in the one mail with that method."""
    rows = await company.session.rows("SELECT payload FROM outbox WHERE subject = 'mail.send'")
    payloads: list[Mapping[str, Any]] = [row[0] for row in rows if row[0].get("calendar", {}).get("method") == method]
    [payload] = payloads
    calendar = Calendar.from_ical(payload["calendar"]["text"])
    return list(calendar.walk("VEVENT"))


async def test_another_end_of_all_is_another_length_of_each(company: Company) -> None:
    async with company.work() as work:
        id_ = await plan(work)
        await update(work, MEETINGS, id_, {"ends_at": START + timedelta(hours=2)}, "all")
        query = ListQuery(columns=("starts_at", "ends_at", "duration"), sort=(Sort("starts_at"),), limit=MOST)
        rows = (await work.store.page(MEETINGS, query)).rows
        assert [row["duration"] for row in rows] == [7_200] * 5
        assert all(row["ends_at"] - row["starts_at"] == timedelta(hours=2) for row in rows)
