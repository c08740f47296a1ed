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

CLOSED = {"support": "closed"}
"""The `opt` of routes where a user's own secrets are made or shown, where he has his letters, and where the company looks after
who may come in: support included."""
LEAVING = {"support": "leaving"}
"""The `opt` of the route by which support goes away, whatever else it may do."""
QUIET = ("/notifications/events", "/palette", "/home/")
"""Asked for by pages by themselves."""


async def admit(request: Request[Any, Any, Any], installation: Installation, session: Session, actor: Actor) -> None:
    """Lets a visit of support go on, names the operator in all it notes, and notes the page. Raises Denied."""
    support, path, flag = actor.support, request.url.path, request.route_handler.opt.get("support")
    assert support is not None
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    if flag == "closed":
        raise Denied("support.closed")
    if not reads and not support.writes and flag != "leaving":
        raise Denied("support.read_only")
    await session.in_hands_of(support.operator)
    if reads and not path.startswith(QUIET):
        async with installation.database.tenant(tenant_of(request.scope).number) as beside:
            await note_view(beside, support, actor.user, path, request_id_of(request.scope))
            await beside.commit()
