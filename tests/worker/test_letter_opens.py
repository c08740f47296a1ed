"""Whoever asks learns that his letter was opened; nobody is followed who should not be."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID

from crm_domain.ids import new_id
from crm_domain.letters.rules import FIRST_NUMBER, LetterRules
from crm_domain.tracking.events import Act, Event
from crm_domain.tracking.tokens import Content, Kind
from crm_storage.letters.opens import opens_of
from crm_storage.letters.rules import keep_letter_rules
from crm_storage.tracking.ingest import take
from tests.worker.conftest import Plant
from tests.worker.test_letters import Office, opened

TRACKED = "UPDATE emails SET track_opens = true WHERE id = %(id)s RETURNING 1"
PIXEL = re.compile(r'<img src="([^"]+)/o/([^".]+)\.gif" width="1" height="1" alt="">')


def page(office: Office, to: str) -> str:
    """The letter's markup as its reader has it."""
    found = message_from_bytes(office.sink.contents[to], policy=default).get_body(("html",))
    assert found is not None
    return found.get_content()


async def sent(office: Office, to: str) -> tuple[UUID, Content | None]:
    """A letter whose writer asked, and what its picture says."""
    id_ = await office.letter(to)
    await office.rows(TRACKED, id=id_)
    assert await office.send(id_) == "sent"
    found = PIXEL.search(page(office, to))
    assert found is None or found[1] == office.shop.settings.tracker_url
    return id_, office.shop.tokens.read(Kind.OPEN, found[2]) if found else None


def event(content: Content, at: datetime, via: str) -> Event:
    return Event(
        new_id(at).bytes,
        int(at.timestamp() * 1000),
        Act.OPEN,
        content.tenant,
        content.message,
        0,
        0,
        via,
        "",
        "browser",
    )


async def test_sec_55_opens_are_counted_once_and_those_of_machines_apart(plant: Plant) -> None:
    async with opened(plant) as office:
        id_, content = await sent(office, "a@shop.example")
        assert content and content.tenant == plant.tenant.number and content.message >= FIRST_NUMBER
        first = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
        last = first + timedelta(hours=1)
        early = first - timedelta(seconds=30)
        events = [event(content, early, "scanner"), event(content, first, "human"), event(content, last, "image_proxy")]
        for _ in range(2):
            async with plant.database.tenant(plant.tenant.number) as session:
                await take(session, events)
                await session.commit()
        async with plant.database.tenant(plant.tenant.number) as session:
            found: Any = await opens_of(session, id_)
        assert (found.times, found.by_machines, found.first_at, found.last_at) == (2, 1, first, last)
        assert await office.rows("SELECT count(*) FROM campaign_log") == [(0,)]


async def test_sec_55_nobody_is_followed_against_the_company_or_his_own_wish(plant: Plant) -> None:
    async with opened(plant) as office:
        plain = await office.letter("plain@shop.example")
        assert await office.send(plain) == "sent"
        assert not PIXEL.search(page(office, "plain@shop.example"))
        await office.rows(
            "INSERT INTO email_address (address, address_key, opted_out)"
            " VALUES ('Out@shop.example', 'out@shop.example', true) RETURNING 1"
        )
        assert (await sent(office, "Out@shop.example"))[1] is None
        async with plant.database.tenant(plant.tenant.number) as session:
            await keep_letter_rules(session, LetterRules(may_track=False))
            await session.commit()
        assert (await sent(office, "a@shop.example"))[1] is None
