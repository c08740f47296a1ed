"""Password hashes with argon2id, a few at a time, and the fingerprints of random secrets (SEC-28, SEC-31)."""

import asyncio
import hashlib

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB = 64 * 1024
PASSES = 3
LANES = 4
AT_ONCE = 4
"""Each hash takes 64 MiB and every core it gets; more at once would starve the process."""

SALT = "bm8gYWNjb3VudCBoZXJlIQ"
DIGEST = "dGhpcyBwYXNzd29yZDsgdGhlIHdvcmsgaXMgdGhlIHM"
"""Form a hash that no password is known for, to be verified where there is no account."""


class Hasher:
    """One for each process. Hashes in threads, so that the event loop goes on."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES, lanes: int = LANES) -> None:
        self._argon = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes, type=Type.ID)
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._decoy = f"$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${SALT}${DIGEST}"

    async def hash(self, password: str) -> str:
        """The hash to store, with its parameters and salt."""
        async with self._gate:
            return await asyncio.to_thread(self._argon.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password fits. Without a stored hash it is no, after the same work (SEC-29)."""
        async with self._gate:
            fits = await asyncio.to_thread(self._fits, stored or self._decoy, password)
        return fits and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._argon.check_needs_rehash(stored)

    def _fits(self, stored: str, password: str) -> bool:
        try:
            return self._argon.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def fingerprint(secret: str) -> bytes:
    """What is kept of a random secret: it has 256 bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).digest()
