"""What a company settled for converting leads, among its settings."""

from crm_domain.modules.leads.habits import Habits, habits_of
from crm_storage.database import Session
from crm_storage.people.preferences import setting

CONVERSION = "conversion"
"""The setting's key."""


async def conversion_habits(session: Session) -> Habits:
    """What the company settled, or what is usual."""
    return habits_of(await setting(session, CONVERSION))
