"""A provider of the tests: people consent, programs get keys for it by code and PKCE, and keys are refreshed and withdrawn."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

CLIENT, SECRET = "the company", "a secret of the company"


class Consenting:
    """The provider's memory."""

    def __init__(self) -> None:
        self.port = 0
        self.codes: dict[str, tuple[str, str]] = {}
        self.refresh = ""
        self.access = ""
        self.asked: list[str] = []
        """What each question for keys was by."""

    @property
    def program(self) -> dict[str, Any]:
        base = f"http://localhost:{self.port}"
        provider = {"authorize_url": f"{base}/authorize?hint=1", "token_url": f"{base}/token", "scopes": "mail offline"}
        return {"own": {"client_id": CLIENT, "provider": provider}}

    def consent(self, way: str) -> dict[str, str]:
        """What somebody's browser brings back who followed the way and agreed."""
        said = {key: values[0] for key, values in parse_qs(urlsplit(way).query).items()}
        assert (
            said["client_id"] == CLIENT and said["response_type"] == "code" and said["code_challenge_method"] == "S256"
        )
        code = secrets.token_urlsafe()
        self.codes[code] = (said["code_challenge"], said["redirect_uri"])
        return {"state": said["state"], "code": code}

    def answer(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(said.get("grant_type", ""))
        if (said.get("client_id"), said.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        if said["grant_type"] == "authorization_code":
            challenge, back = self.codes.pop(said["code"], ("", ""))
            proof = (
                base64.urlsafe_b64encode(hashlib.sha256(said["code_verifier"].encode()).digest()).decode().rstrip("=")
            )
            if proof != challenge or said["redirect_uri"] != back:
                return 400, {"error": "invalid_grant"}
            self.refresh = secrets.token_urlsafe()
        elif not self.refresh or said["refresh_token"] != self.refresh:
            return 400, {"error": "invalid_grant"}
        self.access = secrets.token_urlsafe()
        return 200, {
            "access_token": self.access,
            "refresh_token": self.refresh,
            "expires_in": 3600,
            "token_type": "Bearer",
        }


@contextmanager
def provider(port: int = 0) -> Iterator[Consenting]:
    """On loopback, while the test needs it."""
    here = Consenting()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            status, told = here.answer({key: values[0] for key, values in parse_qs(body).items()})
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        here.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield here
        finally:
            server.shutdown()
            thread.join()
