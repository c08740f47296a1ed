"""What people filled in: taken from the bus, turned into records by a job, looked at and decided by people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.tracking.events import Event
from crm_domain.web_forms.shown import Said
from crm_storage.database import Session
from crm_storage.notices import tell
from crm_storage.outbox import put, put_many

TAKE = "web_forms.take"
"""The job that makes a record of what was filled in."""
ARRIVE = """
WITH given AS (
  SELECT * FROM unnest(%(ids)s::uuid[], %(tickets)s::bigint[], %(times)s::timestamptz[], %(networks)s::text[],
    %(said)s::text[], %(states)s::text[], %(numbers)s::bigint[]) AS g (id, ticket, at, network, said, state, number)
), taken AS (
  INSERT INTO web_form_submission (id, form_id, ticket, at, network, said, state)
  SELECT g.id, f.id, g.ticket, g.at, g.network, g.said::jsonb, g.state FROM given g
  JOIN web_forms f ON f.form_number = g.number AND f.deleted_at IS NULL ORDER BY g.at
  ON CONFLICT DO NOTHING RETURNING id, form_id, at, state
), counted AS (
  UPDATE web_forms w SET received = coalesce(w.received, 0) + t.number, received_at = greatest(w.received_at, t.at)
  FROM (SELECT form_id, count(*) AS number, max(at) AS at FROM taken GROUP BY form_id) t WHERE w.id = t.form_id
)
SELECT id FROM taken WHERE state = 'new'
"""
COLUMNS = "id, form_id, at, said, state, problems, module, record_id"
WAITING = "SELECT count(*) FROM web_form_submission WHERE form_id = %(form)s AND state = 'held'"
OWNER = "SELECT name, assigned_to FROM web_forms WHERE id = %(form)s"
IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended(%(form)s::text, 0))"
LOCK = f"SELECT {COLUMNS} FROM web_form_submission WHERE id = %(id)s FOR UPDATE"
PAGE = f"""
SELECT {COLUMNS} FROM web_form_submission WHERE form_id = %(form)s AND (%(state)s = '' OR state = %(state)s)
  AND (%(before)s::uuid IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s
"""
SETTLE = """
UPDATE web_form_submission SET state = %(state)s, module = %(module)s, record_id = %(record)s, problems = %(problems)s::jsonb,
  settled_by = %(by)s,
  settled_at = now() WHERE id = %(id)s
"""
RELEASE = "UPDATE web_form_submission SET state = 'new', settled_by = %(by)s WHERE id = %(id)s AND form_id = %(form)s AND state = 'held'"
DISCARD = """
UPDATE web_form_submission SET state = 'discarded', settled_by = %(by)s, settled_at = now()
WHERE id = %(id)s AND form_id = %(form)s AND state = 'held'
"""

CONSENT = """
WITH theirs AS (
  SELECT a.id, a.opted_out, a.optin_state FROM email_link e JOIN email_address a ON a.id = e.address_id
  WHERE e.record_id = %(record)s AND CASE WHEN %(address)s = '' THEN e.is_primary ELSE a.address_key = lower(%(address)s) END
), joined AS (
  UPDATE email_address a SET optin_state = 'opt_in', optin_at = %(at)s FROM theirs t
  WHERE a.id = t.id AND a.optin_state = 'none' AND NOT a.opted_out RETURNING a.id
)
INSERT INTO consent_log (address_id, campaign_id, old, new, source, at, evidence)
SELECT t.id, %(campaign)s, CASE WHEN t.opted_out THEN 'opted_out' ELSE t.optin_state END, 'opt_in', 'web_form', %(at)s,
  %(evidence)s::jsonb FROM theirs t
"""
"""Whoever once left all mail comes back only through his own link; whoever is known by his phone agrees for the address that he
gave and for no other."""


class Submission(msgspec.Struct, frozen=True):
    """One form filled in. `problems` are message ids with facts where a rule of the company stood against a record."""

    id: UUID
    form: UUID
    at: datetime
    said: Said
    state: str
    problems: tuple[tuple[str, dict[str, Any]], ...]
    record: Ref | None


async def arrive(session: Session, events: Sequence[Event]) -> None:
    """Stores what was filled in, each ticket once, and asks for records; what looks odd waits for a person. The caller commits."""
    read = [(event, said) for event in events if (said := _read(event)) is not None]
    facts = {
        "ids": [event.uuid for event, _ in read],
        "tickets": [event.message for event, _ in read],
        "times": [event.moment for event, _ in read],
        "networks": [event.network for event, _ in read],
        "said": [msgspec.json.encode(said).decode() for _, said in read],
        "states": ["held" if said.odd else "new" for _, said in read],
        "numbers": [event.link for event, _ in read],
    }
    if read:
        new = await session.rows(ARRIVE, facts)
        await put_many(session, TAKE, [{"submission": str(id_)} for (id_,) in new])


def _read(event: Event) -> Said | None:
    """What the event says; None for what no form ever sent."""
    try:
        return msgspec.json.decode(event.said, type=Said)
    except msgspec.DecodeError:
        return None


async def locked(session: Session, id_: UUID) -> Submission | None:
    """One submission, held until the transaction ends."""
    row = await session.one(LOCK, {"id": id_})
    return _submission(row) if row else None


async def in_turn(session: Session, form: UUID) -> None:
    """Waits until nothing else that was filled in is made a record of: the same person may have sent two forms at once."""
    await session.execute(IN_TURN, {"form": form})


async def page(session: Session, form: UUID, *, state: str, before: UUID | None, limit: int) -> list[Submission]:
    """The newest first; an empty state means any."""
    facts = {"form": form, "state": state, "before": before, "limit": limit}
    return [_submission(row) for row in await session.rows(PAGE, facts)]


async def waiting(session: Session, form: UUID) -> int:
    """How many wait for somebody to decide."""
    row = await session.one(WAITING, {"form": form})
    return row[0] if row else 0


async def tell_held(session: Session, form: UUID) -> None:
    """Tells the form's owner, if it has one, that something waits for him to decide."""
    row = await session.one(OWNER, {"form": form})
    if row and row[1]:
        page = f"/web_forms/{form}/submissions?only=held"
        await tell(session, "form_held", [row[1]], page, {"name": row[0]}, about=Ref("web_forms", form))


async def settle(
    session: Session,
    id_: UUID,
    state: str,
    *,
    record: Ref | None = None,
    problems: Sequence[Any] = (),
    by: UUID | None = None,
) -> None:
    """Writes down what became of it."""
    told = msgspec.json.encode(list(problems)).decode()
    made = {"module": record.module if record else "", "record": record.id if record else None}
    await session.execute(SETTLE, {"id": id_, "state": state, **made, "problems": told, "by": by})


async def release(session: Session, form: UUID, id_: UUID, by: UUID) -> bool:
    """Lets one that was held become a record; whether it was held."""
    moved = await session.execute(RELEASE, {"id": id_, "form": form, "by": by})
    if moved:
        await put(session, TAKE, {"submission": str(id_)})
    return moved > 0


async def discard(session: Session, form: UUID, id_: UUID, by: UUID) -> bool:
    """Sets one that was held aside for good; whether it was held."""
    return await session.execute(DISCARD, {"id": id_, "form": form, "by": by}) > 0


def _submission(row: Sequence[Any]) -> Submission:
    said = msgspec.convert(row[3], Said)
    problems = tuple((one[0], dict(one[1])) for one in row[5] or ())
    record = Ref(row[6], row[7]) if row[7] else None
    return Submission(row[0], row[1], row[2], said, row[4], problems, record)


async def consented(session: Session, record: UUID, campaign: Ref | None, found: Submission) -> None:
    """Keeps what was agreed to with the address that was given, word for word; with the record's own where none was asked."""
    given = found.said.values.get("emails", "")
    facts = {
        "record": record,
        "campaign": campaign.id if campaign else None,
        "at": found.at,
        "evidence": evidence(found),
        "address": given if isinstance(given, str) else "",
    }
    await session.execute(CONSENT, facts)


def evidence(found: Submission) -> str:
    """What was agreed to, where and in which words, as JSON."""
    said = {
        "form": found.form,
        "submission": found.id,
        "text": found.said.consent,
        "version": found.said.consent_version,
    }
    return msgspec.json.encode(said).decode()
