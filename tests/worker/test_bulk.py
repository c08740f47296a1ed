"""One change of many records: by each record's rules and rights, counted, explained, and taken back (scenarios 13, 14)."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from crm_domain.access.rights import Access, Role, Scope
from crm_domain.definition import EmailEntry, Ref
from crm_domain.modules import REGISTRY
from crm_domain.problems import Denied, Invalid, Refused
from crm_domain.records import run_many, save
from crm_domain.records.runs import INLINE
from crm_domain.records.work import Work
from crm_domain.text.locale import ENGLISH
from crm_storage.records.context import Context, Schema
from crm_storage.store import TenantStore
from crm_worker.tasks import JOBS
from crm_worker.workshop import SystemClock
from tests.worker.conftest import Plant

SCHEMA = Schema(REGISTRY)
LEADS = REGISTRY["leads"]
GRANTS: dict[str, dict[str, Scope]] = {
    "leads": dict.fromkeys(("list", "view", "edit", "delete", "mass_update"), Scope.OWN)
}


@asynccontextmanager
async def working(plant: Plant, access: Access | None = None) -> AsyncGenerator[Work]:
    """A unit of work of the administrator or of somebody else; it commits at the end."""
    access = access or Access(user=await plant.admin(), admin=True)
    clock = SystemClock()
    async with plant.database.tenant(plant.tenant.number) as session:
        store = TenantStore(Context(session, SCHEMA, access, "web", "r"), clock)
        yield Work(store, REGISTRY, clock, ENGLISH, "IRR")
        await session.commit()


async def leads(plant: Plant, number: int, **values: object) -> list[UUID]:
    async with working(plant) as work:
        return [await save.create(work, LEADS, {"last_name": f"Lead {n}", **values}) for n in range(number)]


async def statuses(plant: Plant) -> list[tuple[str, int]]:
    return await plant.rows("SELECT status, count(*) FROM leads WHERE deleted_at IS NULL GROUP BY 1 ORDER BY 1")


async def test_13_rights_are_asked_for_each_row_and_undo_brings_back_what_was(plant: Plant) -> None:
    async with working(plant) as work:
        user = await hired(work, "rep")
    rep = Access(user=user.id, roles=(Role(id=uuid4(), name="rep", grants=GRANTS),))
    mine = await leads(plant, 5, status="new", assigned_to=Ref("users", rep.user))
    others = await leads(plant, 3, status="new")
    before = await statuses(plant)
    async with working(plant, rep) as work:
        run = await run_many.open_run(work, LEADS, "update", [*mine, *others], {"status": "in_process"})
        assert await run_many.begin(work, run) is None
        assert await work.store.runs.counts(run) == {"changed": 5, "denied": 3}
    assert await statuses(plant) == [("in_process", 5), ("new", 3)]
    async with working(plant, rep) as work:
        await run_many.undo(work, run)
        assert await work.store.runs.counts(run) == {"undone": 5, "denied": 3}
    assert await statuses(plant) == before


async def test_14_what_was_changed_since_is_left_alone(plant: Plant) -> None:
    ids = await leads(plant, 3, status="new")
    async with working(plant) as work:
        run = await run_many.open_run(work, LEADS, "update", ids, {"status": "in_process"})
        await run_many.begin(work, run)
    async with working(plant) as work:
        await save.update(work, LEADS, ids[0], {"status": "dead"})
    async with working(plant) as work:
        await run_many.undo(work, run)
        assert await work.store.runs.counts(run) == {"kept": 1, "undone": 2}
    assert await statuses(plant) == [("dead", 1), ("new", 2)]


async def test_a_large_run_is_a_job_and_its_audit_has_an_event_for_every_record(plant: Plant) -> None:
    ids = await leads(plant, INLINE + 150, status="new")
    async with working(plant) as work:
        run = await run_many.open_run(work, LEADS, "update", ids, {"status": "in_process"})
        job = await run_many.begin(work, run)
    assert job
    async with plant.worker(JOBS):
        ended = await plant.ended(job)
        assert (ended.state, ended.done, ended.outcome.counts) == ("done", len(ids), {"changed": len(ids)})
        async with working(plant) as work:
            back = await run_many.undo(work, run)
        assert back and (await plant.ended(back)).outcome.counts == {"undone": len(ids)}
    assert await statuses(plant) == [("new", len(ids))]
    events = "SELECT count(*) FROM audit_event WHERE action = 'update' AND source = 'job' AND changes ? 'status'"
    assert await plant.rows(events) == [(2 * len(ids),)]


async def test_equal_records_are_written_by_one_statement(plant: Plant) -> None:
    ids = await leads(plant, 60, status="new")
    async with plant.database.tenant(plant.tenant.number) as session:
        access = Access(user=await plant.admin(), admin=True)
        work = Work(
            TenantStore(Context(session, SCHEMA, access, "web", "r"), SystemClock()),
            REGISTRY,
            SystemClock(),
            ENGLISH,
            "IRR",
        )
        run = await run_many.open_run(work, LEADS, "update", ids, {"status": "in_process"})
        before = session.statements
        await run_many.begin(work, run)
        assert session.statements - before <= 13


async def hired(work: Work, name: str) -> Ref:
    address = (EmailEntry(address=f"{name}@company.example", primary=True),)
    person = {"user_name": name, "last_name": name.title(), "status": "active", "user_type": "regular"}
    return Ref("users", await save.create(work, work.registry["users"], {**person, "emails": address}))


async def test_records_are_dealt_out_in_turn_each_is_told_once_and_they_go_back(plant: Plant) -> None:
    async with working(plant) as work:
        one, other = await hired(work, "one"), await hired(work, "other")
    ids = await leads(plant, INLINE + 101, status="new", assigned_to=one)
    shares = "SELECT count(*) FROM leads WHERE deleted_at IS NULL GROUP BY assigned_to ORDER BY 1"
    async with working(plant) as work:
        run = await run_many.open_run(work, LEADS, "deal", ids)
        for wrong in ([], [uuid4()]):
            with pytest.raises(Invalid):
                await run_many.plan_deal(work, await work.store.runs.get(run), wrong)
        await run_many.plan_deal(work, await work.store.runs.get(run), [one.id, other.id])
        job = await run_many.begin(work, run)
    assert job
    async with plant.worker(JOBS):
        assert (await plant.ended(job)).outcome.counts == {"changed": 100, "unchanged": 101}
        assert await plant.rows(shares) == [(100,), (101,)]
        told = "SELECT count(*) FROM notification WHERE user_id = %(user)s AND kind = 'assigned_many'"
        assert await plant.rows(told, user=other.id) == [(1,)]
        async with working(plant) as work:
            back = await run_many.undo(work, run)
        assert back and (await plant.ended(back)).state == "done"
    assert await plant.rows(shares) == [(201,)]


async def test_a_task_about_each_goes_to_whoever_has_it_and_undo_leaves_what_was_worked_on(plant: Plant) -> None:
    async with working(plant) as work:
        rep = await hired(work, "rep")
    ids = await leads(plant, 3, status="new", assigned_to=rep)
    made = "SELECT id, parent_id, assigned_to FROM tasks WHERE deleted_at IS NULL ORDER BY parent_id"
    async with working(plant) as work:
        run = await run_many.open_run(work, LEADS, "tasks", [*ids, uuid4()])
        with pytest.raises(Invalid):
            await run_many.plan_tasks(work, await work.store.runs.get(run), {"name": ""})
        await run_many.plan_tasks(work, await work.store.runs.get(run), {"name": "Ring up"})
        planned = await run_many.foresee(work, await work.store.runs.get(run), 10)
        assert sorted(item.status for item in planned) == ["changed", "changed", "changed", "denied"]
        await run_many.begin(work, run)
    tasks = await plant.rows(made)
    assert [(about, whose) for _, about, whose in tasks] == [(id_, rep.id) for id_ in sorted(ids)]
    async with working(plant) as work:
        await save.update(work, REGISTRY["tasks"], tasks[0][0], {"status": "in_progress"})
    async with working(plant) as work:
        await run_many.undo(work, run)
        assert await work.store.runs.counts(run) == {"kept": 1, "undone": 2, "denied": 1}
    assert [id_ for id_, *_ in await plant.rows(made)] == [tasks[0][0]]


async def test_deleted_records_come_back_together(plant: Plant) -> None:
    ids = await leads(plant, 4, status="new")
    async with working(plant) as work:
        run = await run_many.open_run(work, LEADS, "delete", ids)
        await run_many.begin(work, run)
    assert await statuses(plant) == []
    async with working(plant) as work:
        await run_many.undo(work, run)
    assert await statuses(plant) == [("new", 4)]


async def test_sec_11_only_offered_fields_are_set_and_a_run_begins_once(plant: Plant) -> None:
    ids = await leads(plant, 1, status="new")
    reader = Access(user=uuid4(), roles=(Role(id=uuid4(), name="reader", grants={"leads": {"view": Scope.ALL}}),))
    async with working(plant) as work:
        for values in ({"last_name": "x"}, {"converted": True}, {"status": None}, {}):
            with pytest.raises(Invalid):
                await run_many.open_run(work, LEADS, "update", ids, values)
        run = await run_many.open_run(work, LEADS, "update", ids, {"status": "in_process"})
        await run_many.begin(work, run)
        with pytest.raises(Refused):
            await run_many.begin(work, run)
    async with working(plant, reader) as work:
        for action in ("update", "delete", "deal", "tasks"):
            with pytest.raises(Denied):
                await run_many.open_run(work, LEADS, action, ids)
