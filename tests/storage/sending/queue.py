"""A mailing that is filled and sending, and what tests ask of its rows and addresses."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.mailing import ADMIN, Office

from crm_domain.ids import new_id
from crm_domain.tracking.events import Act, Event
from crm_storage.tracking.ingest import take

LEAVE = "INSERT INTO newsletter_optout (campaign_id, address_id) SELECT c.id, a.id FROM campaigns c, email_address a"

TOLD = "SELECT payload ->> 'to', payload ->> 'template' FROM outbox WHERE subject = 'mail.send'"
"""Who gets which alarm."""
BOSS = """
WITH a AS (INSERT INTO email_address (address, address_key) VALUES ('boss@x.example', 'boss@x.example') RETURNING id)
INSERT INTO email_link (module, record_id, address_id, is_primary) SELECT 'users', %(me)s, id, true FROM a
"""


async def with_boss(office: Office) -> str:
    """Gives the administrator an address; that address."""
    await office.run(BOSS, me=ADMIN)
    return "boss@x.example"


async def addressed_to(office: Office, *recipients: str, **facts: Any) -> UUID:
    """A campaign to these addresses, filled and sending."""
    await office.campaign(**facts)
    await office.list_of("default", [("targets", await office.people("targets", *recipients))])
    run, _ = await office.filled()
    return run


async def row_of(office: Office, address: str) -> dict[str, Any]:
    names = ("state", "reason", "attempts", "reply_code", "not_before", "id")
    (row,) = await office.rows(f"SELECT {', '.join(names)} FROM email_queue WHERE dedupe_key = %(a)s", a=address)
    return dict(zip(names, row, strict=True))


async def address_of(office: Office, address: str) -> tuple[bool, int, bool]:
    (row,) = await office.rows(
        "SELECT invalid, soft_bounces, last_success_at IS NOT NULL FROM email_address WHERE address_key = %(a)s",
        a=address,
    )
    return row


async def sent_out(office: Office, run: UUID) -> None:
    """Sends until nothing more of the run goes out, however slow the machine is."""
    while (await office.counters(run))["state"] == "sending":
        await office.lane()


async def done_by(
    office: Office, messages: list[int], act: Act, *, said: str = "", link: int = 0, marks: int = 0
) -> None:
    """What recipients do with these mails, as the worker takes it in from the trackers."""
    at = datetime.now(UTC)
    async with office.database.tenant(office.number) as session:
        events = [
            Event(new_id(at).bytes, int(at.timestamp() * 1000), act, office.number, one, link, marks, "human", "", "browser", said)
            for one in messages
        ]  # fmt: skip
        await take(session, events)
        await session.commit()
