"""The browsers a user signed in with: a new one is told to him, a trusted one asks for no second step for thirty days."""

from datetime import timedelta
from uuid import UUID

import msgspec

from crm_storage.database import Session
from crm_storage.hashing import fingerprint
from crm_storage.people.once import new_secret

TRUSTED = timedelta(days=30)
AGENT_MAX = 300
LOOK = """
SELECT count(*) > 0, coalesce(bool_or(user_id = %(user)s), false),
  coalesce(bool_or(user_id = %(user)s AND trusted_until > now()), false),
  EXISTS (SELECT FROM device WHERE user_id = %(user)s)
FROM device WHERE token_hash = %(hash)s
"""
KEEP = """
INSERT INTO device AS d (token_hash, user_id, agent, address, trusted_until)
VALUES (%(hash)s, %(user)s, %(agent)s, %(address)s, now() + %(trusted)s)
ON CONFLICT (token_hash, user_id) DO UPDATE SET agent = excluded.agent, address = excluded.address, seen_at = now(),
  trusted_until = greatest(d.trusted_until, excluded.trusted_until)
"""
COUNT = "SELECT count(*) FROM device WHERE user_id = %(user)s AND trusted_until > now()"
FORGET = "UPDATE device SET trusted_until = NULL WHERE user_id = %(user)s"


class Device(msgspec.Struct, frozen=True):
    """A browser as its cookie tells. `known` to anybody here, `his` who signs in, `trusted` by him; `others` he has used."""

    secret: str
    known: bool
    his: bool
    trusted: bool
    others: bool

    @property
    def new(self) -> bool:
        """Whether it is worth a word: not with the first browser there ever was."""
        return self.others and not self.his


async def device_of(session: Session, user: UUID, secret: str) -> Device:
    """The browser that brought this cookie. One that nobody was given counts for nothing: a new one takes its place."""
    row = await session.one(LOOK, {"user": user, "hash": fingerprint(secret)})
    assert row is not None
    known, his, trusted, others = row
    return Device(secret if known else new_secret(), known, his, trusted, others)


async def keep_device(
    session: Session, user: UUID, device: Device, *, agent: str, address: str, trust: bool = False
) -> None:
    """Notes that the user signed in with it, and that he trusts it where he said so."""
    facts = {
        "hash": fingerprint(device.secret),
        "user": user,
        "agent": agent[:AGENT_MAX],
        "address": address,
        "trusted": TRUSTED if trust else None,
    }
    await session.execute(KEEP, facts)


async def trusted_devices(session: Session, user: UUID) -> int:
    """With how many browsers the user is asked for no second step."""
    row = await session.one(COUNT, {"user": user})
    return row[0] if row else 0


async def forget_devices(session: Session, user: UUID) -> None:
    """Asks for the second step again with every browser."""
    await session.execute(FORGET, {"user": user})
