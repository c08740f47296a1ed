"""A company's provider of identities: its description, its keys, a code for a token, and whether that token is good (SEC-33).

Everything is asked through the outbound door; nothing of a provider's answer is believed that it has not signed.
"""

import base64
import time
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from crm_domain.problems import Refused
from crm_storage.outbound import Door, fetch

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
"""Asymmetric ones only, whatever a provider offers: neither none nor one whose key is the client's secret."""
FRESH_S = 600.0
LEEWAY_S = 60
PATIENCE_S = 6.0
"""For one answer. A sign-in asks at most for a description, a token, keys and keys once more: less than a request may take."""
BYTES = 512 * 1024
REMEMBERED = 500
JSON = {"accept": "application/json"}
T = TypeVar("T")
V = TypeVar("V")


class Description(msgspec.Struct, frozen=True):
    """What a provider publishes about itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Tokens(msgspec.Struct, frozen=True):
    """What a code is worth."""

    id_token: str
    access_token: str = ""


class _Keys(msgspec.Struct, frozen=True):
    found: KeySet
    at: float


class Providers:
    """One for each process: remembers descriptions and keys for ten minutes, each tenant's apart (SEC-06).

    Raises Refused: those of the outbound door, `sso.provider_wrong` for a provider that is none, `sso.token_wrong`.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._described: OrderedDict[tuple[int, str], tuple[Description, float]] = OrderedDict()
        self._keys: OrderedDict[tuple[int, str], _Keys] = OrderedDict()

    def plain(self, issuer: str) -> bool:
        """Whether the operator allowed that host, which may then do without TLS."""
        return self._door.trusts(issuer)

    async def describe(self, tenant: int, issuer: str, *, anew: bool = False) -> Description:
        """The provider's own description, which must be that issuer's."""
        known = self._described.get((tenant, issuer))
        if known and not anew and time.monotonic() - known[1] < FRESH_S:
            return known[0]
        url = issuer.rstrip("/") + "/.well-known/openid-configuration"
        found = _read(await self._ask(tenant, url, "sso.provider_wrong"), Description, "sso.provider_wrong")
        ends = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
        if found.issuer != issuer or not all(self._good(end) for end in ends):
            raise Refused("sso.provider_wrong")
        _remember(self._described, (tenant, issuer), (found, time.monotonic()))
        return found

    async def exchange(
        self, tenant: int, described: Description, *, client: str, secret: str, code: str, verifier: str, back: str
    ) -> Tokens:
        """The tokens for a code; the verifier proves that we asked for it, `back` that it came to us."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        headers = {"content-type": "application/x-www-form-urlencoded", **JSON}
        methods = described.token_endpoint_auth_methods_supported
        if not secret:
            form["client_id"] = client
        elif "client_secret_basic" in methods or "client_secret_post" not in methods:
            pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
            headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form |= {"client_id": client, "client_secret": secret}
        body = await self._ask(
            tenant, described.token_endpoint, "sso.token_wrong", headers=headers, form=urlencode(form).encode()
        )
        return _read(body, Tokens, "sso.token_wrong")

    async def verified(
        self, tenant: int, described: Description, tokens: Tokens, *, client: str, nonce: str, now: datetime
    ) -> Mapping[str, Any]:
        """The claims of a token that this provider signed for us, for this sign-in, and that still counts."""
        token = await self._opened(tenant, described, tokens.id_token)
        options = {
            "iss": {"essential": True, "value": described.issuer},
            "aud": {"essential": True, "value": client},
            "sub": {"essential": True},
        }
        params = {"nonce": nonce, "client_id": client, "access_token": tokens.access_token}
        claims = CodeIDToken(token.claims, token.header, options, params)
        try:
            claims.validate(  # pyright: ignore[reportUnknownMemberType]
                now=int(now.timestamp()), leeway=LEEWAY_S
            )
        except (JoseError, TypeError, ValueError, AttributeError):
            raise Refused("sso.token_wrong") from None
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise Refused("sso.token_wrong")
        return dict(claims)

    async def _opened(self, tenant: int, described: Description, token: str) -> jwt.Token:
        """By a key there is now; one not known yet may have come since, so keys are asked for once more before it is none."""
        for anew in (False, True):
            keys = await self._keys_of(tenant, described, anew=anew)
            try:
                return jwt.decode(token, keys, algorithms=list(ALGORITHMS))
            except (JoseError, ValueError, TypeError, KeyError):
                continue
        raise Refused("sso.token_wrong")

    async def _keys_of(self, tenant: int, described: Description, *, anew: bool) -> KeySet:
        place = (tenant, described.jwks_uri)
        known = self._keys.get(place)
        if known and not anew and time.monotonic() - known.at < FRESH_S:
            return known.found
        body = await self._ask(tenant, described.jwks_uri, "sso.provider_wrong")
        try:
            found = KeySet.import_key_set(msgspec.json.decode(body))
        except (msgspec.DecodeError, JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise Refused("sso.provider_wrong") from None
        _remember(self._keys, place, _Keys(found, time.monotonic()))
        return found

    async def _ask(
        self, tenant: int, url: str, problem: str, *, headers: Mapping[str, str] = JSON, form: bytes = b""
    ) -> bytes:
        """What is said at that very address; nobody is sent on from there, whoever the provider would rather have asked."""
        answer = await fetch(
            self._door, tenant, url, method="POST" if form else "GET", headers=headers, body=form, follow=False,
            seconds=PATIENCE_S, most_bytes=BYTES,
        )  # fmt: skip
        if answer.status != 200:
            raise Refused(problem)
        return answer.body

    def _good(self, url: str) -> bool:
        """Whether a provider may name that address: with TLS, like the issuer itself."""
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and self.plain(url)))


def _read(body: bytes, kind: type[T], problem: str) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError:
        raise Refused(problem) from None


def _remember(shelf: OrderedDict[tuple[int, str], V], key: tuple[int, str], value: V) -> None:
    shelf[key] = value
    shelf.move_to_end(key)
    if len(shelf) > REMEMBERED:
        shelf.popitem(last=False)
