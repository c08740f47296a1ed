"""Jobs and events leave with the transaction of the change they belong to (REL-01)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_storage.database import Session

CHANNEL = "outbox"
"""Where the relay hears, once the change commits, in which schema something waits."""
PUT = f"""
INSERT INTO outbox (subject, payload, not_before) VALUES (%(subject)s, %(payload)s::jsonb, %(not_before)s)
RETURNING id, pg_notify('{CHANNEL}', current_schema())
"""
PUT_MANY = f"""
INSERT INTO outbox (subject, payload) SELECT %(subject)s, p::jsonb FROM unnest(%(payloads)s::text[]) p
RETURNING pg_notify('{CHANNEL}', current_schema())
"""


async def put(session: Session, subject: str, payload: Mapping[str, Any], not_before: datetime | None = None) -> UUID:
    """Writes a message into the tenant's outbox; its id is the message id on the bus. It stays there until its time."""
    said = msgspec.json.encode(dict(payload)).decode()
    row = await session.one(PUT, {"subject": subject, "payload": said, "not_before": not_before})
    assert row is not None
    return row[0]


async def put_many(session: Session, subject: str, payloads: Sequence[Mapping[str, Any]]) -> None:
    """The same for several messages of one subject, in one statement."""
    if payloads:
        said = [msgspec.json.encode(dict(payload)).decode() for payload in payloads]
        await session.execute(PUT_MANY, {"subject": subject, "payloads": said})
