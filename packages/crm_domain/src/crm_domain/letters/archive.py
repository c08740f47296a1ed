"""Secret addresses by which mail gets into a record's files: `sales+<token>@company.example`."""

import base64
import re
from collections.abc import Sequence
from hashlib import blake2b
from hmac import compare_digest
from uuid import UUID

from crm_domain.definition import Ref
from crm_domain.keys import KeyRing, derive, mark_of
from crm_domain.letters.addresses import Party

PURPOSE = "archive address"
MARK_BITS = 8
MAC_BYTES = 8
LETTERS = 40
"""Base32 of a mark, an id and a MAC, without padding: capitals may get lost in a local part."""
TOKEN = re.compile(rf"\+([a-z2-7]{{{LETTERS}}})@", re.IGNORECASE)


class ArchiveAddresses:
    """Makes and reads the tokens of one tenant. Whoever knows an address may write into that record's files, and no more."""

    def __init__(self, keys: KeyRing, tenant: int, modules: Sequence[str]) -> None:
        self._keys, self._tenant, self._modules = keys, tenant, modules

    def of(self, record: Ref, mailbox: str) -> str:
        """The record's address in a mailbox."""
        local, _, domain = mailbox.partition("@")
        key = self._keys.newest
        sealed = bytes([mark_of(key, MARK_BITS)]) + record.id.bytes + self._mac(key, record)
        return f"{local}+{base64.b32encode(sealed).decode().lower()}@{domain}"

    def meant(self, reached: Sequence[Party]) -> list[Ref]:
        """The records whose addresses a letter was for."""
        tokens = (found[1] for party in reached if (found := TOKEN.search(party.address)))
        return [ref for token in tokens if (ref := self._read(token))]

    def _read(self, token: str) -> Ref | None:
        sealed = base64.b32decode(token, casefold=True)
        id_ = UUID(bytes=sealed[1:17])
        for key in self._keys.by_mark(sealed[0], MARK_BITS):
            for module in self._modules:
                if compare_digest(self._mac(key, Ref(module, id_)), sealed[17:]):
                    return Ref(module, id_)
        return None

    def _mac(self, key: bytes, record: Ref) -> bytes:
        said = f"{record.module}:{record.id}".encode()
        return blake2b(said, key=derive(key, PURPOSE, self._tenant), digest_size=MAC_BYTES).digest()
