"""How long to wait after wrong passwords, for an account and for the network they come from (SEC-29)."""

from datetime import timedelta
from ipaddress import ip_address, ip_network

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""After the last free failure, the next, and every further one."""
FREE_FOR_ACCOUNT = 5
FREE_FOR_NETWORK = 8
"""Colleagues share an address, so a network may fail more often; ten tries in ten minutes is the most it gets."""
FORGOTTEN = timedelta(minutes=15)
"""Counting starts anew when so long nothing failed after the last wait."""
IPV4_PREFIX = 24
IPV6_PREFIX = 64


def network_of(address: str) -> str:
    """The network an address belongs to: what one household or office gets. Empty when there is no address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((ip, IPV4_PREFIX if ip.version == 4 else IPV6_PREFIX), strict=False))
