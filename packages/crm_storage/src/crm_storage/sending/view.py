"""A mail in the browser: made again from the template that was frozen for its run, with the values it was filled with."""

from collections.abc import Mapping

import msgspec

from crm_domain.access.rights import Access
from crm_domain.problems import BadValue
from crm_domain.query.read import may_read
from crm_domain.sending.compose import STAFF_VIEW, WEB_VIEW
from crm_domain.sending.words import as_written
from crm_domain.text.merge_tags import Missing, TooMuch
from crm_domain.tracking.tokens import Kind
from crm_storage.database import Session
from crm_storage.records import reads
from crm_storage.records.context import Context
from crm_storage.sending.cast import cast, recipients
from crm_storage.sending.lease import Leased
from crm_storage.sending.station import Outlet, Station

KEPT_MONTHS = 24
MAIL = f"""
SELECT q.run_id, q.module, q.record_id, a.address, coalesce(q.begun_at, q.created_at), q.merged FROM email_queue q
JOIN email_address a ON a.id = q.address_id
WHERE q.id = %(message)s AND q.state IN ('begun', 'sent', 'uncertain') AND q.created_at > now() - interval '{KEPT_MONTHS} months'
"""


class AsSent(msgspec.Struct, frozen=True):
    """A mail as its recipient got it."""

    subject: str
    page: str


async def shown(station: Station, message: int, *, staff: bool = False) -> bytes:
    """The mail's page for its recipient, or for `staff` who came from one of theirs; nothing when the mail did not go, is too
    old, or cannot be made any more."""
    async with station.work() as context:
        found = await _made(station, context, message, STAFF_VIEW if staff else WEB_VIEW)
    return found.page.encode() if found else b""


async def as_sent(station: Station, session: Session, message: int, reader: Access) -> AsSent | None:
    """The same for the company's own people, in their session and within their rights: what they follow in it counts for nobody.
    Nothing also where the recipient is out of the reader's reach, or the mail tells what his roles hide."""
    return await _made(station, Context(session, station.schema, reader, "web", ""), message, STAFF_VIEW, reader)


async def _made(
    station: Station, context: Context, message: int, marks: Mapping[Kind, int], reader: Access | None = None
) -> AsSent | None:
    row = await context.session.one(MAIL, {"message": message})
    if row is None:
        return None
    run, module, record, address, at, merged = row
    try:
        play = await cast(station, context, run, Outlet(station.relay))
        told = play.columns[module].values()
        if reader and not all(may_read(reader, context.registry[module], path) for path in told):
            return None
        if reader and not await reads.fetch(context, context.registry[module], [record], columns=["name"]):
            return None
        [(_, recipient)] = await recipients(context, play, [Leased(message, module, record, address, 0, "")])
        if merged:
            written = as_written(context.registry[module], play.columns[module], merged)
            recipient = msgspec.structs.replace(recipient, values={**recipient.values, **written})
        composer = play.composer
        return AsSent(composer.subject(recipient, at), composer.page(recipient, at, marks))
    except (LookupError, BadValue, Missing, TooMuch):
        return None
