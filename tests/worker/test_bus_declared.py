"""A bus whose streams or consumers are not what the code declares is told by readiness (REL-05)."""

import nats
import pytest
from nats.js.api import ConsumerConfig, StorageType

from crm_storage.bus.broker import CONSUMER, STREAM
from tests.worker.conftest import Plant, until


@pytest.fixture
async def js(plant: Plant):
    client = await nats.connect(plant.bus.url)
    yield client.jetstream()
    await client.close()


async def test_rel_05_a_worker_is_ready_on_the_bus_as_it_is_declared(plant: Plant) -> None:
    async with plant.worker() as worker:
        assert worker.ready
        await worker.broker.prepare()
        assert worker.ready


async def test_rel_05_a_changed_stream_makes_readiness_red(plant: Plant, js) -> None:
    async with plant.worker() as worker:
        await worker.broker.prepare()
        config = (await js.stream_info(STREAM)).config
        await js.update_stream(config.evolve(max_age=2 * 86_400))
        await worker.broker.prepare()
        assert not worker.ready
        await js.update_stream(config)
        await worker.broker.prepare()
        assert worker.ready


async def test_rel_05_a_changed_consumer_makes_readiness_red(plant: Plant, js) -> None:
    async with plant.worker() as worker:
        await worker.broker.prepare()

        async def listens() -> bool:
            return bool(await js.consumers_info(STREAM))

        await until(listens, "the consumer is there")
        config: ConsumerConfig = (await js.consumer_info(STREAM, CONSUMER)).config
        await js.add_consumer(STREAM, config.evolve(max_ack_pending=5))
        await worker.broker.prepare()
        assert not worker.ready


async def test_rel_05_a_stream_of_events_that_somebody_else_made_makes_readiness_red(plant: Plant, js) -> None:
    await js.add_stream(name="TRACK", subjects=["track.>"], storage=StorageType.MEMORY)
    async with plant.worker() as worker:

        async def red() -> bool:
            return not worker.ready

        await until(red, "the worker says that it is not ready")
