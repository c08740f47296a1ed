"""What a recipient's page says about him and the mail, when the tracker asks."""

from datetime import datetime
from typing import Any

from crm_domain.messages.catalogue import catalogue
from crm_domain.tenancy import Tenant
from crm_domain.text.format import format_date
from crm_domain.tracking.answers import About, Newsletter, masked
from crm_domain.tracking.events import FIRST_CONFIRMATION
from crm_storage.database import Session

MAIL = """
SELECT a.id, a.address, a.address_key, a.opted_out, a.complained_at IS NOT NULL, c.id, c.name, c.campaign_type = 'newsletter',
  EXISTS (SELECT FROM newsletter_optout o WHERE o.campaign_id = c.id AND o.address_id = a.id),
  (SELECT s.paused_until FROM suppression s WHERE s.kind = 'address' AND s.value = a.address_key AND s.paused_until > %(now)s)
FROM email_queue q JOIN email_address a ON a.id = q.address_id JOIN campaigns c ON c.id = q.campaign_id
WHERE q.id = %(message)s
"""
NEWSLETTERS = """
SELECT c.id, c.name, coalesce(c.frequency, ''),
  NOT EXISTS (SELECT FROM newsletter_optout o WHERE o.campaign_id = c.id AND o.address_id = %(address)s)
FROM campaigns c
WHERE c.campaign_type = 'newsletter' AND c.status IN ('active', 'planning') AND c.deleted_at IS NULL AND (c.id = %(campaign)s
  OR EXISTS (SELECT FROM newsletter_optout o WHERE o.campaign_id = c.id AND o.address_id = %(address)s)
  OR EXISTS (SELECT FROM email_link e JOIN target_list_member m ON m.right_id = e.record_id
    JOIN target_lists l ON l.id = m.left_id AND l.newsletter = c.id AND l.purpose = 'subscription'
    WHERE e.address_id = %(address)s))
ORDER BY c.sort_key LIMIT 50
"""
"""Those he gets, and those he left: of others a company may not want to speak yet."""


ASKED = """
SELECT a.address, c.name FROM consent_asking q JOIN email_address a ON a.id = q.address_id LEFT JOIN campaigns c ON c.id = q.campaign_id
WHERE q.number = %(message)s AND q.evidence ->> 'by' = 'staff'
"""
"""Of whom a colleague subscribed; who filled in a form himself knows what he did."""


async def about(session: Session, tenant: Tenant, message: int, now: datetime) -> About:
    """The company always; the rest when the message is known."""
    language: Any = tenant.language
    if message >= FIRST_CONFIRMATION:
        address, newsletter = await session.one(ASKED, {"message": message}) or ("", "")
        shown = masked(address) if address else ""
        return About(company=tenant.name, language=language, address=shown, newsletter=newsletter or "")
    row = await session.one(MAIL, {"message": message, "now": now})
    if row is None:
        return About(company=tenant.name, language=language)
    address_id, address, _, opted_out, complained, campaign, name, is_newsletter, left_this, paused = row
    listed = await session.rows(NEWSLETTERS, {"address": address_id, "campaign": campaign})
    locale = tenant.locale
    return About(
        company=tenant.name,
        language=language,
        address=masked(address),
        newsletter=name if is_newsletter else "",
        left=opted_out or left_this,
        left_all=opted_out,
        complained=complained,
        paused_until=format_date(paused.astimezone(locale.zone).date(), locale, catalogue(language), "medium")
        if paused
        else "",
        newsletters=tuple(
            Newsletter(str(id_), title, frequency, subscribed) for id_, title, frequency, subscribed in listed
        ),
    )
