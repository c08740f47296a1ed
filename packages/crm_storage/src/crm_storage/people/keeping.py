"""How long a company keeps what it threw away and what was done, among its settings."""

from crm_domain.records.keeping import Keeping, keeping_of
from crm_storage.database import Session
from crm_storage.people.preferences import setting

KEEPING = "keeping"
"""The setting's key."""


async def keeping(session: Session) -> Keeping:
    """What the company settled, or what is usual."""
    return keeping_of(await setting(session, KEEPING))
