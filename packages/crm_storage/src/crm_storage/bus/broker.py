"""Taskiq's broker over JetStream: acknowledged after the work, the lease extended while it runs (REL-03, REL-04)."""

# pyright: reportUnknownMemberType=false
# The bus client leaves its callbacks untyped.

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import suppress

import msgspec
import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError
from taskiq import AckableMessage, AsyncBroker, BrokerMessage

from crm_storage.ending import end, hang_up

STREAM = "JOBS"
SUBJECTS = "jobs.>"
CONSUMER = "workers"
LEASE_S = 30
PAUSES_S = (1, 5, 15, 60, 300, 900, 1800)
"""After each failed try; the eighth goes to the dead letters."""
MOST_LEASED = 10_000
"""Messages of all workers that wait for an answer, those in their pauses included: poison must not fill the line."""
STREAM_KEYS = ("subjects", "storage", "retention", "duplicate_window", "max_age", "num_replicas")
CONSUMER_KEYS = ("ack_policy", "ack_wait", "max_deliver", "max_ack_pending")
WAIT_S = 1.0
FLUSH_S = 3
"""For the last acknowledgements of a worker that stops."""
DUPLICATES_S = 86_400
OLDEST_S = 7 * 86_400
"""What lies longer is dropped by the bus; the outbox sends it out anew."""
TENANT = "tenant"
ROUND = "round"
"""Labels: whose job it is, part of the subject (SEC-06); and how often it was sent out anew, part of the message id."""

Failed = Callable[[str, str, int, str, bool], Awaitable[None]]
"""Told of every failed run: tenant, message id, tries, kind of error, whether that was the last one."""


class Patience(msgspec.Struct, frozen=True):
    """How long a delivery may be silent before another worker gets it, and the pauses between failed tries."""

    lease_s: float = LEASE_S
    pauses_s: Sequence[float] = PAUSES_S


class NatsBroker(AsyncBroker):
    """Jobs by subject `jobs.<tenant>.<task>`, each under its outbox id, so that publishing twice delivers once."""

    def __init__(
        self, url: str, *, replicas: int = 1, on_failure: Failed | None = None, patience: Patience | None = None
    ) -> None:
        super().__init__()
        self._url = url
        self._patience = patience or Patience()
        self._on_failure = on_failure
        self._client: Client | None = None
        self._stream = StreamConfig(
            name=STREAM,
            subjects=[SUBJECTS],
            storage=StorageType.FILE,
            retention=RetentionPolicy.WORK_QUEUE,
            duplicate_window=DUPLICATES_S,
            max_age=OLDEST_S,
            num_replicas=replicas,
        )
        self._consumer = ConsumerConfig(
            durable_name=CONSUMER,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=self._patience.lease_s,
            max_deliver=-1,
            max_ack_pending=MOST_LEASED,
        )
        self.failed: dict[str, str] = {}
        """Kind of error by id of the tasks whose last run raised: they are not acknowledged but tried again."""
        self.life = ""
        """When the stream was made: another one means that the bus has forgotten everything (REL-07)."""
        self._alike = True
        self._away = False
        """Whether the bus was away since it was last prepared: it may have come back empty."""
        self._leaving = False

    async def startup(self) -> None:
        """Connects and makes the stream; waits for a bus that is away."""
        await super().startup()
        self._client = await nats.connect(
            self._url.split(","), max_reconnect_attempts=-1, reconnect_time_wait=1, reconnected_cb=self._returned
        )
        await self.prepare()

    async def shutdown(self) -> None:
        await super().shutdown()
        if self._client:
            with suppress(NatsError):
                await self._client.flush(FLUSH_S)
            await hang_up(self._client)

    @property
    def connected(self) -> bool:
        """Whether the bus is there, with stream and consumer as they should be (REL-05)."""
        return bool(self._client and self._client.is_connected and self._alike)

    async def prepare(self) -> None:
        """Makes the stream where it is missing, and notes which life of the bus this is."""
        try:
            info = await self._js().stream_info(STREAM)
        except NotFoundError:
            info = await self._js().add_stream(self._stream)
        self._alike = _alike(info.config, self._stream, STREAM_KEYS) and await self._consumer_alike()
        if not self._alike:
            structlog.get_logger().error("bus.differs", stream=STREAM)
        self.life = str(info.created)

    async def kick(self, message: BrokerMessage) -> None:
        """Publishes a job under its id; raises while the bus is away."""
        subject = f"jobs.{message.labels.get(TENANT, 'host')}.{message.task_name.replace('.', '_')}"
        id_ = f"{message.task_id}.{message.labels.get(ROUND, '0')}"
        await self._js().publish(subject, message.message, headers={"Nats-Msg-Id": id_}, timeout=5)

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        """Jobs as they come, one at a time; each stays leased to this worker until it is answered."""
        found: JetStreamContext.PullSubscription | None = None
        while not self._leaving:
            try:
                if found is None or self._away:
                    found = await self._subscribed()
                [message] = await found.fetch(1, timeout=WAIT_S)
            except TimeoutError:  # the client's own is one too; it raises either
                continue
            except (NatsError, ConnectionError) as error:
                structlog.get_logger().warning("bus.waits", error=type(error).__name__)
                found = None
                await asyncio.sleep(WAIT_S)
                continue
            yield AckableMessage(data=message.data, ack=self._leased(message))

    def leave(self) -> None:
        """Ends listening within a moment. Cancelling it is not enough: the client's `wait_for` may swallow that (see `ending`)."""
        self._leaving = True

    async def _returned(self) -> None:
        self._away = True

    async def _consumer_alike(self) -> bool:
        """One that is not there yet will be made as it should be."""
        try:
            found = (await self._js().consumer_info(STREAM, CONSUMER)).config
        except NotFoundError:
            return True
        return _alike(found, self._consumer, CONSUMER_KEYS)

    async def _subscribed(self) -> JetStreamContext.PullSubscription:
        await self.prepare()
        self._away = False
        return await self._js().pull_subscribe(SUBJECTS, durable=CONSUMER, stream=STREAM, config=self._consumer)

    def _leased(self, message: Msg):
        heartbeat = asyncio.create_task(_extend(message, self._patience.lease_s / 3))

        async def done() -> None:
            await end(heartbeat)
            await self._answer(message)

        return done

    async def _answer(self, message: Msg) -> None:
        id_ = (message.headers or {}).get("Nats-Msg-Id", "").partition(".")[0]
        error = self.failed.pop(id_, None)
        if error is None:
            await message.ack()
            return
        tries, pauses = message.metadata.num_delivered, self._patience.pauses_s
        last = tries > len(pauses)
        try:
            if self._on_failure:
                await self._on_failure(message.subject.split(".")[1], id_, tries, error, last)
        except Exception as unkept:
            structlog.get_logger().warning("bus.failure_not_kept", error=type(unkept).__name__)
            last = False
        if last:
            await message.ack()
        else:
            await message.nak(delay=pauses[min(tries, len(pauses)) - 1])

    def _js(self) -> JetStreamContext:
        if self._client is None:
            raise ConnectionError("the bus is not connected")
        return self._client.jetstream()


async def _extend(message: Msg, every_s: float) -> None:
    """Until cancelled. A bus that is away forgets the lease; then another worker takes over, which the fence allows."""
    while True:
        await asyncio.sleep(every_s)
        with suppress(NatsError):
            await message.in_progress()


def _alike(found: object, wanted: object, keys: Sequence[str]) -> bool:
    return all(getattr(found, key) == getattr(wanted, key) for key in keys)
