"""Who calls, as far as the tracker wants to know: his network without the last part, never his address (SEC-55)."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from socket import AF_INET, inet_pton
from typing import Any

Network = IPv4Network | IPv6Network
FORWARDED = b"x-forwarded-for"
SHORT_V6 = 48
MOST_KEYS = 100_000
MINUTE_MS = 60_000
SLOTS, SPREAD = 1 << 16, 40_503
"""Counters of messages, and how far the same messages of two tenants lie apart."""


class Networks:
    """Reads the caller's address; a forwarded one counts only from the proxies that were named (SEC-47)."""

    def __init__(self, proxies: Sequence[str]) -> None:
        self._proxies: tuple[Network, ...] = tuple(ip_network(proxy) for proxy in proxies)
        self.behind_proxies = bool(self._proxies)

    def of(self, client: Sequence[Any] | None, headers: Mapping[bytes, bytes]) -> str:
        """The network a request came from, whose host and port `client` is; empty when that is not known."""
        return self.named(client[0] if client else "", headers.get(FORWARDED, b""))

    def named(self, host: str, told: bytes) -> str:
        """The same for a host, and what it tells of whom it asks for."""
        if told and self._trusted(host):
            host = self._outermost(told.decode("latin-1"), host)
        return _short(host)

    def _outermost(self, told: str, host: str) -> str:
        """The last address of the chain that none of the proxies has."""
        for part in reversed(told.split(",")):
            host = part.strip()
            if not self._trusted(host):
                break
        return host

    def _trusted(self, host: str) -> bool:
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address.version == proxy.version and address in proxy for proxy in self._proxies)


class Budget:
    """How often each key may come in a minute. Bounded: when too many keys come, all start anew."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._since = 0
        self._counts: dict[object, int] = {}

    def allows(self, key: object, seconds: float) -> bool:
        """Counts one; whether it is within bounds."""
        counts = self._counts
        if not self._since <= seconds < self._since + 60 or len(counts) > MOST_KEYS:
            self._since = int(seconds) // 60 * 60
            counts = self._counts = {}
        count = counts[key] = counts.get(key, 0) + 1
        return count <= self._most


class Floods:
    """Tells messages that are called without end from all others, by few steps and in little memory.

    Half of what a message may have in a minute is counted by its slot, which it shares with others; only what comes to a
    crowded slot is counted by message. So no flood takes more than the other half from those beside it.
    """

    def __init__(self, most: int) -> None:
        """`most` is at most 510."""
        self._half = most // 2
        self._minute = 0
        self._slots = bytearray(SLOTS)
        self._crowded = Budget(self._half)

    def allows(self, tenant: int, message: int, ms: int) -> bool:
        """Counts one; whether it is within bounds."""
        if ms // MINUTE_MS != self._minute:
            self._minute = ms // MINUTE_MS
            self._slots = bytearray(SLOTS)
        slot = (message + tenant * SPREAD) % SLOTS
        count = self._slots[slot]
        if count < self._half:
            self._slots[slot] = count + 1
            return True
        return self._crowded.allows((tenant, message), ms / 1000)


def _short(host: str) -> str:
    try:
        first, second, third, _ = inet_pton(AF_INET, host)
    except (OSError, ValueError):
        return _short_v6(host)
    return f"{first}.{second}.{third}.0/24"


def _short_v6(host: str) -> str:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    length = SHORT_V6 if address.version == 6 else 24
    return str(ip_network((address, length), strict=False))
