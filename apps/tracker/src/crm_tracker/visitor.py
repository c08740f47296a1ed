"""Who calls, as far as the tracker wants to know: his network without the last part, never his address (SEC-55)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Network = IPv4Network | IPv6Network
SHORT_V6 = 48
MOST_KEYS = 100_000


class Networks:
    """Reads the caller's address; a forwarded one counts only from the proxies that were named (SEC-47)."""

    def __init__(self, proxies: Sequence[str]) -> None:
        self._proxies: tuple[Network, ...] = tuple(ip_network(proxy) for proxy in proxies)
        self.short = lru_cache(8192)(_short)

    def of(self, client: Sequence[Any] | None, headers: Mapping[bytes, bytes]) -> str:
        """The network a request came from, whose host and port `client` is; empty when that is not known."""
        host = client[0] if client else ""
        if self._proxies and (told := headers.get(b"x-forwarded-for")) and self._trusted(host):
            host = self._outermost(told.decode("latin-1"), host)
        return self.short(host)

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


def _short(host: str) -> str:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    length = SHORT_V6 if address.version == 6 else 24
    return str(ip_network((address, length), strict=False))
