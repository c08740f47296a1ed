"""Notices by mail: at once, with the others of the day, after the reader's quiet hours; each once, none lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

import msgspec

from crm_domain.access.rights import Access
from crm_domain.definition import Ref
from crm_domain.notices import Choice, Way
from crm_storage.people.preferences import keep
from crm_worker.slots.notices import mail_notices
from crm_worker.workshop import SystemClock, Workshop
from tests.sink import Sink
from tests.worker.conftest import Plant, until
from tests.worker.test_bulk import leads, working
from tests.worker.test_notices import ADDRESS, colleague

OPEN = {"days": [], "afternoons": []}
PERSIAN_DAYS = {"days": [4], "afternoons": [3]}
SATURDAY = datetime(2030, 1, 5, 5, 30, tzinfo=UTC)
"""Nine o'clock in Tehran."""
WAITING = "SELECT count(*) FROM notification WHERE mail_at IS NOT NULL"


class Clock(SystemClock):
    """The worker's time, as it is needed."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@asynccontextmanager
async def post_office(plant: Plant) -> AsyncIterator[tuple[Workshop, Sink]]:
    """A worker that delivers to a server, and the hands of its clock."""
    sink = Sink(keep=True)
    await sink.start()
    plant.settings = msgspec.structs.replace(plant.settings, smtp_url=f"smtp://127.0.0.1:{sink.port}")
    try:
        async with plant.worker() as worker:
            worker.shop.active = lambda: [plant.tenant]
            yield worker.shop, sink
    finally:
        await sink.stop()


async def reader(plant: Plant, way: Way, quiet: object = OPEN, language: str = "en") -> UUID:
    """Somebody who wants what is assigned to her in that way."""
    sara = await colleague(plant)
    async with working(plant, Access(user=sara)) as work:
        await work.store.notices.choose([Choice("assigned", page=True, mail=way)])
    async with plant.database.tenant(plant.tenant.number) as session:
        await keep(session, sara, {"quiet": quiet, "language": language})
        await session.commit()
    return sara


async def arrived(sink: Sink) -> EmailMessage:
    """The only mail, once it is there."""

    async def there() -> bytes | None:
        return sink.contents.get(ADDRESS)

    mail = message_from_bytes(await until(there, "the mail arrives"), policy=default)
    assert isinstance(mail, EmailMessage) and len(sink.accepted[ADDRESS]) == 1
    return mail


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


async def test_one_notice_is_mailed_at_once_in_its_own_words_and_only_once(plant: Plant) -> None:
    sara = await reader(plant, "now")
    async with post_office(plant) as (shop, sink):
        [lead] = await leads(plant, 1, assigned_to=Ref("users", sara))
        await mail_notices(shop)
        await mail_notices(shop)
        mail = await arrived(sink)
    assert "Lead 0" in mail["subject"] and f"/leads/{lead}" in text_of(mail)
    assert await plant.rows(WAITING) == [(0,)]


async def test_the_digest_comes_next_morning_in_the_readers_calendar_without_what_he_read(plant: Plant) -> None:
    sara = await reader(plant, "digest", language="fa")
    told = datetime.now(UTC)
    async with post_office(plant) as (shop, sink):
        clock = shop.clock = Clock(told)
        await mail_notices(shop)
        assert await plant.rows("SELECT count(*) FROM outbox WHERE payload ->> 'template' = 'digest'") == [(0,)]
        await leads(plant, 3, assigned_to=Ref("users", sara))
        await mail_notices(shop)
        [(due,)] = await plant.rows("SELECT DISTINCT mail_at FROM notification")
        assert told < due <= told + timedelta(days=1) and due.strftime("%M") == "30", "nine o'clock in Tehran"
        await plant.change("UPDATE notification SET mail_at = now()")
        await plant.change(
            "UPDATE notification SET read_at = now() WHERE id = (SELECT id FROM notification ORDER BY id LIMIT 1)"
        )
        clock.at = due
        await mail_notices(shop)
        mail = await arrived(sink)
    text = text_of(mail)
    assert "۲ اعلان" in mail["subject"] and "Lead 1" in text and "Lead 2" in text and "Lead 0" not in text
    assert "۱۴۰" in text and "/notifications" in text


async def test_quiet_hours_hold_mails_back_and_lose_none(plant: Plant) -> None:
    sara = await reader(plant, "now", PERSIAN_DAYS)
    friday = datetime(2030, 1, 4, 12, tzinfo=UTC)
    async with post_office(plant) as (shop, sink):
        clock = shop.clock = Clock(friday)
        await leads(plant, 2, assigned_to=Ref("users", sara))
        await mail_notices(shop)
        assert await plant.rows("SELECT DISTINCT mail_at FROM notification") == [(SATURDAY,)]
        assert not sink.contents
        await plant.change("UPDATE notification SET mail_at = now()")
        clock.at = SATURDAY
        await mail_notices(shop)
        mail = await arrived(sink)
    assert "2 new notifications" in mail["subject"] and "Lead 0" in text_of(mail) and "Lead 1" in text_of(mail)


async def test_sec_39_what_may_not_be_seen_any_more_is_not_mailed(plant: Plant) -> None:
    sara = await reader(plant, "now")
    await leads(plant, 1, assigned_to=Ref("users", sara))
    await plant.change("DELETE FROM user_role")
    async with post_office(plant) as (shop, _):
        await mail_notices(shop)
    assert await plant.rows("SELECT count(*) FROM outbox WHERE payload ->> 'template' = 'notice_assigned'") == [(0,)]
    assert await plant.rows(WAITING) == [(0,)]
