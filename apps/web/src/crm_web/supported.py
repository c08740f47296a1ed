"""What support of the host may reach in a company's pages: less than the user in whose session it is (scenario 58)."""

from typing import Any

from litestar import Request

from crm_domain.people.actor import Actor
from crm_domain.problems import Denied
from crm_storage.database import Session
from crm_storage.people.support import note_view
from crm_ui.request_log import request_id_of
from crm_web.gate import tenant_of
from crm_web.installation import Installation

LEAVE = "/support/leave"
CLOSED = (
    *("/settings/password", "/settings/tokens", "/settings/sessions", "/settings/second_factor", "/calendar/subscribe"),
    *("/sso", "/prove"),
    *(
        "/admin/support",
        "/admin/backups",
        "/admin/people",
        "/admin/roles",
        "/admin/audit/export",
        "/admin/single_sign_on",
        "/admin/security",
    ),
)
"""Where a user's own secrets are made or shown, and where the company looks after support."""
QUIET = ("/notifications/events", "/palette", "/home/")
"""Asked for by pages by themselves."""


async def admit(request: Request[Any, Any, Any], installation: Installation, session: Session, actor: Actor) -> None:
    """Lets a visit of support go on, names the operator in all it notes, and notes the page. Raises Denied."""
    support, path = actor.support, request.url.path
    assert support is not None
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    if path.startswith(CLOSED):
        raise Denied("support.closed")
    if not reads and not support.writes and path != LEAVE:
        raise Denied("support.read_only")
    await session.in_hands_of(support.operator)
    if reads and not path.startswith(QUIET):
        async with installation.database.tenant(tenant_of(request.scope).number) as beside:
            await note_view(beside, support, actor.user, path, request_id_of(request.scope))
            await beside.commit()
