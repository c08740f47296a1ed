"""A batch of events into a tenant's tables: COPY, then one statement that counts what is new, then what follows from it."""

from collections.abc import Iterable, Sequence
from struct import Struct

from crm_domain.letters.rules import FIRST_NUMBER
from crm_domain.tracking.events import Act, Event
from crm_domain.tracking.machines import BURST_LINKS
from crm_domain.tracking.tokens import TEST
from crm_storage.database import Session
from crm_storage.letters.opens import COUNT
from crm_storage.letters.way import proved_by_opens
from crm_storage.tracking.consent import Wish, apply_wishes
from crm_storage.tracking.fold import FOLD
from crm_storage.tracking.judge import judge_messages
from crm_storage.tracking.visits import VISITS

COLUMNS = "id, at, kind, message, link, marks, via, network, agent, said"
COPY = f"COPY tracking_inbox ({COLUMNS}) FROM STDIN (FORMAT binary)"
SIGNATURE, END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
EPOCH_US = 946_684_800_000_000
"""The database counts from the year 2000."""
_pack = Struct(">hi16siqihiqiiih").pack
TAKE = f"""
WITH fresh AS (
  INSERT INTO tracking_event ({COLUMNS}) SELECT DISTINCT ON (id) {COLUMNS} FROM tracking_inbox i
  WHERE i.marks & {TEST} = 0 OR EXISTS (SELECT FROM email_queue q WHERE q.id = i.message) ORDER BY id
  ON CONFLICT (id) DO NOTHING RETURNING kind, message, link, marks, via, said, at
), seen AS (
  SELECT f.message, a.activity, CASE WHEN a.activity = 'link' THEN f.link ELSE 0 END AS link, f.via,
    count(*) AS hits, '' AS reason, min(f.at) AS at
  FROM fresh f JOIN (VALUES ({Act.OPEN:d}, 'viewed'), ({Act.CLICK:d}, 'link'), ({Act.CLICK:d}, 'clicked')) AS a (kind, activity)
    ON a.kind = f.kind
  GROUP BY 1, 2, 3, 4, date_trunc('hour', f.at)
), {FOLD}, {COUNT}, {VISITS},
alive AS (
  UPDATE email_queue q SET state = 'sent', reason = 'seen' FROM (SELECT DISTINCT message FROM fresh) f
  WHERE q.id = f.message AND q.state = 'uncertain' RETURNING q.run_id
), settled AS (
  UPDATE mkt_run r SET uncertain = r.uncertain - a.n, sent = r.sent + a.n
  FROM (SELECT run_id, count(*) AS n FROM alive GROUP BY run_id) a WHERE r.id = a.run_id
)
SELECT 0 AS kind, message, 0, '', NULL::timestamptz FROM logged
WHERE activity = 'clicked' AND new_via = 'human' AND new_hits >= {BURST_LINKS}
UNION ALL
SELECT kind, message, marks, said, at FROM fresh WHERE kind NOT IN ({Act.CLICK:d}, {Act.OPEN:d}, {Act.LINK:d})
"""
"""A trial that was erased leaves no new traces. Somebody who opens or clicks has the mail: what was uncertain is sent. The
answer's first part are messages with so many clicks that they may be a gateway's."""
EMPTY = "DELETE FROM tracking_inbox"


async def take(session: Session, events: Sequence[Event]) -> None:
    """Counts these events, each once however often it comes. The caller commits, then tells the bus."""
    await session.pour(COPY, packed(events))
    left = await session.rows(TAKE)
    await session.execute(EMPTY)
    if letters := [event.message for event in events if event.message >= FIRST_NUMBER]:
        await proved_by_opens(session, letters)
    wishes = [
        Wish(Act(kind), message, said, at, test=bool(marks & TEST)) for kind, message, marks, said, at in left if kind
    ]
    await apply_wishes(session, sorted(wishes, key=lambda wish: wish.at))
    many = [message for kind, message, _, _, _ in left if not kind]
    if many:
        await judge_messages(session, many)


def packed(events: Iterable[Event]) -> bytes:
    """Events as a binary `COPY` reads them, in the order of `COLUMNS`: a fifth of what it takes to write them as text."""
    rows = [
        _pack(10, 16, one.id, 8, one.at * 1000 - EPOCH_US, 2, one.act, 8, one.message, 4, one.link, 2, one.marks)
        + _field(one.via) + _field(one.network) + _field(one.agent) + _field(one.said)
        for one in events
    ]  # fmt: skip
    return b"".join((SIGNATURE, *rows, END))


def _field(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(4) + encoded
