"""The guests of a series: brought to, taken out of and answering for one occurrence, the following ones, or all."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import recurring_ical_events
from icalendar import Calendar, Event

from crm_domain.definition import Ref
from crm_domain.letters.addresses import Party
from crm_domain.modules.activities.by_mail import answered_by_mail
from crm_domain.modules.activities.series import MOST, top_up
from crm_domain.modules.activities.spread import Which, update
from crm_domain.modules.activities.taking_part import bring, take_out
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records.work import Work
from crm_domain.text.ics import Reply, read_replies

from .conftest import Company
from .test_activities import START, guests
from .test_series import COLUMNS, DAY, MEETINGS, a_lead, every, mailed, plan, send

REPLY = "BEGIN:VCALENDAR\nMETHOD:REPLY"
STRANGE = f"""{REPLY}
BEGIN:VEVENT
UID:1
ATTENDEE;PARTSTAT=ACCEPTED:mailto:k@example.com
RECURRENCE-ID:never
END:VEVENT
END:VCALENDAR"""


@pytest.mark.parametrize(
    ("place", "which", "there"), [(2, "one", [2]), (2, "following", [2, 3, 4]), (2, "all", [0, 1, 2, 3, 4])]
)
async def test_a_guest_takes_part_in_what_was_chosen_and_his_calendar_shows_that(
    company: Company, place: int, which: Which, there: list[int]
) -> None:
    async with company.work() as work:
        id_ = await plan(work)
        await update(work, MEETINGS, id_, {"repeat_count": None}, "all")
        guest, rows = Ref("leads", await a_lead(work)), await every(work)
        await bring(work, MEETINGS, (await whole(work, rows[place].id)), guest, which)
        last = len(rows) if which != "one" else 0
        assert await taken_part(work, guest) == [*there, *range(5, last)]
        await send(work, id_)
        assert await calendar_of(company, "REQUEST", 6) == [
            START + n * DAY for n in (there if last == 0 else [*there, 5])
        ]


async def test_a_guest_taken_out_of_the_following_ones_is_told_once(company: Company) -> None:
    async with company.work() as work:
        id_ = await plan(work)
        guest, rows = Ref("leads", await a_lead(work)), await every(work)
        await bring(work, MEETINGS, await whole(work, id_), guest, "all")
        await send(work, id_)
        await take_out(work, MEETINGS, await whole(work, rows[3].id), guest, "following", company="Demo")
        assert await taken_part(work, guest) == [0, 1, 2]
        cancelled = await mailed(company, "CANCEL")
        assert [event["recurrence-id"].dt for event in cancelled] == [START + number * DAY for number in (3, 4)]


async def test_a_guest_taken_out_of_all_is_told_of_the_series(company: Company) -> None:
    async with company.work() as work:
        id_ = await plan(work)
        guest = Ref("leads", await a_lead(work))
        await bring(work, MEETINGS, await whole(work, id_), guest, "all")
        await send(work, id_)
        await take_out(work, MEETINGS, await whole(work, id_), guest, "all", company="Demo")
        assert await taken_part(work, guest) == []
        [cancelled] = await mailed(company, "CANCEL")
    assert (str(cancelled["uid"]), str(cancelled["status"])) == (str(id_), "CANCELLED")
    assert "recurrence-id" not in cancelled


async def test_an_answer_by_mail_reaches_the_series_or_the_one_occurrence_it_names(company: Company) -> None:
    async with company.work() as work:
        id_ = await plan(work)
        guest, rows = Ref("leads", await a_lead(work)), await every(work)
        await bring(work, MEETINGS, await whole(work, rows[1].id), guest, "following")
        sender = Party("", "K@example.com")
        assert await answered_by_mail(work, reply(id_, "ACCEPTED"), sender) == 4
        assert await answered_by_mail(work, reply(id_, "DECLINED", START + 2 * DAY), sender) == 1
        assert await answered_by_mail(work, reply(id_, "DECLINED"), Party("", "else@example.com")) == 0
        assert await answered_by_mail(work, reply(UUID(int=9), "DECLINED"), sender) == 0
        answers = [(await guests(work, row.id, "leads")).get(guest.id) for row in rows]
    assert answers == [None, "accept", "decline", "accept", "accept"]


async def test_who_goes_on_to_the_end_is_a_guest_of_what_is_made_later(company: Company) -> None:
    async with company.work() as work:
        id_ = await plan(work, repeat="weekly", repeat_count=None)
        guest, rows = Ref("leads", await a_lead(work)), await every(work)
        await bring(work, MEETINGS, await whole(work, rows[3].id), guest, "following")
        company.clock.time += timedelta(days=30)
        made = await top_up(work, MEETINGS, id_)
        assert await taken_part(work, guest) == [7 * n for n in range(3, len(rows) + made)]


@pytest.mark.parametrize("text", ["", "nonsense", REPLY, STRANGE])
def test_sec_27_what_is_no_answer_answers_nothing(text: str) -> None:
    assert read_replies(text) == []


def test_sec_27_an_answer_given_many_times_in_one_mail_is_looked_at_once() -> None:
    event = Event(uid=str(UUID(int=1)))
    for address in ("k@example.com", "K@example.com", "k@EXAMPLE.com") * 100:
        event.add("attendee", f"mailto:{address}", parameters={"partstat": "DECLINED"})
    calendar = Calendar(method="REPLY")
    calendar.add_component(event)
    assert [one.address for one in read_replies(calendar.to_ical().decode())] == ["k@example.com"]


def reply(uid: UUID, said: str, at: datetime | None = None) -> list[Reply]:
    calendar, event = Calendar(method="REPLY"), Event(uid=str(uid))
    event.add("attendee", "mailto:k@example.com", parameters={"partstat": said})
    if at:
        event.add("recurrence-id", at)
    calendar.add_component(event)
    return read_replies(calendar.to_ical().decode())


async def whole(work: Work, id_: UUID) -> Row:
    return (await work.store.fetch(MEETINGS, [id_]))[0]


async def taken_part(work: Work, guest: Ref) -> list[float]:
    """The occurrences as days after the first."""
    query = ListQuery(columns=COLUMNS, sort=(Sort("starts_at"),), limit=MOST)
    page = await work.store.related(work.relation(guest.module, "invited_meetings"), guest.id, query)
    return [(row["starts_at"] - START) / DAY for row in page.rows]


async def calendar_of(company: Company, method: str, days: int) -> list[datetime]:
    """What a calendar program shows of the one mail in the days from the first."""
    rows = await company.session.rows("SELECT payload FROM outbox WHERE subject = 'mail.send'")
    [text] = [row[0]["calendar"]["text"] for row in rows if row[0].get("calendar", {}).get("method") == method]
    shown = recurring_ical_events.of(Calendar.from_ical(text)).between(START, START + days * DAY)
    return sorted(event["dtstart"].dt for event in shown)
