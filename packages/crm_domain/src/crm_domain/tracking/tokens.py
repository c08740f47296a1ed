"""The tokens in addresses of the tracker and in return paths: short, sealed, and good for one purpose (SEC-55).

A token says which tenant, which message and which link, and nothing about a person. Its content is encrypted under
its own MAC (a synthetic initialisation vector), so that equal contents give equal tokens and neighbours look unlike.
"""

import base64
from binascii import a2b_base64
from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from struct import Struct

import msgspec

from crm_domain.keys import KeyRing, derive, mark_of

MAC_BYTES = 16
MARK_BITS = 5
HEAD = Struct(">BI")
CONTENT = Struct(">QIB")
BYTES = HEAD.size + MAC_BYTES + CONTENT.size
LETTERS = 46
"""In an address of the web: base64 of `BYTES` without padding."""
LAST_LETTERS = frozenset("AQgw")
FROM_WEB = bytes.maketrans(b"-_+/", b"+/!!")
"""From the alphabet of addresses to that of mail, of which nothing may stand in an address."""
MAIL_LETTERS = 55
"""In the local part of a mail address, where capitals get lost: base32 in small letters."""
TENANTS = 4096
"""How many tenants' keys a process remembers."""
PURPOSE_MAC = "token mac"
PURPOSE_CIPHER = "token cipher"


class Kind(IntEnum):
    """What a token is good for; on any other path it is worthless."""

    FORM = 0
    """A web form; with a link in it, the ticket with which that form is filled in once."""
    CLICK = 1
    OPEN = 2
    OPT_OUT = 3
    PREFERENCES = 4
    VIEW = 5
    BOUNCE = 7


TEST, PREVIEW, HONEYPOT, SILENT = 1, 2, 4, 8
"""What may be particular about the mail a token came with, as bits. A honeypot is a link no person sees; of what is
silent nothing is noted: the copy in the browser, and people who asked not to be followed."""


class Content(msgspec.Struct, frozen=True, gc=False):
    """What a token says: the tenant's number, the message's (0 for none), the link's (0 for none)."""

    tenant: int
    message: int = 0
    link: int = 0
    marks: int = 0


class Tokens:
    """Makes and reads tokens with the installation's keys."""

    def __init__(self, keys: KeyRing) -> None:
        self._newest = keys.newest
        self._head = mark_of(keys.newest, MARK_BITS)
        self._by_mark = {mark: keys.by_mark(mark, MARK_BITS) for mark in range(1 << MARK_BITS)}
        self._pair = lru_cache(TENANTS)(_pair)

    def sign(self, kind: Kind, content: Content) -> str:
        """The token as it stands in an address of the web."""
        return base64.urlsafe_b64encode(self._seal(kind, content)).rstrip(b"=").decode()

    def sign_mail(self, kind: Kind, content: Content) -> str:
        """The token as it stands in the local part of a mail address."""
        return base64.b32encode(self._seal(kind, content)).rstrip(b"=").decode().lower()

    def read(self, kind: Kind, token: str) -> Content | None:
        """What a token of the web says; None for one that is damaged, forged or of another kind."""
        # Only these last letters have no spare bits: any other would be a second spelling of the same token.
        if len(token) != LETTERS or token[-1] not in LAST_LETTERS:
            return None
        try:
            sealed = a2b_base64(token.encode("ascii").translate(FROM_WEB) + b"==", strict_mode=True)
        except ValueError:
            return None
        return self._open(kind, sealed)

    def read_mail(self, kind: Kind, token: str) -> Content | None:
        """The same for a token in a mail address, whatever became of its capitals."""
        if len(token) != MAIL_LETTERS:
            return None
        try:
            sealed = base64.b32decode(token + "=", casefold=True)
            if base64.b32encode(sealed)[:MAIL_LETTERS].lower() != token.lower().encode("ascii"):
                return None
        except ValueError:
            return None
        return self._open(kind, sealed)

    def _seal(self, kind: Kind, content: Content) -> bytes:
        mac_key, cipher_key = self._pair(self._newest, content.tenant)
        head = HEAD.pack(kind << MARK_BITS | self._head, content.tenant)
        plain = CONTENT.pack(content.message, content.link, content.marks)
        mac = _mac(mac_key, head + plain)
        return head + mac + _masked(cipher_key, mac, plain)

    def _open(self, kind: Kind, sealed: bytes) -> Content | None:
        first, tenant = HEAD.unpack_from(sealed)
        if first >> MARK_BITS != kind:
            return None
        head, mac, cipher = sealed[:5], sealed[5:21], sealed[21:]
        for key in self._by_mark[first & 31]:
            mac_key, cipher_key = self._pair(key, tenant)
            plain = _masked(cipher_key, mac, cipher)
            if compare_digest(_mac(mac_key, head + plain), mac):
                return Content(tenant, *CONTENT.unpack(plain))
        return None


def _pair(key: bytes, tenant: int) -> tuple[bytes, bytes]:
    return derive(key, PURPOSE_MAC, tenant), derive(key, PURPOSE_CIPHER, tenant)


def _mac(key: bytes, said: bytes) -> bytes:
    return blake2b(said, key=key, digest_size=MAC_BYTES).digest()


def _masked(key: bytes, mac: bytes, text: bytes) -> bytes:
    """Adds or takes away the stream of letters that the MAC begins."""
    stream = blake2b(mac, key=key, digest_size=CONTENT.size).digest()
    return (int.from_bytes(stream) ^ int.from_bytes(text)).to_bytes(CONTENT.size)
