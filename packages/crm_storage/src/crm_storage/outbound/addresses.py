"""Which addresses are outside: judged as numbers, whatever their spelling was (SEC-24)."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
INSIDE: tuple[Network, ...] = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/3",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "4000::/2",
        "8000::/1",
    )
)
"""Private, loopback, link-local (with the clouds' metadata), shared, reserved, documentation, multicast, and every
form that carries one address within another: v4-mapped and -compatible, NAT64, 6to4, Teredo. Of the long addresses
only 2000::/3 is the public net."""


def is_outside(address: Address) -> bool:
    """Whether an address belongs to the public net and not to this machine."""
    inside = any(address.version == network.version and address in network for network in INSIDE)
    return not inside and address.is_global and not _own(address)


def read(text: str) -> Address:
    """An address as a resolver writes it, without its zone."""
    return ip_address(text.partition("%")[0])


def within(address: Address, networks: Sequence[Network]) -> bool:
    """Whether one of the networks holds the address."""
    return any(address.version == network.version and address in network for network in networks)


def _own(address: Address) -> bool:
    """Whether the system would talk to itself there; asking so sends nothing."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((str(address), 9))
        except OSError:
            return False
        return read(probe.getsockname()[0]) == address
