"""Letting somebody in: who stands at the door, and the page that asks for the code of his second factor."""

import json
from typing import Any

from litestar import Request, Response
from litestar.response import Redirect

from crm_storage.people.sign_in import Attempt, SignedIn
from crm_storage.people.single_sign_on import single_sign_on
from crm_ui.csrf import make_token
from crm_web.bare import bare_page
from crm_web.cookies import cookies_of, device_cookie, set_entered, token_hash
from crm_web.gate import tenant_of
from crm_web.installation import Installation
from crm_web.origin import address_of


def attempt_of(request: Request[Any, Any, Any], login: str = "", password: str = "") -> Attempt:
    """What was typed, with where it was typed."""
    installation: Installation = request.app.state.installation
    return Attempt(
        login=login,
        password=password,
        address=address_of(request),
        agent=request.headers.get("user-agent", ""),
        company=tenant_of(request.scope).name,
        device=cookies_of(request.scope).get(device_cookie(secure=installation.secure), ""),
    )


async def sign_in_page(
    request: Request[Any, Any, Any],
    *,
    status: int = 200,
    language: str = "",
    password: bool = False,
    **facts: Any,
) -> Response[str]:
    """The door: by password, by the company's provider, or by that alone; with `password` as well for who asks for it."""
    installation: Installation = request.app.state.installation
    async with installation.database.tenant(tenant_of(request.scope).number) as session:
        settings = await single_sign_on(session)
    offered = {"sso": settings.label, "by_sso": settings.enabled, "by_password": password or not settings.forced}
    return bare_page(request, "account/sign_in.html", status=status, language=language, **offered, **facts)


def ask_code(
    request: Request[Any, Any, Any], pending: str, after: str, problem: str = "", status: int = 200
) -> Response[str]:
    """The second step, which the right password leads to."""
    return bare_page(request, "account/code.html", status=status, pending=pending, next=after, problem=problem)


def let_in(request: Request[Any, Any, Any], entered: SignedIn, after: str) -> Response[Any]:
    """On after signing in; over a page with typed values nothing is loaded, the page only gets its new token."""
    installation: Installation = request.app.state.installation
    response: Response[Any]
    if request.headers.get("hx-request") == "true":
        token = make_token(installation.key, token_hash(entered.secret).hex())
        said = json.dumps({"sadra:signed-in": {"csrf": token}})
        response = Response(None, status_code=204, headers={"HX-Trigger": said})
    else:
        response = Redirect("/settings/password" if entered.must_change else after, status_code=303)
    set_entered(response, entered.secret, entered.device, secure=installation.secure)
    return response
