"""Taskiq's broker over JetStream: acknowledged after the work, the lease extended while it runs (REL-03, REL-04)."""

# pyright: reportUnknownMemberType=false
# The bus client leaves its callbacks untyped.

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StorageType, StreamConfig
from taskiq import AckableMessage, AsyncBroker, BrokerMessage

STREAM = "JOBS"
DEAD = "DEAD"
CONSUMER = "workers"
LEASE_S = 30
TRIES = 8
PAUSES_S = (1, 5, 15, 60, 300, 900, 1800)
"""After each failed try; the eighth goes to the dead letters."""
BATCH = 8
WAIT_S = 1.0
TENANT = "tenant"
"""The label that says whose job it is; part of the subject (SEC-06)."""


class NatsBroker(AsyncBroker):
    """Jobs by subject `jobs.<tenant>.<task>`, each under its outbox id, so that publishing twice delivers once."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._client: Client | None = None
        self.failed: set[str] = set()
        """Ids of tasks whose last run raised: they are not acknowledged but tried again."""

    async def startup(self) -> None:
        """Connects and makes the streams; waits for a bus that is away."""
        await super().startup()
        self._client = await nats.connect(self._url.split(","), max_reconnect_attempts=-1, reconnect_time_wait=1)
        stream = self._client.jetstream()
        await stream.add_stream(
            StreamConfig(
                name=STREAM,
                subjects=["jobs.>"],
                storage=StorageType.FILE,
                retention=RetentionPolicy.WORK_QUEUE,
                duplicate_window=86_400,
            )
        )
        await stream.add_stream(
            StreamConfig(name=DEAD, subjects=["dead.>"], storage=StorageType.FILE, max_age=30 * 86_400)
        )

    async def shutdown(self) -> None:
        await super().shutdown()
        if self._client:
            await self._client.drain()

    @property
    def connected(self) -> bool:
        return bool(self._client and self._client.is_connected)

    async def kick(self, message: BrokerMessage) -> None:
        """Publishes a job under its id; raises while the bus is away."""
        subject = f"jobs.{message.labels.get(TENANT, 'host')}.{message.task_name.replace('.', '_')}"
        await self._js().publish(subject, message.message, headers={"Nats-Msg-Id": message.task_id}, timeout=5)

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        """Jobs as they come; each stays leased to this worker until it is answered."""
        config = ConsumerConfig(durable_name=CONSUMER, ack_policy=AckPolicy.EXPLICIT, ack_wait=LEASE_S, max_deliver=-1)
        found = await self._js().pull_subscribe("jobs.>", durable=CONSUMER, stream=STREAM, config=config)
        while True:
            try:
                messages = await found.fetch(BATCH, timeout=WAIT_S)
            except NatsTimeout:
                continue
            except NatsError:
                await asyncio.sleep(WAIT_S)
                continue
            for message in messages:
                yield AckableMessage(data=message.data, ack=self._leased(message))

    def _leased(self, message: Msg):
        heartbeat = asyncio.create_task(_extend(message))

        async def done() -> None:
            heartbeat.cancel()
            with suppress(asyncio.CancelledError):
                await heartbeat
            await self._answer(message)

        return done

    async def _answer(self, message: Msg) -> None:
        id_ = (message.headers or {}).get("Nats-Msg-Id", "")
        if id_ not in self.failed:
            await message.ack()
            return
        self.failed.discard(id_)
        tries = message.metadata.num_delivered
        if tries < TRIES:
            await message.nak(delay=PAUSES_S[tries - 1])
            return
        await self._js().publish(
            f"dead.{message.subject.partition('.')[2]}", message.data, headers={"Nats-Msg-Id": id_}
        )
        await message.ack()

    def _js(self):
        if self._client is None:
            raise ConnectionError("the bus is not connected")
        return self._client.jetstream()


async def _extend(message: Msg) -> None:
    while True:
        await asyncio.sleep(LEASE_S / 3)
        await message.in_progress()
