"""Tracked links for use outside a mail: in a text message, on a poster, as a QR code. They belong to no person, and are short."""

import base64
from binascii import Error as NotBase64
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest

from crm_domain.keys import KeyRing, derive
from crm_domain.tracking.tokens import TENANTS, Content

FIRST_LINK = 1 << 30
"""Public links are numbered from here on, where the numbers of mailings' links never come."""
PURPOSE_LINK, PURPOSE_VISITOR = "public link", "visitor"
MAC_BYTES = 5
"""Enough against trying: a guess that hits leads where the link leads anyway, and wrong ones are soon told to wait."""
MOST_LETTERS = 24


class PublicLinks:
    """Makes and reads what stands in the address of a public link: the tenant, the tracker URL's number, a seal."""

    def __init__(self, keys: KeyRing) -> None:
        self._newest, self._all = keys.newest, keys.by_mark(0, 0)
        self._key = lru_cache(TENANTS)(_key)

    def address(self, tracker_url: str, tenant: int, number: int) -> str:
        """Where the tracker URL of that number is followed by whoever sees it."""
        said = _packed(tenant) + _packed(number)
        return f"{tracker_url}/t/{_spelt(said + self._mac(self._newest, tenant, said))}"

    def read(self, token: str) -> Content | None:
        """What it says; None for one that is damaged or forged."""
        if len(token) > MOST_LETTERS:
            return None
        try:
            sealed = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
            tenant, after = _unpacked(sealed, 0)
            number, end = _unpacked(sealed, after)
        except (NotBase64, ValueError, IndexError):
            return None
        # Only one spelling of each is good: what base64 passes over, and numbers written too long, would be others.
        if _spelt(sealed) != token or _packed(tenant) + _packed(number) != sealed[:end]:
            return None
        if any(compare_digest(self._mac(key, tenant, sealed[:end]), sealed[end:]) for key in self._all):
            return Content(tenant, link=FIRST_LINK + number)
        return None

    def _mac(self, key: bytes, tenant: int, said: bytes) -> bytes:
        return blake2b(said, key=self._key(key, PURPOSE_LINK, tenant), digest_size=MAC_BYTES).digest()


class Visitors:
    """Tells visitors of one link apart within one day, and nothing more: tomorrow, and at another link, the same person is
    somebody else."""

    def __init__(self, keys: KeyRing) -> None:
        self._newest = keys.newest

    def mark(self, content: Content, at: datetime, network: str, agent: bytes) -> str:
        """Of a network without its last part and a program: 16 letters that lead back to neither."""
        said = f"{at:%Y%m%d}:{content.link}:{network}:".encode() + agent
        return blake2b(said, key=derive(self._newest, PURPOSE_VISITOR, content.tenant), digest_size=8).hexdigest()


def _key(key: bytes, purpose: str, tenant: int) -> bytes:
    return derive(key, purpose, tenant)


def _spelt(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _packed(number: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last have their highest bit set."""
    found = bytearray()
    while number > 0x7F:
        found.append(0x80 | number & 0x7F)
        number >>= 7
    return bytes((*found, number))


def _unpacked(said: bytes, start: int) -> tuple[int, int]:
    """A number and where it ends. Raises IndexError where it does not end, ValueError for one beyond 30 bits."""
    number = 0
    for place in range(5):
        byte = said[start + place]
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            if number >= FIRST_LINK:
                raise ValueError("beyond the numbers there are")
            return number, start + place + 1
    raise ValueError("too long")
