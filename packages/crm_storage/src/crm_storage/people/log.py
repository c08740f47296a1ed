"""What was done about people, their roles and how they sign in, in the audit."""

from collections.abc import Mapping
from typing import Any

import msgspec

from crm_domain.access.rights import Access
from crm_domain.definition import Ref
from crm_storage.database import Session

LOG = """
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
VALUES (%(user)s, %(source)s, %(request_id)s, %(module)s, %(record)s, %(action)s, %(changes)s::jsonb)
"""


class By(msgspec.Struct, frozen=True):
    """Who does it and from where, for the rules and the audit."""

    access: Access
    source: str
    request_id: str


async def log(session: Session, by: By, action: str, *, of: Ref, changes: Mapping[str, Any]) -> None:
    """Adds to the audit, in the transaction of what was done."""
    facts = {
        "user": by.access.user,
        "source": by.source,
        "request_id": by.request_id,
        "module": of.module,
        "record": of.id,
        "action": action,
        "changes": msgspec.json.encode(changes).decode(),
    }
    await session.execute(LOG, facts)
