"""The company's limit on how often one address is mailed, kept among its settings."""

from uuid import UUID

import msgspec

from crm_domain.sending.cap import Cap
from crm_storage.database import Session
from crm_storage.people.preferences import save_setting, setting

KEY = "frequency_cap"
NOTE = """
INSERT INTO audit_event (actor_id, source, request_id, module, action, changes)
VALUES (%(by)s, 'web', %(request)s, 'email_marketing', 'frequency_cap', %(changes)s::jsonb)
"""


async def read_cap(session: Session) -> Cap | None:
    """None when any number of mails may go."""
    kept = await setting(session, KEY)
    return msgspec.convert(kept, Cap) if kept else None


async def keep_cap(session: Session, cap: Cap | None, *, by: UUID, request: str) -> None:
    """Holds for mailings that are scheduled from now on; the caller commits."""
    changes = {"before": await read_cap(session), "after": cap}
    await save_setting(session, KEY, cap)
    facts = {"by": by, "request": request, "changes": msgspec.json.encode(changes).decode()}
    await session.execute(NOTE, facts)
