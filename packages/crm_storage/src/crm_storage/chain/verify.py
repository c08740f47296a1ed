"""Verifying a tenant's chain: every event is digested anew and held against what was sealed (SEC-52)."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec

from crm_storage.chain.anchor import Anchor, anchors
from crm_storage.chain.digest import CHAIN, DIGEST, DIGEST_LENGTH
from crm_storage.chain.lapse import lapsed
from crm_storage.database import Database, Session

Kind = Literal["changed", "dropped", "added", "seal_changed", "seals_dropped", "not_anchored"]
MOST = 50
"""Faults of one tenant that are named."""
ZERO = UUID(int=0)
NEXT = f"""
SELECT number, first_event, last_event, chain, {CHAIN} FROM (
  SELECT s.*, coalesce((SELECT p.chain FROM audit_seal p WHERE p.number < s.number ORDER BY p.number DESC LIMIT 1), '')
    AS before
  FROM audit_seal s WHERE s.number > %(after)s ORDER BY s.number LIMIT 1
) seal
"""
WITHIN = "e.id > %(since)s AND e.id <= %(upto)s"
COMPARE = f"""
SELECT s.events, s.digests = coalesce((SELECT string_agg({DIGEST}, ''::bytea ORDER BY e.id) FROM audit_event e WHERE {WITHIN}), '')
FROM audit_seal s WHERE s.number = %(number)s
"""
NUMBER = "SELECT events FROM audit_seal WHERE number = %(number)s"
SEALED = "SELECT digests FROM audit_seal WHERE number = %(number)s"
FOUND = f"SELECT e.id, {DIGEST} FROM audit_event e WHERE {WITHIN} ORDER BY e.id"
UNSEALED = "SELECT count(*) FROM audit_event e WHERE e.id > %(since)s"


class Fault(msgspec.Struct, frozen=True):
    """One thing that is not as it was sealed. `position` counts the events of the seal from 1, 0 where it is the seal's
    own; `event` is the one found there, and of a dropped one the event before it in the seal, if any."""

    kind: Kind
    seal: int
    position: int = 0
    event: UUID | None = None


class Verdict(msgspec.Struct):
    """What a verification found; at most MOST faults are named. `lapsed` events were kept for as long as the company wished."""

    seals: int = 0
    events: int = 0
    lapsed: int = 0
    unsealed: int = 0
    anchors: int = 0
    faults: list[Fault] = msgspec.field(default_factory=list[Fault])


async def verify(database: Database, tenant: int) -> Verdict:
    """Reads a tenant's whole audit log, a seal at a time; `database` is the login of the owner."""
    async with database.host() as session:
        anchored = await anchors(session, tenant)  # before the seals, which only grow
        gone = await lapsed(session, tenant)
    verdict = Verdict(anchors=len(anchored))
    async with database.tenant(tenant) as session:
        async for fault in _faults(session, anchored, gone, verdict):
            verdict.faults.append(fault)
            if len(verdict.faults) == MOST:
                break
    return verdict


async def _faults(session: Session, anchored: Sequence[Anchor], gone: int, verdict: Verdict) -> AsyncGenerator[Fault]:
    number, since = 0, ZERO
    waiting = list(reversed(anchored))
    while (row := await session.one(NEXT, {"after": number})) is not None:
        found, first, last, chain, expected = row
        if found > number + 1:
            yield Fault("seals_dropped", number + 1)
            since = UUID(int=first.int - 1)
        elif chain != expected:
            yield Fault("seal_changed", found)
        number = found
        while waiting and waiting[-1].seal <= number:
            anchor = waiting.pop()
            if (anchor.seal, anchor.chain) != (number, chain):
                yield Fault("not_anchored", anchor.seal)
        compare = _left if number <= gone else _compared
        for fault in await compare(session, verdict, number, since, last):
            yield fault
        since = last
        verdict.seals += 1
    if waiting:
        yield Fault("not_anchored", waiting[-1].seal)
    row = await session.one(UNSEALED, {"since": since})
    verdict.unsealed = row[0] if row else 0


async def _compared(session: Session, verdict: Verdict, number: int, since: UUID, upto: UUID) -> list[Fault]:
    """The faults of one seal's events. One transaction a seal: a log of millions takes its time."""
    facts = {"number": number, "since": since, "upto": upto}
    row = await session.one(COMPARE, facts)
    assert row is not None, "seals are only read"
    events, whole = row
    verdict.events += events
    faults = [] if whole else await _told(session, number, facts)
    await session.rollback()
    return faults


async def _left(session: Session, verdict: Verdict, number: int, since: UUID, upto: UUID) -> list[Fault]:
    """The faults of a seal whose events have lapsed: none may be there."""
    [(events,)] = await session.rows(NUMBER, {"number": number})
    verdict.lapsed += events
    found = await session.rows(FOUND, {"since": since, "upto": upto})
    await session.rollback()
    return [Fault("added", number, place, id_) for place, (id_, _) in enumerate(found, 1)]


async def _told(session: Session, number: int, facts: dict[str, Any]) -> list[Fault]:
    [(digests,)] = await session.rows(SEALED, facts)
    sealed = [digests[at : at + DIGEST_LENGTH] for at in range(0, len(digests), DIGEST_LENGTH)]
    found = [(id_, digest) for id_, digest in await session.rows(FOUND, facts)]
    return list(differences(number, sealed, found))


def differences(number: int, sealed: Sequence[bytes], found: Sequence[tuple[UUID, bytes]]) -> Iterator[Fault]:
    """How the events found differ from those sealed: no digest comes twice, for each holds its event's id."""
    known, there = set(sealed), {digest for _, digest in found}
    place = at = 0
    while place < len(sealed) or at < len(found):
        gone = place < len(sealed) and sealed[place] not in there
        strange = at < len(found) and found[at][1] not in known
        if gone and strange:
            yield Fault("changed", number, place + 1, found[at][0])
        elif gone:
            yield Fault("dropped", number, place + 1, found[at - 1][0] if at else None)
        elif strange:
            yield Fault("added", number, place + 1, found[at][0])
        place += gone or not strange
        at += strange or not gone
