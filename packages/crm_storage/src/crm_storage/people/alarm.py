"""Telling a user by the bell what happens to his account; the gravest goes by mail besides, whatever he chose."""

from typing import Literal
from uuid import UUID

from crm_storage.database import Session
from crm_storage.notices import tell

Event = Literal["password", "token", "factor_on", "factor_off", "codes", "device"]
"""Worded by `security.event.<event>`."""
PAGES = {
    "token": "/settings/tokens",
    "factor_on": "/settings/second_factor",
    "factor_off": "/settings/second_factor",
    "codes": "/settings/second_factor",
}


async def alarm(session: Session, user: UUID, event: Event, detail: str = "") -> None:
    """Tells him, also of what he did himself: it may have been somebody else."""
    facts = {"event": {"id": f"security.event.{event}"}, "detail": f": {detail}" if detail else ""}
    await tell(session, "security", [user], PAGES.get(event, "/settings/sessions"), facts)
