"""Asking the name system about domains that users name: text records only, so nothing is ever connected to."""

import dns.asyncresolver
import dns.resolver
from dns.exception import DNSException

from crm_domain.problems import Refused

SECONDS = 5.0
MOST = 50


async def text_records(name: str) -> list[str]:
    """The TXT records of a name; none when the name says so. Raises Refused while the name system does not answer."""
    try:
        found = await dns.asyncresolver.resolve(name, "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except DNSException:
        raise Refused("outbound.unreachable") from None
    return [b"".join(record.strings).decode("utf-8", "replace") for record in list(found)[:MOST]]
