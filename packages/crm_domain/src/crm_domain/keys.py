"""The installation's keys: the one in use and those it followed, with a key of its own for every purpose and tenant."""

import hashlib
from collections.abc import Sequence

KEY_BYTES = 32


class KeyRing:
    """New things are made with the newest key; what an older one made is still read.

    A key is known by its fingerprint, so that rotating means putting a new one first and keeping the old.
    """

    def __init__(self, newest: str, former: Sequence[str] = ()) -> None:
        self._keys = tuple(hashlib.sha256(secret.encode()).digest() for secret in (newest, *former))
        self.newest = self._keys[0]

    def by_mark(self, mark: int, bits: int) -> list[bytes]:
        """The keys whose fingerprint starts with these bits: nearly always one."""
        return [key for key in self._keys if mark_of(key, bits) == mark]


def mark_of(key: bytes, bits: int) -> int:
    """The first bits of a key's fingerprint: they name it and tell nothing of it."""
    digest = hashlib.blake2b(key, digest_size=8, person=b"sadra mark").digest()
    return int.from_bytes(digest) >> (64 - bits)


def derive(key: bytes, purpose: str, tenant: int) -> bytes:
    """A key for one purpose of one tenant: whoever learns it learns no other."""
    return hashlib.blake2b(f"{purpose}:{tenant}".encode(), key=key, digest_size=KEY_BYTES).digest()
