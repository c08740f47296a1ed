"""SEC-52: what was noted stays, and whoever changes it nevertheless, as the owner of the cluster can, is found out."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, LockNotAvailable

from crm_domain.modules import REGISTRY
from crm_storage.chain.anchor import anchor
from crm_storage.chain.digest import EVENT_COLUMNS
from crm_storage.chain.lapse import hand_on, lapse, lapsed
from crm_storage.chain.seal import seal
from crm_storage.chain.verify import Fault, Verdict, verify
from crm_storage.database import Database
from crm_storage.tables import metadata_of
from crm_storage.tenants.events import record_event
from sadra_cli.audit import told
from tests.storage.tenants.conftest import Installation

AT_ONCE = timedelta()
EVENTS = 10_000
FIRST = 6_000
"""Events of the first seal."""
NOTE = """
INSERT INTO audit_event (id, source, request_id, module, record_id, action, changes, version)
SELECT uuidv7(interval '-1 hour'), 'web', 'r', 'leads', uuidv7(), 'update', jsonb_build_object('name', jsonb_build_array(n, 'نام')), n
FROM generate_series(1, {}) n
"""
ONE = "INSERT INTO audit_event (source, request_id, module, action) VALUES ('web', '', 'leads', 'update')"


class Log:
    """A company's audit log, and the owner who may do with it as he likes."""

    def __init__(self, installation: Installation, database: Database, number: int) -> None:
        self.url, self.database, self.number = installation.url, database, number

    @contextmanager
    def owner(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"SET search_path = t_{self.number}, crm".encode())
            yield connection

    def does(self, *statements: str, **facts: object) -> None:
        with self.owner() as owner, owner.transaction():
            for statement in statements:
                owner.execute(statement.encode(), facts)

    def ids(self) -> list[UUID]:
        with self.owner() as owner:
            return [id_ for (id_,) in owner.execute("SELECT id FROM audit_event ORDER BY id").fetchall()]

    async def note(self, number: int = 1) -> None:
        async with self.database.tenant(self.number) as session:
            await session.script(NOTE.format(number))
            await session.commit()

    async def verdict(self) -> Verdict:
        return await verify(self.database, self.number)


@pytest.fixture(scope="module")
def number(installation: Installation) -> int:
    """A company for all tests of this file, one after the other."""
    return installation.empty_tenant()


@pytest.fixture
async def log(installation: Installation, number: int) -> AsyncIterator[Log]:
    """Its audit log, empty."""
    async with installation.database() as database:
        log = Log(installation, database, number)
        log.does(
            "DELETE FROM audit_event",
            "DELETE FROM audit_seal",
            f"DELETE FROM host.anchor WHERE tenant = {number}",
            f"DELETE FROM host.tenant_event WHERE tenant = {number}",
        )
        yield log


@pytest.fixture
async def sealed(log: Log) -> Log:
    """Ten thousand entries in two seals, the first of them anchored."""
    await log.note(FIRST)
    assert await seal(log.database, log.number) == FIRST
    assert await anchor(log.database, log.number, datetime.now(UTC))
    await log.note(EVENTS - FIRST)
    assert await seal(log.database, log.number) == EVENTS - FIRST
    return log


async def test_sec_52_change_drop_insert_or_reorder_one_of_10_000_and_its_position_is_named(sealed: Log) -> None:
    assert await sealed.verdict() == Verdict(seals=2, events=EVENTS, anchors=1)
    sealed.does("CREATE TABLE as_it_was AS SELECT * FROM audit_event")
    ids = sealed.ids()
    at = random.randrange(1, EVENTS - 2)
    found = {}
    for kind, statement in {
        "change": 'UPDATE audit_event SET changes = changes || \'{"name": [1, "x"]}\' WHERE id = %(id)s',
        "time": "UPDATE audit_event SET at = at + interval '1 microsecond' WHERE id = %(id)s",
        "drop": "DELETE FROM audit_event WHERE id = %(id)s",
        "insert": "INSERT INTO audit_event (id, source, request_id, module, action) "
        "VALUES (%(between)s, 'web', '', 'leads', 'update')",
        "reorder": "UPDATE audit_event e SET id = CASE e.id WHEN %(id)s THEN %(spare)s ELSE %(id)s END "
        "WHERE id IN (%(id)s, %(next)s)",
    }.items():
        facts = {"id": ids[at], "next": ids[at + 1], "between": UUID(int=ids[at].int + 1), "spare": UUID(int=7)}
        back = () if kind != "reorder" else ("UPDATE audit_event SET id = %(next)s WHERE id = %(spare)s",)
        sealed.does(statement, *back, **facts)
        found[kind] = (await sealed.verdict()).faults
        sealed.does("DELETE FROM audit_event", "INSERT INTO audit_event SELECT * FROM as_it_was")
    number, place = _place(at)
    later = _place(at + 1)
    assert found["change"] == found["time"] == [Fault("changed", number, place, ids[at])]
    assert found["drop"] == [Fault("dropped", number, place, ids[at - 1] if place > 1 else None)]
    assert found["insert"] == [Fault("added", *_place(at + 1), UUID(int=ids[at].int + 1))]
    assert found["reorder"] == [Fault("changed", number, place, ids[at]), Fault("changed", *later, ids[at + 1])]
    assert told(Verdict(faults=found["change"]))[0] == f"seal {number}, position {place}: event {ids[at]} was changed"
    assert (await sealed.verdict()).faults == []


def _place(index: int) -> tuple[int, int]:
    """Seal and position in it of the event of that index."""
    return (1, index + 1) if index < FIRST else (2, index - FIRST + 1)


async def test_sec_52_seals_that_were_changed_dropped_or_made_anew_are_found(sealed: Log) -> None:
    sealed.does("CREATE TABLE seals_as_they_were AS SELECT * FROM audit_seal")
    found = {}
    for kind, statements in {
        "changed": ("UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 2",),
        "first": ("DELETE FROM audit_seal WHERE number = 1",),
        "last": ("DELETE FROM audit_seal",),
        "anew": ("DELETE FROM audit_seal", "UPDATE audit_event SET source = 'api' WHERE version = 5"),
    }.items():
        sealed.does(*statements)
        if kind == "anew":
            assert await seal(sealed.database, sealed.number) == EVENTS
        found[kind] = (await sealed.verdict()).faults
        sealed.does("DELETE FROM audit_seal", "INSERT INTO audit_seal SELECT * FROM seals_as_they_were")
    assert found["changed"] == [Fault("seal_changed", 2)]
    assert found["first"] == [Fault("seals_dropped", 1), Fault("not_anchored", 1)]
    assert found["last"] == [Fault("not_anchored", 1)]
    assert found["anew"] == [Fault("not_anchored", 1)]


async def test_sec_52_the_tenants_role_can_only_add_and_anchors_stay(installation: Installation, log: Log) -> None:
    for table, column in (("audit_event", "source"), ("audit_seal", "events")):
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            async with log.database.tenant(log.number) as session:
                with pytest.raises(InsufficientPrivilege):
                    await session.execute(statement)
    async with log.database.tenant(log.number) as session:
        with pytest.raises(InsufficientPrivilege):
            await session.rows("SELECT FROM host.anchor")
    for login in ("sadra_worker", "sadra_host"):
        for statement in ("UPDATE host.anchor SET seal = 1", "DELETE FROM host.anchor", "TRUNCATE host.anchor"):
            with psycopg.connect(installation.login(login)) as connection, pytest.raises(InsufficientPrivilege):
                connection.execute(statement.encode())


async def test_sec_52_nothing_comes_in_between_while_many_write(log: Log) -> None:
    """Writers that take their time hold the sealer up, so that none of them ends below what was sealed."""
    done = asyncio.Event()

    async def write() -> None:
        for _ in range(60):
            async with log.database.tenant(log.number) as session:
                await session.execute(ONE)
                await asyncio.sleep(0)
                await session.execute(ONE)
                await session.commit()

    async def seal_on() -> None:
        while not done.is_set():
            with suppress(LockNotAvailable):
                await seal(log.database, log.number, settling=AT_ONCE)
            await asyncio.sleep(0)

    sealing = asyncio.create_task(seal_on())
    await asyncio.gather(write(), write(), write())
    done.set()
    await sealing
    await seal(log.database, log.number, settling=AT_ONCE)
    verdict = await log.verdict()
    assert (verdict.events, verdict.unsealed, verdict.faults) == (360, 0, [])
    assert verdict.seals > 1


async def test_sec_52_a_writer_that_is_not_done_is_waited_for_and_one_that_gave_up_is_no_fault(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "crm_storage.chain.seal.LOCK", "SET LOCAL lock_timeout = 1; LOCK TABLE audit_event IN SHARE MODE"
    )
    async with log.database.tenant(log.number) as slow:
        await slow.execute(ONE)
        await log.note()
        with pytest.raises(LockNotAvailable):
            await seal(log.database, log.number, settling=AT_ONCE)
        assert (await log.verdict()).unsealed == 1
        await slow.rollback()
    await log.note(2)
    monkeypatch.undo()
    assert await seal(log.database, log.number, settling=AT_ONCE) == 3
    assert await log.verdict() == Verdict(seals=1, events=3)


async def test_sec_52_what_is_young_waits_and_nothing_new_makes_no_seal(log: Log) -> None:
    async with log.database.tenant(log.number) as session:
        await session.execute(ONE)
        await session.commit()
    assert await seal(log.database, log.number) == 0
    assert await log.verdict() == Verdict(unsealed=1)
    assert await anchor(log.database, log.number, datetime.now(UTC)) is None


async def test_sec_52_what_was_kept_for_its_time_goes_by_whole_seals_and_the_chain_still_holds(sealed: Log) -> None:
    now = datetime.now(UTC)
    in_time, later = now + timedelta(days=700), now + timedelta(days=800)
    assert await lapse(sealed.database, sealed.number, in_time) == 0
    assert await lapse(sealed.database, sealed.number, later) == FIRST, "no further than it is anchored"
    assert await sealed.verdict() == Verdict(seals=2, events=EVENTS - FIRST, lapsed=FIRST, anchors=1)
    assert await lapse(sealed.database, sealed.number, later) == 0
    async with sealed.database.tenant(sealed.number) as session:
        with pytest.raises(InsufficientPrivilege):
            await session.execute("DELETE FROM audit_event")
    slipped = UUID(int=5 << 64)
    sealed.does(
        "INSERT INTO audit_event (id, source, request_id, module, action) VALUES (%(id)s, 'web', '', 'leads', 'update')",
        id=slipped,
    )
    assert (await sealed.verdict()).faults == [Fault("added", 1, 1, slipped)]
    sealed.does("DELETE FROM audit_event WHERE id = %(id)s", id=slipped)
    async with sealed.database.host() as session:
        copy = -sealed.number
        await hand_on(session, sealed.number, later, copy)
        assert await lapsed(session, copy) == 1
        facts = {"taken_at": (now - timedelta(days=1)).isoformat()}
        await record_event(session, sealed.number, "tests", "restored_backup", facts=facts)
        assert await lapsed(session, sealed.number) == 0, "what came back with a backup is due still"
    sealed.does("DELETE FROM audit_event")
    assert {fault.kind for fault in (await sealed.verdict()).faults} == {"dropped"}, "the second seal's are due still"


async def test_sec_32_a_token_that_the_audit_ended_does_not_come_back_when_the_audit_lapses(log: Log) -> None:
    token = """
    INSERT INTO personal_token (user_id, name, prefix, token_hash, created_at)
    VALUES (%(user)s, %(name)s, '', convert_to(%(name)s, 'UTF8'), now() - make_interval(days => %(days)s))
    """
    note = """
    INSERT INTO audit_event (id, at, source, request_id, module, record_id, action, changes)
    VALUES (uuidv7(interval '-1 hour'), now() - interval '1 hour', 'web', '', 'users', %(user)s, 'update',
      '{"status": ["active", "inactive"]}')
    """
    somebody = "INSERT INTO users (id, user_name, status, user_type) VALUES (%(user)s, %(name)s, 'active', 'regular')"
    user = uuid4()
    log.does(somebody, user=user, name=user.hex)
    log.does(token, user=user, name="before", days=1)
    log.does(note, user=user)
    log.does(token, user=user, name="after", days=0)
    assert await seal(log.database, log.number) == 1
    assert await anchor(log.database, log.number, datetime.now(UTC))
    assert await lapse(log.database, log.number, datetime.now(UTC) + timedelta(days=800)) == 1
    with log.owner() as owner:
        assert owner.execute("SELECT name FROM personal_token WHERE user_id = %s", (user,)).fetchall() == [("after",)]


def test_sec_52_every_column_of_an_event_is_under_seal() -> None:
    assert tuple(metadata_of(REGISTRY).tables["audit_event"].c.keys()) == EVENT_COLUMNS
