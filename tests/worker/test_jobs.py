"""Long work: it starts with its change, goes on slice by slice, and ends once, whatever happens between."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from crm_domain.access.rights import Access
from crm_domain.jobs import Outcome, Step
from crm_domain.modules import REGISTRY
from crm_domain.problems import Denied, NotFound, Refused
from crm_domain.tenancy import Tenant
from crm_storage.jobs import rows, run
from crm_storage.jobs.rows import StoredJobs
from crm_storage.outbox import put
from crm_storage.records.context import Context, Schema
from crm_worker import app
from crm_worker.slices import Slice
from crm_worker.tasks import turns
from crm_worker.workshop import Workshop
from tests.worker.conftest import Plant, until

MARK = "INSERT INTO setting (key, value) VALUES (%(key)s, 'true')"
MARKS = "SELECT count(*) FROM setting WHERE key LIKE 'mark.%%'"


async def mark(slice_: Slice) -> Step:
    """Leaves one mark a slice, as many as the job asks for."""
    done = slice_.job.checkpoint.get("done", 0) + 1
    await slice_.session.execute(MARK, {"key": f"mark.{done}"})
    finished = done == slice_.job.request["marks"]
    return Step(done=done, checkpoint={"done": done}, finished=finished, outcome=Outcome(counts={"changed": done}))


async def test_a_job_runs_slice_by_slice_to_its_end(plant: Plant) -> None:
    async with plant.worker({"marks": mark}):
        job = await plant.ended(await plant.start("marks", {"marks": 3}, total=3))
    assert (job.state, job.done, job.total, job.outcome.counts) == ("done", 3, 3, {"changed": 3})
    assert await plant.rows(MARKS) == [(3,)]


async def test_rel_01_a_job_whose_change_is_rolled_back_never_was(plant: Plant) -> None:
    admin = await plant.admin()
    async with plant.database.tenant(plant.tenant.number) as session:
        await rows.start(session, "marks", admin, {"marks": 1})
    assert await plant.rows("SELECT (SELECT count(*) FROM job), (SELECT count(*) FROM outbox)") == [(0, 0)]


async def test_a_refusal_ends_the_job_with_its_sentence_and_leaves_nothing(plant: Plant) -> None:
    async def refuse(slice_: Slice) -> Step:
        await slice_.session.execute(MARK, {"key": "mark.refused"})
        raise Refused("problems.blocked", relation="x", number=3)

    async with plant.worker({"refuse": refuse}):
        job = await plant.ended(await plant.start("refuse"))
    assert (job.state, job.message, job.facts["number"]) == ("failed", "problems.blocked", 3)
    assert await plant.rows(MARKS) == [(0,)]


async def test_rel_02_a_slice_that_fails_is_tried_again_and_counts_once(plant: Plant) -> None:
    failures = [ValueError("first"), KeyError("second")]

    async def stumble(slice_: Slice) -> Step:
        step = await mark(slice_)
        if failures:
            raise failures.pop()
        return step

    async with plant.worker({"stumble": stumble}):
        job = await plant.ended(await plant.start("stumble", {"marks": 2}))
    assert (job.state, job.done, job.message) == ("done", 2, "")
    assert await plant.rows(MARKS) == [(2,)]


async def test_rel_03_a_slice_that_hangs_is_ended_undone_and_tried_again(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "HUNG_S", 0.3)
    hung: list[str] = []

    async def hang(slice_: Slice) -> Step:
        step = await mark(slice_)
        if not hung:
            try:
                await asyncio.Event().wait()
            finally:
                hung.append("ended")
        return step

    async with plant.worker({"hang": hang}):
        job = await plant.ended(await plant.start("hang", {"marks": 1}))
    assert (job.state, job.done, hung) == ("done", 1, ["ended"])
    assert await plant.rows(MARKS) == [(1,)]


async def test_rel_03_a_message_whose_task_hangs_gives_its_lease_back(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "LIMIT_S", 0.3)
    tries: list[str] = []

    async def hang(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
        tries.append(id_)
        if len(tries) == 1:
            await asyncio.Event().wait()

    async with plant.worker(tasks={"hangs": hang}):
        async with plant.database.tenant(plant.tenant.number) as session:
            id_ = await put(session, "hangs", {})
            await session.commit()

        async def handled() -> list[Any]:
            return await plant.rows("SELECT id FROM outbox WHERE handled_at IS NOT NULL AND id = %(id)s", id=id_)

        await until(handled, "the second try ends")
    assert tries == [str(id_)] * 2


async def test_a_wish_to_end_is_heard_between_two_slices(plant: Plant) -> None:
    async with plant.worker({"marks": mark}):
        id_ = await plant.start("marks", {"marks": -1})

        async def begun() -> bool:
            return (await plant.job(id_)).done > 0

        await until(begun, "the job begins")
        await plant.change(rows.CANCEL, id=id_)
        job = await plant.ended(id_)
    assert job.state == "cancelled"
    assert await plant.rows(MARKS) == [(job.done,)]


async def test_a_waiting_job_is_cancelled_at_once(plant: Plant) -> None:
    id_ = await plant.start("marks", {"marks": 1})
    await plant.change(rows.CANCEL, id=id_)
    assert (await plant.job(id_)).state == "cancelled"


async def test_rel_03_the_write_of_a_run_that_was_taken_over_is_refused(plant: Plant) -> None:
    id_ = await plant.start("marks", {"marks": 1})
    async with plant.database.tenant(plant.tenant.number) as session:
        frozen = await run.take(session, id_, 0)
        await session.commit()
        taken = await run.take(session, id_, 0)
        await session.commit()
        assert frozen and taken
        assert not await run.keep(session, frozen, Step(done=1))
        assert await run.keep(session, taken, Step(done=2))


async def test_a_turn_that_was_passed_on_is_not_run_again_by_its_old_message(plant: Plant) -> None:
    id_ = await plant.start("marks", {"marks": 1})
    async with plant.database.tenant(plant.tenant.number) as session:
        job = await run.take(session, id_, 0)
        assert job and await run.keep(session, job, Step(done=1), pass_on=True)
        await session.commit()
        assert await run.take(session, id_, 0) is None
        assert await run.take(session, id_, 1) is not None


async def test_a_job_of_somebody_who_left_fails(plant: Plant) -> None:
    id_ = await plant.start("marks", {"marks": 1})
    await plant.change("UPDATE users SET status = 'inactive'")
    async with plant.worker({"marks": mark}):
        job = await plant.ended(id_)
    assert (job.state, job.message) == ("failed", "jobs.owner_left")


async def test_sec_39_a_job_belongs_to_its_owner_and_an_administrator_sees_all(plant: Plant) -> None:
    id_ = await plant.start("marks", {"marks": 1})
    stranger, administrator = Access(user=uuid4()), Access(user=uuid4(), admin=True)
    async with plant.database.tenant(plant.tenant.number) as session:
        jobs = StoredJobs(Context(session, Schema(REGISTRY), stranger, "web", ""))
        for call in (jobs.get(id_), jobs.cancel(id_)):
            with pytest.raises(NotFound):
                await call
        with pytest.raises(Denied):
            await jobs.recent(everybody=True)
        assert await jobs.recent() == []
        all_ = await StoredJobs(Context(session, Schema(REGISTRY), administrator, "web", "")).recent(everybody=True)
        assert [job.id for job in all_] == [id_]
