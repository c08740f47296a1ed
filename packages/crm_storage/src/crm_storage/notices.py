"""Notices as rows: told by one statement to all it concerns, as each of them chose."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.notices import BY_KEY, NOTICES, Choice, Notice, Way
from crm_domain.problems import NotFound
from crm_storage.database import Session
from crm_storage.people.actor import load_user_actor
from crm_storage.records.context import Context
from crm_storage.records.reads import fetch

CHANNEL = "notices"
"""Where everybody with something new is named, as `<schema>:<user>`."""
TELL = f"""
WITH meant AS (
  SELECT u.id, coalesce(c.page, %(page)s) AS page, coalesce(c.mail, %(mail)s) AS mail,
    coalesce(c.digest, %(digest)s) AS digest
  FROM users u LEFT JOIN notification_choice c ON c.user_id = u.id AND c.kind = %(kind)s
  WHERE u.id = ANY(%(to)s) AND u.id IS DISTINCT FROM %(actor)s AND u.status = 'active' AND u.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM notification n WHERE %(collapses)s AND n.user_id = u.id AND n.kind = %(kind)s
      AND n.record_id = %(record)s AND n.created_at > now() - interval '5 minutes')
)
INSERT INTO notification (user_id, kind, module, record_id, href, facts, actor_id, page, read_at, mail_at, digest)
SELECT id, %(kind)s, %(module)s, %(record)s, %(href)s, %(facts)s::jsonb, %(actor)s, page,
  CASE WHEN NOT page THEN now() END, CASE WHEN mail THEN now() END, mail AND digest
FROM meant WHERE page OR mail
RETURNING user_id, pg_notify('{CHANNEL}', current_schema() || ':' || user_id)
"""
"""What is not on the page counts as read; what is mailed waits for the worker, who knows its reader's hours."""
COLUMNS = "id, kind, href, facts, module, record_id, actor_id, created_at, read_at"
MINE = f"""
SELECT {COLUMNS} FROM notification WHERE user_id = %(me)s AND page AND (%(before)s::uuid IS NULL OR id < %(before)s)
  AND (NOT %(unread)s OR read_at IS NULL) AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))
ORDER BY id DESC LIMIT %(limit)s
"""
UNREAD = "SELECT count(*), max(id::text) FROM notification WHERE user_id = %(me)s AND read_at IS NULL"
"""Ids grow with time, also as text."""
ADD_TO = f"""
UPDATE notification SET actor_id = %(actor)s, facts = jsonb_set(facts, ARRAY[%(fact)s],
  (SELECT jsonb_agg(DISTINCT k) FROM jsonb_array_elements(facts -> %(fact)s || %(more)s::jsonb) k))
WHERE id = (SELECT id FROM notification WHERE user_id = %(user)s AND kind = %(kind)s AND record_id = %(record)s
  AND read_at IS NULL AND created_at > now() - interval '5 minutes' ORDER BY id DESC LIMIT 1)
RETURNING pg_notify('{CHANNEL}', current_schema() || ':' || user_id)
"""
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
  RETURNING user_id, kind, module, record_id, href, facts, actor_id
)
INSERT INTO notification (user_id, kind, module, record_id, href, facts, actor_id) SELECT * FROM due
RETURNING pg_notify('{CHANNEL}', current_schema() || ':' || user_id)
"""
READ_ALL = f"""
WITH marked AS (UPDATE notification SET read_at = now() WHERE user_id = %(me)s AND read_at IS NULL RETURNING 1)
SELECT count(*), pg_notify('{CHANNEL}', current_schema() || ':' || %(me)s) FROM marked
"""
CHOICES = "SELECT kind, page, mail, digest FROM notification_choice WHERE user_id = %(me)s"
CHOOSE = """
INSERT INTO notification_choice (user_id, kind, page, mail, digest)
VALUES (%(me)s, %(kind)s, %(page)s, %(mail)s, %(digest)s)
ON CONFLICT (user_id, kind) DO UPDATE SET page = excluded.page, mail = excluded.mail, digest = excluded.digest
"""


async def tell(
    session: Session,
    kind: str,
    to: Sequence[UUID],
    href: str,
    facts: Mapping[str, Any],
    *,
    actor: UUID | None = None,
    about: Ref | None = None,
) -> int:
    """See `crm_domain.notices.Notices.tell`; None as actor is the house, which tells only whom it concerns. It is all told
    with the caller's transaction."""
    shipped = BY_KEY[kind]
    given = {
        "kind": kind,
        "to": list(to),
        "actor": actor,
        "module": about.module if about else None,
        "record": about.id if about else None,
        "href": href,
        "facts": msgspec.json.encode(dict(facts)).decode(),
        "page": shipped.page,
        "mail": shipped.mail != "off",
        "digest": shipped.mail == "digest",
        "collapses": shipped.collapses,
    }
    return len(await session.rows(TELL, given))


async def add_to(
    session: Session, kind: str, user: UUID, about: Ref, fact: str, more: Sequence[str], *, actor: UUID
) -> bool:
    """Adds to the list in a fact of what was told of the record within five minutes and is not read yet; whether there was
    any. The later actor stands for both."""
    facts = {"kind": kind, "user": user, "record": about.id, "fact": fact, "actor": actor}
    return bool(await session.rows(ADD_TO, {**facts, "more": msgspec.json.encode(list(more)).decode()}))


async def unread_of(session: Session, user: UUID) -> tuple[int, str]:
    """How many notices somebody has not read, and the newest of them."""
    row = await session.one(UNREAD, {"me": user})
    return (row[0], row[1] or "") if row else (0, "")


async def wake(session: Session) -> int:
    """Tells anew what was put off until now; how many. The caller commits."""
    return len(await session.rows(WAKE))


class StoredNotices:
    """See `crm_domain.notices.Notices`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._session = context.session
        self._me = context.access.user

    async def tell(
        self, kind: str, to: Sequence[UUID], href: str, facts: Mapping[str, Any], *, about: Ref | None = None
    ) -> int:
        seeing = [user for user in to if user != self._me and (about is None or await self._sees(user, about))]
        if not seeing:
            return 0
        return await tell(self._session, kind, seeing, href, facts, actor=self._me, about=about)

    async def _sees(self, user: UUID, about: Ref) -> bool:
        """Whether that user may see the record."""
        actor = await load_user_actor(self._session, user)
        if actor is None:
            return False
        eyes = Context(self._session, self._context.schema, actor.access, "", "")
        return bool(await fetch(eyes, self._context.registry[about.module], [about.id], columns=("name",)))

    async def mine(
        self, *, kinds: Sequence[str] = (), unread: bool = False, before: UUID | None = None, limit: int = 50
    ) -> list[Notice]:
        facts = {"me": self._me, "kinds": list(kinds) or None, "unread": unread, "before": before, "limit": limit}
        return [noticed(row) for row in await self._session.rows(MINE, facts)]

    async def unread(self) -> int:
        number, _ = await unread_of(self._session, self._me)
        return number

    async def read(self, id_: UUID) -> Notice:
        row = await self._session.one(READ, {"id": id_, "me": self._me})
        if row is None:
            raise NotFound
        return noticed(row[:-1])

    async def snooze(self, id_: UUID, until: datetime) -> Notice:
        row = await self._session.one(SNOOZE, {"id": id_, "me": self._me, "until": until})
        if row is None:
            raise NotFound
        return noticed(row[:-1])

    async def read_all(self) -> int:
        row = await self._session.one(READ_ALL, {"me": self._me})
        return row[0] if row else 0

    async def choices(self) -> list[Choice]:
        rows = await self._session.rows(CHOICES, {"me": self._me})
        kept = {kind: Choice(kind, page, _way(mail=mail, digest=digest)) for kind, page, mail, digest in rows}
        return [kept.get(kind.key, Choice(kind.key, kind.page, kind.mail)) for kind in NOTICES]

    async def choose(self, choices: Sequence[Choice]) -> None:
        for choice in choices:
            mail = {"mail": choice.mail != "off", "digest": choice.mail == "digest"}
            await self._session.execute(CHOOSE, {"me": self._me, "kind": choice.kind, "page": choice.page, **mail})


def _way(*, mail: bool, digest: bool) -> Way:
    if not mail:
        return "off"
    return "digest" if digest else "now"


def noticed(row: Sequence[Any]) -> Notice:
    """A row of `COLUMNS`."""
    id_, kind, href, facts, module, record, actor, created_at, read_at = row
    return Notice(
        id=id_,
        kind=kind,
        href=href,
        facts=facts,
        about=Ref(module, record) if module else None,
        actor=actor,
        created_at=created_at,
        read_at=read_at,
    )
