"""Whether the session still lasts: asked by a page before it sends what was typed on it."""

from litestar import Controller, get

from crm_ui.csrf import make_token
from crm_web.cookies import csrf_reference
from crm_web.visit import Visit


class SessionPages(Controller):
    """/session: the token of forms of the session there is now; 401 when there is none."""

    path = "/session"

    @get("/")
    async def token(self, visit: Visit) -> dict[str, str]:
        installation = visit.installation
        reference = csrf_reference(visit.request.scope, secure=installation.secure)
        return {"csrf": make_token(installation.key, reference)}
