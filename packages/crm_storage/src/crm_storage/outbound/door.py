"""Connections to hosts that users name: resolved once, judged, and made to the judged address (SEC-24)."""

import asyncio
import socket
import ssl
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from ipaddress import ip_network
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from crm_domain.problems import Refused
from crm_storage.outbound.addresses import Address, Network, is_outside, read, within

SECONDS = 10.0
WEB_PORTS = (80, 443, 8080, 8443)
MAIL_PORTS = (25, 110, 143, 465, 587, 993, 995, 2525)
PORTS = {"web": WEB_PORTS, "mail": MAIL_PORTS}
BURST, PER_SECOND = 60, 10.0
"""Connections a tenant may open at once, and for how long it goes on."""
TENANTS = 10_000
LONGEST_HOST = 253

Purpose = Literal["web", "mail"]
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]


class Rules(msgspec.Struct, frozen=True):
    """What the operator allows although it lies inside: hosts, at one port or at any, and networks."""

    hosts: frozenset[tuple[str, int]] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def read(cls, entries: Sequence[str]) -> "Rules":
        """From a setting such as `mail.internal`, `localhost:2525` and `10.1.0.0/16`; port 0 stands for all."""
        hosts: set[tuple[str, int]] = set()
        networks: list[Network] = []
        for entry in entries:
            if "/" in entry:
                networks.append(ip_network(entry))
            else:
                host, _, port = entry.partition(":")
                hosts.add((host.lower(), int(port or 0)))
        return cls(frozenset(hosts), tuple(networks))

    def names(self, host: str, port: int) -> bool:
        """Whether the operator allowed this very host."""
        return (host, 0) in self.hosts or (host, port) in self.hosts


class Door:
    """One for each process. Raises Refused `outbound.not_allowed`, `outbound.too_many` or `outbound.unreachable`;
    whether a port was closed, silent or spoke another language is not told."""

    def __init__(self, rules: Rules | None = None, resolver: Resolver | None = None) -> None:
        self._rules = rules or Rules()
        self._resolve = resolver or system_resolver
        self._budgets: OrderedDict[int, tuple[float, float]] = OrderedDict()

    async def address(self, tenant: int, host: str, port: int, purpose: Purpose) -> str:
        """The one address to connect to. Every address of the host must be outside, not only the first."""
        self._spend(tenant)
        host = normal_host(host)
        named = self._rules.names(host, port)
        if not named and port not in PORTS[purpose]:
            raise Refused("outbound.not_allowed", host=host)
        try:
            async with asyncio.timeout(SECONDS):
                found = [read(text) for text in await self._resolve(host, port)]
        except (OSError, ValueError, TimeoutError) as error:
            raise Refused("outbound.unreachable", host=host) from error
        if not found:
            raise Refused("outbound.unreachable", host=host)
        if not named and not all(self._may(address) for address in found):
            raise Refused("outbound.not_allowed", host=host)
        return str(found[0])

    def trusts(self, url: str) -> bool:
        """Whether the operator allowed the host of that address by name: it may then be reached without TLS."""
        parts = urlsplit(url)
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return False
        return self._rules.names(parts.hostname or "", port)

    async def streams(
        self, tenant: int, host: str, port: int, *, tls: bool, purpose: Purpose = "mail", limit: int = 2**16
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection as streams; with `tls` the certificate must be the host's."""
        address = await self.address(tenant, host, port, purpose)
        context = tls_context() if tls else None
        try:
            async with asyncio.timeout(SECONDS):
                return await asyncio.open_connection(
                    address, port, ssl=context, server_hostname=normal_host(host) if tls else None, limit=limit
                )
        except (OSError, TimeoutError) as error:
            raise Refused("outbound.unreachable", host=host) from error

    async def socket(self, tenant: int, host: str, port: int, *, tls: bool, wait_s: float = SECONDS) -> socket.socket:
        """A connected blocking socket for a library that works in threads; each of its waits ends after `wait_s`."""
        address = await self.address(tenant, host, port, "mail")
        try:
            return await asyncio.to_thread(_connected, address, port, normal_host(host) if tls else "", wait_s)
        except OSError as error:
            raise Refused("outbound.unreachable", host=host) from error

    def _may(self, address: Address) -> bool:
        return is_outside(address) or within(address, self._rules.networks)

    def _spend(self, tenant: int) -> None:
        """Takes one from the tenant's budget, which fills again as time goes by."""
        now = time.monotonic()
        left, since = self._budgets.pop(tenant, (float(BURST), now))
        left = min(BURST, left + (now - since) * PER_SECOND)
        self._budgets[tenant] = (max(0.0, left - 1), now)
        if len(self._budgets) > TENANTS:
            self._budgets.popitem(last=False)
        if left < 1:
            raise Refused("outbound.too_many")


def normal_host(host: str) -> str:
    """The name as it is resolved and compared: ASCII, small letters, no dot at its end. Raises Refused."""
    try:
        name = host.strip().rstrip(".").encode("idna").decode().lower() if not host.isascii() else host.strip().lower()
    except UnicodeError as error:
        raise Refused("outbound.not_allowed", host=host[:LONGEST_HOST]) from error
    name = name.rstrip(".").removeprefix("[").removesuffix("]")
    if not name or len(name) > LONGEST_HOST or any(letter in "/\\@#?%" or letter <= " " for letter in name):
        raise Refused("outbound.not_allowed", host=host[:LONGEST_HOST])
    return name


async def system_resolver(host: str, port: int) -> list[str]:
    """What the system's resolver answers, in its order."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


@cache
def tls_context() -> ssl.SSLContext:
    """Certificates are checked against the system's authorities, always."""
    return ssl.create_default_context()


def _connected(address: str, port: int, name: str, wait_s: float) -> socket.socket:
    plain = socket.create_connection((address, port), wait_s)
    if not name:
        return plain
    try:
        return tls_context().wrap_socket(plain, server_hostname=name)
    except OSError:
        plain.close()
        raise
