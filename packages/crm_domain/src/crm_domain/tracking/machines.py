"""Who is behind a request, at first sight: people, the proxies that fetch images for them, or scanners of mail gateways."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from crm_domain.tracking.events import Act
from crm_domain.tracking.tokens import HONEYPOT

HUMAN: Final = "human"
IMAGE_PROXY: Final = "image_proxy"
"""A provider that fetches an image when the reader opens the mail: a real open, but only the first."""
PROXY_OPEN: Final = "proxy_open"
"""A provider that fetches all images, read or not."""
PROXIED: Final = frozenset({IMAGE_PROXY, PROXY_OPEN})
SCANNER: Final = "scanner"
IMPLIED: Final = "implied"
"""Nobody fetched the image, but somebody read: he clicked."""
RANK: Final = {SCANNER: 0, PROXY_OPEN: 1, IMPLIED: 2, IMAGE_PROXY: 3, HUMAN: 4}
"""Of several visitors to one link the best is believed."""
BURST_LINKS, BURST_S = 3, 3
"""So many different links of one message within so many seconds are no reading."""
SWEEP_MESSAGES, SWEEP_S = 5, 60
"""One network that follows links of so many messages within so many seconds is no reader."""
SETTLE_S = 600
"""How long a click is provisional."""

OPEN: Final = int(Act.OPEN)
PREFETCH: Final = frozenset({b"sec-purpose", b"purpose", b"x-moz", b"x-purpose"})
PROXIES = re.compile(r"GoogleImageProxy|ggpht\.com|YahooMailProxy|YahooCacheSystem", re.IGNORECASE)
ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|scan|monitor|check|fetch|curl|wget|python|java/|okhttp|go-http|axios|node|ruby|perl|"
    r"libwww|httpclient|headless|phantom|barracuda|proofpoint|mimecast|symantec|messagelabs|trend ?micro|sophos|cloudmark|"
    r"facebookexternalhit|whatsapp/|safelinks|fireeye|ironport|virustotal|bitdefender|kaspersky|eset|link ?validator",
    re.IGNORECASE,
)
APPLE_PROXY = "Mozilla/5.0"
"""All that Apple's mail privacy says of itself."""
FAMILIES: Final = (
    ("outlook", re.compile(r"Outlook|Microsoft Office|MSOffice", re.IGNORECASE)),
    ("apple_mail", re.compile(r"AppleWebKit/[\d.]+ \(KHTML, like Gecko\)$")),
    ("thunderbird", re.compile("Thunderbird", re.IGNORECASE)),
    ("phone", re.compile("Mobile|Android|iPhone|iPad", re.IGNORECASE)),
    ("browser", re.compile("Mozilla/", re.IGNORECASE)),
)


def first_sight(method: str, headers: Mapping[bytes, bytes], act: int, marks: int) -> tuple[str, str]:
    """Who it seems to be, and the family of his program."""
    seen = _of_agent(headers.get(b"user-agent", b"")[:400])
    if method == "HEAD" or marks & HONEYPOT or (not PREFETCH.isdisjoint(headers) and _fetched_ahead(headers)):
        return SCANNER, seen[1]
    if act != OPEN and seen[0] in PROXIED:
        return SCANNER, seen[1]
    return seen


def _fetched_ahead(headers: Mapping[bytes, bytes]) -> bool:
    return any(b"prefetch" in headers.get(name, b"") for name in PREFETCH)


@lru_cache(4096)
def _of_agent(raw: bytes) -> tuple[str, str]:
    agent = raw.decode("latin-1").strip()
    if PROXIES.search(agent):
        return IMAGE_PROXY, "image_proxy"
    if agent == APPLE_PROXY:
        return PROXY_OPEN, "apple_privacy"
    if not agent or ROBOTS.search(agent):
        return SCANNER, "robot"
    return HUMAN, next((name for name, pattern in FAMILIES if pattern.search(agent)), "other")
