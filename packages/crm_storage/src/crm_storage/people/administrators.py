"""Telling a company's administrators something by mail, each in his own language."""

from collections.abc import Mapping
from typing import Any

from crm_domain.tenancy import NOTICES
from crm_storage.database import Session
from crm_storage.outbox import put

ADMINISTRATORS = """
SELECT a.address, coalesce(p.body ->> 'language', (SELECT value #>> '{}' FROM setting WHERE key = 'language'), 'fa'), u.name
FROM users u JOIN email_link e ON e.record_id = u.id AND e.is_primary JOIN email_address a ON a.id = e.address_id
LEFT JOIN preference p ON p.user_id = u.id
WHERE u.deleted_at IS NULL AND u.status = 'active' AND u.user_type = 'administrator'
"""


async def tell_administrators(
    session: Session, template: str, facts: Mapping[str, Any], *, subject: str = NOTICES
) -> int:
    """Puts a mail to every administrator into the outbox, worded by `mail.<template>`; how many. The caller commits."""
    people = await session.rows(ADMINISTRATORS)
    for address, language, name in people:
        said = {"link": "", "person": name, **facts}
        await put(session, subject, {"to": address, "template": template, "language": language, "facts": said})
    return len(people)
