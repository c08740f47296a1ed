"""Workers, bus and database die in the middle of the work; nothing is lost, nothing is done twice."""

import os
import random
import shutil
import signal

import pytest

from crm_storage.outbox import put
from tests.faults.conftest import Station
from tests.worker.conftest import until

pytestmark = pytest.mark.timeout(300)
KILLS = 3
MESSAGES = 66 * KILLS
MARKS = 240


async def put_messages(station: Station, first: int, number: int) -> None:
    """Each in its own transaction; every fifth is taken back."""
    plant = station.plant
    for place in range(first, first + number):
        async with plant.database.tenant(plant.tenant.number) as session:
            await put(session, "count", {"number": place})
            if place % 5:
                await session.commit()


async def test_rel_01_23_messages_survive_killed_workers_and_none_is_a_phantom(station: Station) -> None:
    chance = random.Random(7)
    step = MESSAGES // KILLS
    for round_ in range(KILLS):
        with station.worker():
            before = await station.count("count")
            await put_messages(station, round_ * step, step)
            wanted = before + chance.randrange(1, step // 2)

            async def some(wanted: int = wanted) -> bool:
                return await station.count("count") >= wanted

            await until(some, "some messages are handled")
    with station.worker():

        async def all_done() -> bool:
            return await station.plant.rows("SELECT count(*) FROM outbox WHERE handled_at IS NULL") == [(0,)]

        await until(all_done, "all messages are handled")
    assert await station.count("count") == len([number for number in range(MESSAGES) if number % 5])


async def test_rel_02_23_a_job_goes_on_where_a_killed_worker_left_it(station: Station) -> None:
    id_ = await station.plant.start("marks", {"marks": MARKS}, total=MARKS)
    for part in range(1, KILLS):
        with station.worker():

            async def so_far(part: int = part) -> bool:
                return (await station.plant.job(id_)).done >= part * MARKS // (KILLS * 2)

            await until(so_far, "the job goes on")
    with station.worker():
        job = await station.plant.ended(id_)
    assert (job.state, job.done, await station.count("mark")) == ("done", MARKS, MARKS)


async def test_rel_03_a_frozen_worker_is_replaced_and_what_it_writes_late_is_refused(station: Station) -> None:
    id_ = await station.plant.start("marks", {"marks": MARKS}, total=MARKS)
    with station.worker() as frozen:

        async def begun() -> bool:
            return (await station.plant.job(id_)).done > 0

        await until(begun, "the job begins")
        frozen.send_signal(signal.SIGSTOP)
        with station.worker():
            job = await station.plant.ended(id_)
            frozen.send_signal(signal.SIGCONT)
        assert (job.state, job.done, await station.count("mark")) == ("done", MARKS, MARKS)
    after = await station.plant.job(id_)
    assert (after.fence, after.done) == (job.fence, MARKS)


async def test_rel_06_20_a_killed_bus_comes_back_with_all_it_acknowledged(station: Station) -> None:
    bus = station.plant.bus
    with station.worker():
        await put_messages(station, 0, 50)
        assert bus.pid
        os.kill(bus.pid, signal.SIGKILL)
        await put_messages(station, 50, 50)
        bus.stop()
        bus.start()

        async def all_done() -> bool:
            return await station.count("count") == 80

        await until(all_done, "all messages are handled")


async def test_rel_07_a_bus_that_lost_its_store_is_filled_again_from_the_outbox(station: Station) -> None:
    bus = station.plant.bus
    id_ = await station.plant.start("marks", {"marks": MARKS}, total=MARKS)
    await put_messages(station, 0, 100)
    with station.worker():

        async def some() -> bool:
            return await station.count("count") > 0

        await until(some, "some messages are handled")
        bus.stop()
        shutil.rmtree(bus.data_dir / "store")
        bus.start()

        async def all_done() -> bool:
            return await station.count("count") == 80

        await until(all_done, "all messages are handled")
        job = await station.plant.ended(id_)
    assert (job.state, await station.count("mark")) == ("done", MARKS)
