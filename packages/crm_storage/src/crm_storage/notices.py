"""Notices as rows: told by one statement to all it concerns, as each of them chose."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.notices import BY_KEY, NOTICES, Choice, Notice
from crm_domain.people.preferences import preferences_of
from crm_domain.problems import NotFound
from crm_storage.database import Session
from crm_storage.outbox import put
from crm_storage.people.preferences import company_preferences
from crm_storage.records.context import Context

CHANNEL = "notices"
"""Where everybody with something new is named, as `<schema>:<user>`."""
TELL = f"""
WITH meant AS (
  SELECT u.id, u.name, coalesce(c.page, %(page)s) AS page, coalesce(c.mail, %(mail)s) AS mail,
    (SELECT a.address FROM email_link l JOIN email_address a ON a.id = l.address_id
     WHERE l.record_id = u.id AND l.module = 'users' AND l.is_primary AND NOT a.invalid LIMIT 1) AS address,
    (SELECT p.body FROM preference p WHERE p.user_id = u.id) AS own
  FROM users u LEFT JOIN notification_choice c ON c.user_id = u.id AND c.kind = %(kind)s
  WHERE u.id = ANY(%(to)s) AND u.id IS DISTINCT FROM %(actor)s AND u.status = 'active' AND u.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.user_id = u.id AND n.kind = %(kind)s
      AND n.record_id = %(record)s AND n.created_at > now() - interval '5 minutes')
),
told AS (
  INSERT INTO notification (user_id, kind, record_id, href, facts, actor_id)
  SELECT id, %(kind)s, %(record)s, %(href)s, %(facts)s::jsonb, %(actor)s FROM meant WHERE page
  RETURNING user_id, pg_notify('{CHANNEL}', current_schema() || ':' || user_id)
)
SELECT id, name, mail, address, own, (SELECT count(*) FROM told),
  (SELECT w.name FROM users w WHERE w.id = %(actor)s) FROM meant WHERE page OR mail
"""
COLUMNS = "id, kind, href, facts, actor_id, created_at, read_at"
MINE = f"""
SELECT {COLUMNS} FROM notification WHERE user_id = %(me)s AND (%(before)s::uuid IS NULL OR id < %(before)s)
  AND (NOT %(unread)s OR read_at IS NULL) ORDER BY id DESC LIMIT %(limit)s
"""
UNREAD = "SELECT count(*) FROM notification WHERE user_id = %(me)s AND read_at IS NULL"
READ = f"""
UPDATE notification SET read_at = coalesce(read_at, now()) WHERE id = %(id)s AND user_id = %(me)s
RETURNING {COLUMNS}, pg_notify('{CHANNEL}', current_schema() || ':' || user_id)
"""
SNOOZE = f"""
UPDATE notification SET read_at = coalesce(read_at, now()), snoozed_until = %(until)s
WHERE id = %(id)s AND user_id = %(me)s
RETURNING {COLUMNS}, pg_notify('{CHANNEL}', current_schema() || ':' || user_id)
"""
WAKE = f"""
WITH due AS (
  UPDATE notification SET snoozed_until = NULL WHERE snoozed_until <= now()
  RETURNING user_id, kind, record_id, href, facts, actor_id
)
INSERT INTO notification (user_id, kind, record_id, href, facts, actor_id) SELECT * FROM due
RETURNING pg_notify('{CHANNEL}', current_schema() || ':' || user_id)
"""
READ_ALL = f"""
WITH marked AS (UPDATE notification SET read_at = now() WHERE user_id = %(me)s AND read_at IS NULL RETURNING 1)
SELECT count(*), pg_notify('{CHANNEL}', current_schema() || ':' || %(me)s) FROM marked
"""
CHOICES = "SELECT kind, page, mail FROM notification_choice WHERE user_id = %(me)s"
CHOOSE = """
INSERT INTO notification_choice (user_id, kind, page, mail) VALUES (%(me)s, %(kind)s, %(page)s, %(mail)s)
ON CONFLICT (user_id, kind) DO UPDATE SET page = excluded.page, mail = excluded.mail
"""


async def tell(
    session: Session,
    kind: str,
    to: Sequence[UUID],
    href: str,
    facts: Mapping[str, Any],
    *,
    actor: UUID | None = None,
    about: UUID | None = None,
) -> int:
    """See `crm_domain.notices.Notices.tell`; None as actor is the house. Mails leave with the caller's transaction."""
    shipped = BY_KEY[kind]
    given = {"kind": kind, "to": list(to), "actor": actor, "record": about, "href": href}
    body = msgspec.json.encode(dict(facts)).decode()
    found = await session.rows(TELL, {**given, "page": shipped.page, "mail": shipped.mail, "facts": body})
    company = await company_preferences(session) if any(row[2] and row[3] for row in found) else {}
    for _, name, mail, address, own, _, who in found:
        if mail and address:
            language = preferences_of(company, own or {}).language
            said = {**facts, "name": name or "", "who": who or "", "record": facts.get("name", ""), "path": href}
            await put(
                session,
                "mail.send",
                {"to": address, "template": f"notice_{kind}", "language": language, "facts": said},
            )
    return len(found)


async def unread_of(session: Session, user: UUID) -> int:
    """How many notices somebody has not read."""
    row = await session.one(UNREAD, {"me": user})
    return row[0] if row else 0


async def wake(session: Session) -> int:
    """Tells anew what was put off until now; how many. The caller commits."""
    return len(await session.rows(WAKE))


class StoredNotices:
    """See `crm_domain.notices.Notices`."""

    def __init__(self, context: Context) -> None:
        self._session = context.session
        self._me = context.access.user

    async def tell(
        self, kind: str, to: Sequence[UUID], href: str, facts: Mapping[str, Any], *, about: Ref | None = None
    ) -> int:
        record = about.id if about else None
        return await tell(self._session, kind, to, href, facts, actor=self._me, about=record)

    async def mine(self, *, unread: bool = False, before: UUID | None = None, limit: int = 50) -> list[Notice]:
        facts = {"me": self._me, "unread": unread, "before": before, "limit": limit}
        return [_notice(row) for row in await self._session.rows(MINE, facts)]

    async def unread(self) -> int:
        return await unread_of(self._session, self._me)

    async def read(self, id_: UUID) -> Notice:
        row = await self._session.one(READ, {"id": id_, "me": self._me})
        if row is None:
            raise NotFound
        return _notice(row[:-1])

    async def snooze(self, id_: UUID, until: datetime) -> Notice:
        row = await self._session.one(SNOOZE, {"id": id_, "me": self._me, "until": until})
        if row is None:
            raise NotFound
        return _notice(row[:-1])

    async def read_all(self) -> int:
        row = await self._session.one(READ_ALL, {"me": self._me})
        return row[0] if row else 0

    async def choices(self) -> list[Choice]:
        kept = {row[0]: Choice(*row) for row in await self._session.rows(CHOICES, {"me": self._me})}
        return [kept.get(kind.key, Choice(kind.key, kind.page, kind.mail)) for kind in NOTICES]

    async def choose(self, choices: Sequence[Choice]) -> None:
        for choice in choices:
            await self._session.execute(CHOOSE, {"me": self._me, **msgspec.structs.asdict(choice)})


def _notice(row: Sequence[Any]) -> Notice:
    return Notice(**dict(zip(Notice.__struct_fields__, row, strict=True)))
