"""One request over the web through the outbound door: bounded in time, size and redirects (SEC-24)."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urljoin

import httpx2 as httpx
import msgspec

from crm_domain.problems import Refused
from crm_storage.outbound.door import SECONDS, Door, tls_context

BYTES = 5 * 1024**2
HOPS = 3
SCHEMES = ("http", "https")
MOVED = (301, 302, 303, 307, 308)
AGENT = "Sadra-CRM"


class Answer(msgspec.Struct, frozen=True):
    """What a server said; `url` is where it was said in the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Reach(msgspec.Struct, frozen=True):
    """The door as one tenant stands before it."""

    door: Door
    tenant: int

    async def may(self, url: str) -> bool:
        """Whether a GET of that address would be let out. One that cannot be resolved now is judged when it can be."""
        try:
            target = httpx.URL(url)
            await self.door.address(self.tenant, target.host, _port(target), "web")
        except httpx.InvalidURL:
            return False
        except Refused as refused:
            if refused.id == "outbound.too_many":
                raise
            return refused.id == "outbound.unreachable"
        return target.scheme in SCHEMES


async def fetch(
    door: Door,
    tenant: int,
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    follow: bool = True,
    seconds: float = SECONDS,
    most_bytes: int = BYTES,
) -> Answer:
    """Asks a server that a user named. GET follows up to three redirects, each judged anew; other methods follow none.

    Raises Refused: `outbound.not_allowed`, `outbound.unreachable`, `outbound.too_large` or `outbound.too_many`.
    """
    given: dict[str, str] = {**headers} if headers else {}
    try:
        async with asyncio.timeout(seconds):
            for _ in range(HOPS + 1):
                answer = await _ask(door, tenant, url, method, given, body, most_bytes)
                onward = answer.headers.get("location", "")
                if answer.status not in MOVED or not onward or not follow or method != "GET":
                    return answer
                url, former = urljoin(url, onward), url
                if httpx.URL(url).host != httpx.URL(former).host:
                    given = {name: value for name, value in given.items() if name.lower() != "authorization"}
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, ValueError) as error:
        raise Refused("outbound.unreachable", host=_host(url)) from error
    raise Refused("outbound.unreachable", host=_host(url))


async def _ask(
    door: Door, tenant: int, url: str, method: str, headers: Mapping[str, str], body: bytes, most: int
) -> Answer:
    """One hop, on a connection of its own: a kept one might have been opened for another name at the same address."""
    target = httpx.URL(url)
    if target.scheme not in SCHEMES or target.userinfo or not target.host:
        raise Refused("outbound.not_allowed", host=_host(url))
    address = await door.address(tenant, target.host, _port(target), "web")
    sent = {"accept-encoding": "identity", "user-agent": AGENT, **headers, "host": target.netloc.decode()}
    pinned = target.copy_with(host=address, fragment=None)
    async with httpx.AsyncClient(verify=tls_context(), trust_env=False, timeout=SECONDS) as client:
        request = client.build_request(
            method, pinned, headers=sent, content=body or None, extensions={"sni_hostname": target.host}
        )
        answer = await client.send(request, stream=True)
        try:
            return Answer(answer.status_code, dict(answer.headers), await _read(answer, most, target.host), url)
        finally:
            await answer.aclose()


async def _read(answer: httpx.Response, most: int, host: str) -> bytes:
    """The body as it came. A packed one is refused: nobody asked for it, and it could unfold without end."""
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise Refused("outbound.too_large", host=host)
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > most:
            raise Refused("outbound.too_large", host=host)
    return bytes(body)


def _port(target: httpx.URL) -> int:
    return target.port or (443 if target.scheme == "https" else 80)


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host[:253]
    except httpx.InvalidURL:
        return ""
