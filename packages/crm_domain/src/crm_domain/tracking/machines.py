"""Who is behind a request, at first sight: people, the proxies that fetch images for them, or scanners of mail gateways."""

import re
from typing import Final

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

PREFETCH: Final = frozenset({b"sec-purpose", b"purpose", b"x-moz", b"x-purpose"})
"""Headers in which a program says that it fetches ahead of its reader."""
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


def first_sight(agent: bytes, *, opened: bool, machine: bool) -> tuple[str, str]:
    """Who it seems to be by what his program calls itself, and the family of that program. Nobody follows links through a
    proxy for images; a machine is what gave itself away otherwise."""
    via, family = _of_agent(agent.decode("latin-1").strip())
    return SCANNER if machine or (via in PROXIED and not opened) else via, family


def _of_agent(agent: str) -> tuple[str, str]:
    if PROXIES.search(agent):
        return IMAGE_PROXY, "image_proxy"
    if agent == APPLE_PROXY:
        return PROXY_OPEN, "apple_privacy"
    if not agent or ROBOTS.search(agent):
        return SCANNER, "robot"
    return HUMAN, next((name for name, pattern in FAMILIES if pattern.search(agent)), "other")
