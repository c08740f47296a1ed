"""Filling the queue: slice by slice, each a transaction that can be repeated without doubling anybody (3.4)."""

from uuid import UUID

import msgspec

from crm_domain.sending.audience import CONSENT_RANKS, NOBODY, SLICE, AudienceReport
from crm_storage.database import Session
from crm_storage.sending.judged import chosen, provider
from crm_storage.sending.suppressed import logged

FREEZE_LISTS = """
INSERT INTO mkt_run_list (run_id, list_id, class, position)
SELECT %(run)s, t.id, t.list_type, row_number() OVER (ORDER BY c.created_at, t.id)
FROM campaign_target_lists c JOIN target_lists t ON t.id = c.right_id AND t.deleted_at IS NULL
WHERE c.left_id = %(campaign)s AND t.list_type = ANY(%(classes)s)
  AND (%(all)s OR EXISTS (SELECT FROM email_marketing_lists m WHERE m.left_id = %(marketing)s AND m.right_id = t.id))
"""
FORGET_SPARED = (
    """
DELETE FROM run_exempt_record WHERE run_id = %(run)s
""",
    "DELETE FROM run_exempt_address WHERE run_id = %(run)s",
    "DELETE FROM run_exempt_domain WHERE run_id = %(run)s",
)
SPARING = """
SELECT t.id FROM campaign_target_lists c JOIN target_lists t ON t.id = c.right_id AND t.deleted_at IS NULL
WHERE c.left_id = %(campaign)s AND t.list_type = '{list_type}'
"""
FREEZE_SPARED = (
    f"""
INSERT INTO run_exempt_record (run_id, record_id)
SELECT DISTINCT %(run)s::uuid, m.right_id FROM target_list_member m WHERE m.left_id IN ({SPARING.format(list_type="exempt")})
""",
    f"""
INSERT INTO run_exempt_address (run_id, address_key)
SELECT %(run)s::uuid, a.address_key FROM target_list_member m
JOIN email_link e ON e.record_id = m.right_id JOIN email_address a ON a.id = e.address_id
WHERE m.left_id IN ({SPARING.format(list_type="exempt_address")})
UNION SELECT %(run)s::uuid, x.address_key FROM target_list_address x
WHERE x.list_id IN ({SPARING.format(list_type="exempt_address")})
""",
    f"""
INSERT INTO run_exempt_domain (run_id, domain, include_subdomains)
SELECT %(run)s::uuid, lower(d.domain), bool_or(d.include_subdomains) FROM target_list_domain d
WHERE d.list_id IN ({SPARING.format(list_type="exempt_domain")}) GROUP BY lower(d.domain)
""",
)
"""Sparing lists count for the whole campaign, whichever lists a mailing addresses."""
ESTIMATE = """
SELECT count(*) FROM mkt_run_list l JOIN target_list_member m ON m.left_id = l.list_id WHERE l.run_id = %(run)s
"""
ROOM = "SET LOCAL work_mem = '128MB'", "SET LOCAL statement_timeout = '10min'"
"""A slice is sorted and joined as a whole, and may take longer than a page."""
LARGE = 20_000
JOIN_WHOLE = "SET LOCAL enable_nestloop = off"
"""From so many memberships on it is quicker to read tables once than to look each row up; the planner cannot know."""
QUEUE = f"""
, queued AS (
  INSERT INTO email_queue (run_id, marketing_id, campaign_id, is_test, dedupe_key, address_id, module, record_id, list_id,
    class, mailbox_id, provider, not_before)
  SELECT %(run)s, %(marketing)s, %(campaign)s, %(test)s, key, address_id, module, record_id, list_id, class, %(account)s,
    {provider("domain")}, now()
  FROM chosen WHERE place = 1 ON CONFLICT DO NOTHING RETURNING id
), noted AS (
  INSERT INTO email_skip (run_id, module, record_id, address_id, list_id, reason)
  SELECT %(run)s, module, record_id, address_id, list_id, reason FROM left_out
), {logged("left_out")}
SELECT '', (SELECT count(*) FROM chosen WHERE place = 1), (SELECT count(*) FROM queued)
UNION ALL SELECT reason, count(*), 0 FROM left_out GROUP BY reason
"""
LOOK = """
SELECT '', count(*), count(*) FILTER (WHERE q.id IS NULL)
FROM chosen c LEFT JOIN email_queue q ON q.marketing_id = %(marketing)s AND q.dedupe_key = c.key AND NOT q.is_test
WHERE c.place = 1
UNION ALL SELECT reason, count(*), 0 FROM left_out GROUP BY reason
"""
STATEMENTS = {
    (test, look): chosen(test=test) + (LOOK if look else QUEUE) for test in (False, True) for look in (False, True)
}


class Filling(msgspec.Struct, frozen=True, kw_only=True):
    """What a run's audience depends on besides its lists."""

    run: UUID
    marketing: UUID
    campaign: UUID
    account: UUID
    test: bool = False
    newsletter: bool = False
    all_lists: bool = True
    consent: str = "none"
    most: int | None = None
    """Mails a person may have got in the last `days`; None means any number."""
    days: int = 7

    def facts(self) -> dict[str, object]:
        return {
            "run": self.run,
            "marketing": self.marketing,
            "campaign": self.campaign,
            "account": self.account,
            "test": self.test,
            "newsletter": self.campaign if self.newsletter else None,
            "needed": CONSENT_RANKS[self.consent],
            "most": self.most,
            "days": self.days,
        }


async def freeze_lists(session: Session, filling: Filling) -> int:
    """Settles which lists the run addresses; how many there are."""
    classes = ["test"] if filling.test else ["default", "seed"]
    return await session.execute(FREEZE_LISTS, {**filling.facts(), "classes": classes, "all": filling.all_lists})


async def freeze_spared(session: Session, filling: Filling) -> int:
    """Copies whom the run spares as of now; the number of slices that its audience takes."""
    for statement in FORGET_SPARED:
        await session.execute(statement, {"run": filling.run})
    if not filling.test:
        for statement in FREEZE_SPARED:
            await session.execute(statement, filling.facts())
    return max(1, -(-await _memberships(session, filling) // SLICE))


async def fill_slice(session: Session, filling: Filling, number: int, slices: int) -> AudienceReport:
    """Puts one slice of the audience into the queue; the caller commits it together with its number."""
    return await _run(session, filling, number, slices, look=False)


async def look(session: Session, filling: Filling) -> AudienceReport:
    """What filling would do, without doing it."""
    slices = await freeze_spared(session, filling)
    report = NOBODY
    for number in range(slices):
        report = report.plus(await _run(session, filling, number, slices, look=True))
    return report


async def _run(session: Session, filling: Filling, number: int, slices: int, *, look: bool) -> AudienceReport:
    for setting in ROOM:
        await session.execute(setting)
    if await _memberships(session, filling) > LARGE:
        await session.execute(JOIN_WHOLE)
    facts = {**filling.facts(), "slice": number, "slices": slices}
    rows = await session.rows(STATEMENTS[filling.test, look], facts)
    audience, already, skipped = 0, 0, dict[str, int]()
    for reason, count, new in rows:
        if reason:
            skipped[reason] = count
        else:
            audience, already = new, count - new
    return AudienceReport(audience + already + sum(skipped.values()), audience, already, skipped)


async def _memberships(session: Session, filling: Filling) -> int:
    row = await session.one(ESTIMATE, {"run": filling.run})
    return row[0] if row else 0
