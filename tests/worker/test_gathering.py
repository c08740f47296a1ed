"""The entire result of a question joins a list as a job, with progress, in little memory, and can be ended (scenario 11)."""

import asyncio
import resource
import time
from uuid import UUID

import pytest

from crm_domain.jobs import Step
from crm_storage.jobs import rows
from crm_worker.slices import Slice
from crm_worker.tasks import gathering, turns
from crm_worker.tasks.gathering import gather_records
from tests.mailing import Office
from tests.worker.conftest import Plant, until

STEP = 50_000
COUNT = "SELECT entry_count, (SELECT count(*) FROM target_list_member WHERE left_id = id) FROM target_lists WHERE id = %(id)s"


@pytest.fixture
async def people(plant: Plant, long: bool, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many targets there are; at full size a million. Else stretches and slices are as much shorter."""
    number = 1_000_000 if long else 600
    if not long:
        monkeypatch.setattr(gathering, "CHUNK", 50)
        monkeypatch.setattr(turns, "SLICE_S", 0.0)
    office = Office(plant.database, plant.settings.database_url, plant.tenant.number)
    elsewhere = await office.list_of("default", attach=False)
    for first in range(1, number + 1, STEP):
        await office.many(elsewhere, first, min(number, first + STEP - 1))
    await plant.change("ANALYZE targets")
    return number


async def asked(plant: Plant, people: int) -> tuple[UUID, UUID]:
    """A new list, and the job that fills it with everybody."""
    office = Office(plant.database, plant.settings.database_url, plant.tenant.number)
    list_id = await office.list_of("default", attach=False)
    await office.run("UPDATE target_lists SET entry_count = 0 WHERE id = %(id)s", id=list_id)
    request = {"module": "targets", "list": str(list_id), "question": [], "along": False}
    return list_id, await plant.start("gather", request, total=people)


@pytest.mark.timeout(900)
async def test_scenario_11_the_entire_result_joins_a_list_and_again_nobody(
    plant: Plant, people: int, long: bool
) -> None:
    list_id, first = await asked(plant, people)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with plant.worker({"gather": gather_records}):
        started = time.monotonic()
        job = await plant.ended(first)
        took = time.monotonic() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        assert (job.state, job.done, job.total) == ("done", people, people)
        assert await plant.rows(COUNT, id=list_id) == [(people, people)]
        request = {"module": "targets", "list": str(list_id), "question": [], "along": False}
        again = await plant.ended(await plant.start("gather", request, total=people))
    assert again.outcome is not None and again.outcome.counts == {"added": 0}
    assert await plant.rows(COUNT, id=list_id) == [(people, people)]
    print(f"{people} members in {took:.1f} s, memory grew by {grown:.0f} MiB")
    assert not long or (took <= 20 and grown < 50)


@pytest.mark.timeout(900)
async def test_scenario_11_filling_a_list_shows_how_far_it_is_and_can_be_ended(plant: Plant, people: int) -> None:
    list_id, id_ = await asked(plant, people)
    told = asyncio.Event()

    async def watched(part: Slice) -> Step:
        if part.job.done:
            await told.wait()
        return await gather_records(part)

    async with plant.worker({"gather": watched}):

        async def under_way() -> bool:
            return 0 < (await plant.job(id_)).done < people

        await until(under_way, "some have joined")
        await plant.change(rows.CANCEL, id=id_)
        told.set()
        job = await plant.ended(id_)
    assert job.state == "cancelled"
    assert await plant.rows(COUNT, id=list_id) == [(job.done, job.done)]
