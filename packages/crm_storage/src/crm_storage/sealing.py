"""Secrets at rest: sealed with AES-256-GCM under the tenant's own key, which the installation's key wraps (SEC-51).

A sealed secret is bound to its place, so that moving it to another row, column or tenant makes it unreadable.
"""

import os
from collections import OrderedDict
from struct import Struct

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm_domain.keys import KEY_BYTES, KeyRing, derive, mark_of
from crm_storage.database import Session

NONCE_BYTES = 12
NUMBER = Struct(">I")
MARK = Struct(">I")
MARK_BITS = 32
PURPOSE = "data key"
REMEMBERED = 1000
NEWEST = "SELECT number, wrapped FROM data_key ORDER BY number DESC LIMIT 1"
BY_NUMBER = "SELECT number, wrapped FROM data_key WHERE number = %(number)s"
ALL = "SELECT number, wrapped FROM data_key ORDER BY number FOR UPDATE"
ADD = "INSERT INTO data_key (wrapped) VALUES (%(wrapped)s) RETURNING number, wrapped"
WRAP_AGAIN = "UPDATE data_key SET wrapped = %(wrapped)s WHERE number = %(number)s"
ONE_AT_A_TIME = "LOCK TABLE data_key IN SHARE ROW EXCLUSIVE MODE"


class Place(msgspec.Struct, frozen=True):
    """Where a secret lies: it opens there and nowhere else."""

    tenant: int
    table: str
    column: str
    row: str

    def bytes(self) -> bytes:
        """The place in one unmistakable form."""
        return msgspec.json.encode([self.tenant, self.table, self.column, self.row])


class Unreadable(Exception):
    """A secret that was changed, moved, or sealed under a key this installation does not have."""


class Seals:
    """One for each process. `session` is always a unit of work in the place's tenant; the caller commits."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._known: OrderedDict[tuple[int, int], AESGCM] = OrderedDict()

    async def seal(self, session: Session, place: Place, secret: str) -> bytes:
        """What is stored instead of the secret. The tenant's first secret makes its key."""
        row = await session.one(NEWEST) or await self._first_key(session, place.tenant)
        cipher = self._unwrapped(place.tenant, row)
        nonce = os.urandom(NONCE_BYTES)
        return NUMBER.pack(row[0]) + nonce + cipher.encrypt(nonce, secret.encode(), place.bytes())

    async def open(self, session: Session, place: Place, sealed: bytes) -> str:
        """The secret. Raises Unreadable."""
        if len(sealed) <= NUMBER.size + NONCE_BYTES:
            raise Unreadable
        [number] = NUMBER.unpack_from(sealed)
        cipher = self._known.get((place.tenant, number))
        if cipher is None:
            row = await session.one(BY_NUMBER, {"number": number})
            if row is None:
                raise Unreadable
            cipher = self._unwrapped(place.tenant, row)
        nonce, text = sealed[NUMBER.size : NUMBER.size + NONCE_BYTES], sealed[NUMBER.size + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, text, place.bytes()).decode()
        except InvalidTag:
            raise Unreadable from None

    async def wrap_again(self, session: Session, tenant: int) -> int:
        """After the installation's key was changed: wraps the tenant's keys with the new one; how many."""
        number = 0
        for row in await session.rows(ALL):
            if row[1][: MARK.size] != self._mark(self._keys.newest):
                fresh = self._wrap(self._keys.newest, tenant, self._plain(tenant, row[1]))
                number += await session.execute(WRAP_AGAIN, {"number": row[0], "wrapped": fresh})
        return number

    async def _first_key(self, session: Session, tenant: int) -> tuple[int, bytes]:
        await session.execute(ONE_AT_A_TIME)
        row = await session.one(NEWEST)
        if row is None:
            row = await session.one(ADD, {"wrapped": self._wrap(self._keys.newest, tenant, os.urandom(KEY_BYTES))})
        assert row is not None
        return row[0], row[1]

    def _unwrapped(self, tenant: int, row: tuple[int, bytes] | tuple[object, ...]) -> AESGCM:
        number, wrapped = row
        assert isinstance(number, int)
        assert isinstance(wrapped, bytes)
        cipher = self._known[(tenant, number)] = AESGCM(self._plain(tenant, wrapped))
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return cipher

    def _plain(self, tenant: int, wrapped: bytes) -> bytes:
        mark, nonce, text = wrapped[: MARK.size], wrapped[MARK.size : MARK.size + NONCE_BYTES], wrapped[16:]
        for key in self._keys.by_mark(MARK.unpack(mark)[0], MARK_BITS):
            try:
                return AESGCM(derive(key, PURPOSE, tenant)).decrypt(nonce, text, PURPOSE.encode())
            except InvalidTag:
                continue
        raise Unreadable

    def _wrap(self, key: bytes, tenant: int, plain: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        text = AESGCM(derive(key, PURPOSE, tenant)).encrypt(nonce, plain, PURPOSE.encode())
        return self._mark(key) + nonce + text

    def _mark(self, key: bytes) -> bytes:
        return MARK.pack(mark_of(key, MARK_BITS))
