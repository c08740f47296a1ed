"""The web sites in whose pages a form may stand."""

import re
from urllib.parse import urlsplit

from crm_domain.problems import BadValue

MOST_SITES = 20
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def read_sites(text: str) -> tuple[str, ...]:
    """Origins such as `https://shop.example`, as a policy may name them. Raises BadValue."""
    found = [origin_of(line.strip()) for line in text.splitlines() if line.strip()]
    if len(found) > MOST_SITES:
        raise BadValue("web_forms.too_many_sites", most=MOST_SITES)
    return tuple(dict.fromkeys(found))


def origin_of(address: str) -> str:
    """The site an address belongs to; https where none is named. Raises BadValue."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise BadValue("web_forms.not_a_site", value=address[:80]) from None
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(host):
        raise BadValue("web_forms.not_a_site", value=address[:80])
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"
