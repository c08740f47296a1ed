"""The session cookie: `__Host-`, never readable by scripts (SEC-31)."""

import hashlib
import secrets
from typing import Any

from litestar import Response
from litestar.types import Scope

DEVELOPMENT = "session"
PRODUCTION = "__Host-session"
RENEWED = "renewed"
"""Where a request's state keeps the secret that its session has got meanwhile."""
DEVICE = "device"
PRODUCTION_DEVICE = "__Host-device"
DEVICE_S = 400 * 24 * 3600
"""As long as browsers keep a cookie at most."""
ANONYMOUS = "visit"
"""A random value before sign-in, so that the sign-in form has a token too."""


def cookie_name(*, secure: bool) -> str:
    """Browsers accept the prefix only over HTTPS, which a developer's machine does not have."""
    return PRODUCTION if secure else DEVELOPMENT


def set_session(response: Response[Any], secret: str, *, secure: bool) -> None:
    """Gives the browser its session. It ends with the browser, or when the server says so."""
    response.set_cookie(cookie_name(secure=secure), secret, path="/", httponly=True, secure=secure, samesite="lax")


def session_cookie(secret: str, *, secure: bool) -> str:
    """The same as a header's text."""
    return f"{cookie_name(secure=secure)}={secret}; Path=/; HttpOnly; SameSite=lax{'; Secure' if secure else ''}"


def device_cookie(*, secure: bool) -> str:
    """The name of the cookie that a browser is known again by."""
    return PRODUCTION_DEVICE if secure else DEVICE


def set_entered(response: Response[Any], secret: str, device: str, *, secure: bool) -> None:
    """The session of who has just signed in, and what his browser is known by next time."""
    set_session(response, secret, secure=secure)
    name = device_cookie(secure=secure)
    response.set_cookie(name, device, max_age=DEVICE_S, path="/", httponly=True, secure=secure, samesite="lax")


def clear_session(response: Response[Any], *, secure: bool) -> None:
    response.delete_cookie(cookie_name(secure=secure), path="/")


def set_anonymous(response: Response[Any], value: str, *, secure: bool) -> None:
    response.set_cookie(ANONYMOUS, value, path="/", httponly=True, secure=secure, samesite="lax")


def new_anonymous() -> str:
    return secrets.token_urlsafe(18)


def token_hash(secret: str) -> bytes:
    """How secrets are kept: never as they are."""
    return hashlib.sha256(secret.encode()).digest()


def cookies_of(scope: Scope) -> dict[str, str]:
    """The request's cookies by name."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name.lower() == b"cookie":
            pairs = (part.strip().partition("=") for part in value.decode("latin-1").split(";"))
            found |= {key: text for key, _, text in pairs}
    return found


def csrf_reference(scope: Scope, *, secure: bool) -> str:
    """What a form's token is bound to: the session, before sign-in the visit."""
    cookies = cookies_of(scope)
    renewed = scope.get("state", {}).get(RENEWED, "")
    secret = renewed or cookies.get(cookie_name(secure=secure)) or cookies.get(ANONYMOUS, "")
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""
