"""The way to a provider of identities and back: what is remembered of it lies in the browser that began it, signed (SEC-33)."""

import hashlib
import hmac
import secrets
import time
from typing import Any, Literal

import msgspec
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from litestar import Request, Response

from crm_domain.keys import derive
from crm_domain.tenancy import Tenant
from crm_web.cookies import cookies_of
from crm_web.gate import tenant_of
from crm_web.installation import Installation

LASTS_S = 600
PURPOSE = "single sign-on"
NAME, PRODUCTION_NAME = "sso", "__Host-sso"
Wanted = Literal["enter", "link", "prove", "test"]


class Journey(msgspec.Struct, frozen=True):
    """What was asked of whom, what for, and when; `user` is who was signed in, `after` where he wanted to go."""

    state: str
    nonce: str
    verifier: str
    issuer: str
    wanted: Wanted
    after: str
    user: str
    at: int

    @property
    def challenge(self) -> str:
        """What the provider learns of the verifier before the code is used."""
        return create_s256_code_challenge(self.verifier)


def new_journey(issuer: str, wanted: Wanted, after: str, user: str = "") -> Journey:
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Journey(state, nonce, verifier, issuer, wanted, after, user, int(time.time()))


def remember(request: Request[Any, Any, Any], response: Response[Any], journey: Journey) -> None:
    """Gives it to the browser."""
    installation: Installation = request.app.state.installation
    packed = msgspec.json.encode(journey).hex()
    text = f"{packed}.{_mac(installation, tenant_of(request.scope), packed)}"
    secure = installation.secure
    response.set_cookie(
        _name(installation), text, max_age=LASTS_S, path="/", httponly=True, secure=secure, samesite="lax"
    )


def remembered(request: Request[Any, Any, Any]) -> Journey | None:
    """The one this browser began at this tenant a short while ago, if it comes back with its state."""
    installation: Installation = request.app.state.installation
    packed, _, mac = cookies_of(request.scope).get(_name(installation), "").partition(".")
    if not hmac.compare_digest(_mac(installation, tenant_of(request.scope), packed).encode(), mac.encode()):
        return None
    journey = msgspec.json.decode(bytes.fromhex(packed), type=Journey)
    same = hmac.compare_digest(journey.state.encode(), request.query_params.get("state", "").encode())
    return journey if same and 0 <= time.time() - journey.at <= LASTS_S else None


def forget(request: Request[Any, Any, Any], response: Response[Any]) -> None:
    """It can be ended only once."""
    response.delete_cookie(_name(request.app.state.installation), path="/")


def _name(installation: Installation) -> str:
    return PRODUCTION_NAME if installation.secure else NAME


def _mac(installation: Installation, tenant: Tenant, packed: str) -> str:
    key = derive(installation.keys.newest, PURPOSE, tenant.number)
    return hmac.new(key, packed.encode(), hashlib.sha256).hexdigest()
