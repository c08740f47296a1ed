"""Asking the name system about domains that users name: texts and mail servers only, so nothing is ever connected to."""

from collections.abc import Sequence

import dns.asyncresolver
import dns.resolver
from dns.exception import DNSException
from dns.rdata import Rdata
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

from crm_domain.problems import Refused

SECONDS = 5.0
MOST = 50
PORT = 53


class Names:
    """The name servers of an installation, such as `10.0.0.2` and `127.0.0.1:5353`; without any those of the system."""

    def __init__(self, servers: Sequence[str] = ()) -> None:
        self._servers = servers

    async def texts(self, name: str) -> list[str]:
        """The TXT records of a name; none when the name says so. Raises Refused while the name system does not answer."""
        found = [record for record in await self._records(name, "TXT") if isinstance(record, TXT)]
        return [b"".join(record.strings).decode("utf-8", "replace") for record in found]

    async def exchangers(self, name: str) -> list[str]:
        """The servers that take a domain's mail, the first one first. Raises Refused as `texts` does."""
        found = [record for record in await self._records(name, "MX") if isinstance(record, MX)]
        ordered = sorted((record.preference, str(record.exchange).rstrip(".")) for record in found)
        return [host for _, host in ordered if host]

    async def _records(self, name: str, kind: str) -> list[Rdata]:
        try:
            found = await self._resolver().resolve(name, kind, lifetime=SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except DNSException:
            raise Refused("outbound.unreachable") from None
        return [record for record in found if isinstance(record, Rdata)][:MOST]

    def _resolver(self) -> dns.asyncresolver.Resolver:
        if not self._servers:
            return dns.asyncresolver.get_default_resolver()
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = [host.partition(":")[0] for host in self._servers]
        resolver.nameserver_ports = {
            host: int(port or PORT) for host, _, port in (server.partition(":") for server in self._servers)
        }
        return resolver
