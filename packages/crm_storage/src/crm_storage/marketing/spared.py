"""Whom the whole company mails nothing: addresses and domains, why, until when, and who said so."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from crm_storage.database import Session

PAGE = """
SELECT s.id, s.kind, s.value, s.kind = 'domain' AND s.include_subdomains, s.reason, s.note, s.expires_at, s.created_at,
  coalesce(u.name, '')
FROM suppression s LEFT JOIN users u ON u.id = s.created_by
WHERE coalesce(s.expires_at, 'infinity') > now() AND strpos(s.value, %(words)s) > 0
  AND (%(before)s::uuid IS NULL OR s.id < %(before)s)
ORDER BY s.id DESC LIMIT %(limit)s
"""
COUNT = "SELECT count(*) FROM suppression WHERE coalesce(expires_at, 'infinity') > now()"
ADD = """
INSERT INTO suppression (kind, value, include_subdomains, reason, note, expires_at, created_by)
SELECT DISTINCT %(kind)s, v, %(wide)s::bool, %(reason)s, %(note)s, %(until)s::timestamptz, %(by)s::uuid
FROM unnest(%(values)s::text[]) v
ON CONFLICT (kind, value) DO UPDATE SET include_subdomains = excluded.include_subdomains, reason = excluded.reason,
  note = excluded.note, created_by = excluded.created_by, expires_at =
  CASE WHEN excluded.expires_at IS NOT NULL THEN greatest(excluded.expires_at, suppression.paused_until) END
"""
DROP = """
WITH paused AS (
  UPDATE suppression SET reason = 'pause', note = '', created_by = NULL, expires_at = paused_until
  WHERE id = %(id)s AND reason <> 'pause' AND paused_until > now() RETURNING kind, value
), dropped AS (
  DELETE FROM suppression WHERE id = %(id)s AND reason <> 'pause' AND coalesce(paused_until, '-infinity') <= now()
  RETURNING kind, value
)
SELECT kind, value FROM paused UNION ALL SELECT kind, value FROM dropped
"""
"""The pause that a recipient asked for outlives what staff decided and took back."""
NOTE = """
INSERT INTO audit_event (actor_id, source, request_id, module, action, changes)
VALUES (%(by)s, 'web', %(request)s, 'email_marketing', %(action)s, %(changes)s::jsonb)
"""


class Spared(msgspec.Struct, frozen=True):
    """One address, or one domain with or without those below it. `reason` is a key; without `until` it is for good."""

    id: UUID
    kind: str
    value: str
    wide: bool
    reason: str
    note: str
    until: datetime | None
    since: datetime
    by: str


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """Why and how long; `wide` also spares the domains below."""

    reason: str
    note: str = ""
    until: datetime | None = None
    wide: bool = True


async def page(session: Session, *, words: str, before: UUID | None, limit: int) -> list[Spared]:
    """What holds now, the newest first; `words` is a part of the address or domain."""
    facts = {"words": words.lower(), "before": before, "limit": limit}
    return [Spared(*row) for row in await session.rows(PAGE, facts)]


async def count(session: Session) -> int:
    row = await session.one(COUNT)
    return row[0] if row else 0


async def add(session: Session, kind: str, values: Sequence[str], ruling: Ruling, *, by: UUID, request: str) -> int:
    """Spares these from the next mail on, also of runs under way; how many. The caller commits."""
    if not values:
        return 0
    facts = {
        "kind": kind,
        "values": list(values),
        "reason": ruling.reason,
        "note": ruling.note,
        "until": ruling.until,
        "wide": ruling.wide,
        "by": by,
    }
    number = await session.execute(ADD, facts)
    told = {"kind": kind, "number": number, "reason": ruling.reason}
    await _note(session, "suppress", told, by=by, request=request)
    return number


async def drop(session: Session, id_: UUID, *, by: UUID, request: str) -> str | None:
    """Lets one be mailed again: which; None where there is none, or only the pause that a recipient asked for."""
    row = await session.one(DROP, {"id": id_})
    if row is None:
        return None
    await _note(session, "unsuppress", {"kind": row[0], "value": row[1]}, by=by, request=request)
    return row[1]


async def _note(session: Session, action: str, changes: Mapping[str, object], *, by: UUID, request: str) -> None:
    facts = {"by": by, "request": request, "action": action, "changes": msgspec.json.encode(changes).decode()}
    await session.execute(NOTE, facts)
