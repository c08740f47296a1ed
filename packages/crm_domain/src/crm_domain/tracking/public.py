"""Tracked links for use outside a mail: in a text message, on a poster, as a QR code. They belong to no person."""

from datetime import datetime
from hashlib import blake2b

from crm_domain.keys import KeyRing, derive
from crm_domain.tracking.tokens import Content, Kind, Tokens

FIRST_LINK = 1 << 30
"""Public links are numbered from here on, where the numbers of mailings' links never come."""
PURPOSE = "visitor"


def public_address(tokens: Tokens, tracker_url: str, tenant: int, number: int) -> str:
    """Where the tracker URL of that number is followed by whoever sees it."""
    return f"{tracker_url}/t/{tokens.sign(Kind.LINK, Content(tenant, link=FIRST_LINK + number))}"


class Visitors:
    """Tells visitors of one link apart within one day, and nothing more: tomorrow, and at another link, the same person is
    somebody else."""

    def __init__(self, keys: KeyRing) -> None:
        self._key = keys.newest

    def mark(self, content: Content, at: datetime, network: str, agent: bytes) -> str:
        """Of a network without its last part and a program: 16 letters that lead back to neither."""
        said = f"{at:%Y%m%d}:{content.link}:{network}:".encode() + agent
        return blake2b(said, key=derive(self._key, PURPOSE, content.tenant), digest_size=8).hexdigest()
