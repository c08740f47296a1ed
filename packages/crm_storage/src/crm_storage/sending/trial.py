"""What a trial leaves behind, erased: found by the kind of the run, whatever its lists are by now (4.8)."""

from uuid import UUID

from crm_storage.database import Session

ERASE = (
    """
DELETE FROM tracking_event WHERE message IN (SELECT id FROM email_queue WHERE campaign_id = %(campaign)s AND is_test)
""",
    "DELETE FROM campaign_log WHERE campaign_id = %(campaign)s AND class = 'test'",
    "DELETE FROM campaign_stat WHERE campaign_id = %(campaign)s AND class = 'test'",
    "DELETE FROM email_queue WHERE campaign_id = %(campaign)s AND is_test",
    "DELETE FROM mkt_run WHERE campaign_id = %(campaign)s AND kind = 'test'",
)
BUSY = """
SELECT EXISTS (SELECT FROM email_queue WHERE campaign_id = %(campaign)s AND is_test AND state IN ('leased', 'begun'))
"""
NOTE = """
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
VALUES (%(by)s, 'web', '', 'campaigns', %(campaign)s, 'delete_test_entries', jsonb_build_object('mails', %(mails)s::int))
"""


async def delete_test_entries(session: Session, campaign: UUID, *, by: UUID) -> int | None:
    """Erases a campaign's trials in one transaction, which the caller commits: how many mails, or None while one is on the wire."""
    busy = await session.one(BUSY, {"campaign": campaign})
    if busy and busy[0]:
        return None
    counts = [await session.execute(statement, {"campaign": campaign}) for statement in ERASE]
    await session.execute(NOTE, {"by": by, "campaign": campaign, "mails": counts[3]})
    return counts[3]
