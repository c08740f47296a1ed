"""The currencies of a company."""

from crm_storage.database import Session

ACTIVE = "SELECT iso4217 FROM currencies WHERE deleted_at IS NULL AND status = 'active' ORDER BY is_base DESC, iso4217"


async def active_currencies(session: Session) -> list[str]:
    """The ISO 4217 codes of those in use, the base one first."""
    return [code for (code,) in await session.rows(ACTIVE)]
