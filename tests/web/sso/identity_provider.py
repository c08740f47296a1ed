"""A provider of identities on a real port, which does as tests say: also what no honest one would."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "sadra at work", "a secret: of/ours"
Spoil = Callable[["Provider", dict[str, Any], dict[str, Any]], str | None]


@dataclass
class Provider:
    """`claims` are of whoever signs in next; `spoil` may change a token's header and claims, or write it itself; `moved` says
    which paths lead elsewhere."""

    port: int = 0
    claims: dict[str, Any] = field(default_factory=dict[str, Any])
    spoil: Spoil | None = None
    answer_iss: str | None = None
    description: dict[str, Any] = field(default_factory=dict[str, Any])
    moved: dict[str, str] = field(default_factory=dict[str, str])
    codes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    asked: list[str] = field(default_factory=list[str])
    key: RSAKey = field(default_factory=lambda: new_key("one"))
    shown: list[RSAKey] = field(default_factory=list[RSAKey])

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def sign_in(self, url: str) -> str:
        """What the browser does over there: where it is sent back to. Every code is new."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        code = f"code {len(self.codes)}"
        self.codes[code] = asked
        iss = f"&iss={self.answer_iss}" if self.answer_iss is not None else ""
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}{iss}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        right = (
            asked and challenge.decode() == asked["code_challenge"] and form["redirect_uri"] == asked["redirect_uri"]
        )
        if not right or [unquote(part) for part in pair] != [CLIENT, SECRET]:
            return 400, {"error": "invalid_grant"}
        assert asked
        access = "an access token"
        half = base64.urlsafe_b64encode(hashlib.sha256(access.encode()).digest()[:16]).rstrip(b"=").decode()
        now = int(time.time())
        header = {"alg": "RS256", "kid": self.key.kid}
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"], "auth_time": now,
            "at_hash": half, **self.claims,
        }  # fmt: skip
        spoilt = self.spoil(self, header, claims) if self.spoil else None
        return 200, {"id_token": spoilt or self.signed(header, claims), "access_token": access, "token_type": "Bearer"}

    def signed(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        return jwt.encode(header, claims, self.key)

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.description,
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in (self.shown or [self.key])]}


def new_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": name})


def unsigned(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """The oldest trick: no algorithm at all."""
    parts = [json.dumps({"alg": "none"}).encode(), json.dumps(claims).encode()]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def by_client_secret(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))


def by_public_key(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Signed with the public key as if it were a shared secret."""
    return jwt.encode(
        {"alg": "HS256", "kid": provider.key.kid}, claims, OctKey.import_key(provider.key.as_pem(private=False))
    )


def by_a_foreign_key(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode(header, claims, new_key(provider.key.kid or ""))


@contextmanager
def listening() -> Iterator[Provider]:
    """A provider at work."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path in provider.moved:
                self.send_response(302)
                self.send_header("location", provider.moved[self.path])
                self.send_header("content-length", "0")
                self.end_headers()
                return
            known = {"/.well-known/openid-configuration": provider.describe, "/keys": provider.keys}
            found = known.get(self.path)
            self._say(200 if found else 404, found() if found else {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*provider.token(form, self.headers.get("authorization", "")))

        def _say(self, status: int, body: dict[str, Any]) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
