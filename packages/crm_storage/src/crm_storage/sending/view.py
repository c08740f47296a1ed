"""A mail in the browser: made again from the template that was frozen for its run, with the values it was filled with."""

import msgspec

from crm_domain.problems import BadValue
from crm_domain.sending.words import as_written
from crm_domain.text.merge_tags import Missing, TooMuch
from crm_storage.sending.cast import cast, recipients
from crm_storage.sending.lease import Leased
from crm_storage.sending.station import Outlet, Station

KEPT_MONTHS = 24
MAIL = f"""
SELECT q.run_id, q.module, q.record_id, a.address, coalesce(q.begun_at, q.created_at), q.merged FROM email_queue q
JOIN email_address a ON a.id = q.address_id
WHERE q.id = %(message)s AND q.state IN ('begun', 'sent', 'uncertain') AND q.created_at > now() - interval '{KEPT_MONTHS} months'
"""


async def shown(station: Station, message: int) -> bytes:
    """The mail's page; nothing when the mail did not go, is too old, or cannot be made any more."""
    async with station.work() as context:
        row = await context.session.one(MAIL, {"message": message})
        if row is None:
            return b""
        run, module, record, address, at, merged = row
        try:
            play = await cast(station, context, run, Outlet(station.relay))
            [(_, recipient)] = await recipients(context, play, [Leased(message, module, record, address, 0, "")])
            if merged:
                written = as_written(context.registry[module], play.columns[module], merged)
                recipient = msgspec.structs.replace(recipient, values={**recipient.values, **written})
            return play.composer.page(recipient, at).encode()
        except (LookupError, BadValue, Missing, TooMuch):
            return b""
