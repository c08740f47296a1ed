"""Tracking on the bus: events in, links out, questions and answers; the names both sides agree on (REL-05).

Events are kept until a worker has them in the tables; links until the bus is wiped, after which they are asked for.
"""

# pyright: reportUnknownMemberType=false
# The bus client leaves its callbacks untyped.

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import msgspec
import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from crm_domain.tracking.answers import Question
from crm_storage.ending import end, hang_up

EVENTS, LINKS = "TRACK", "LINKS"
DAY_S = 86_400
EVENTS_AGE_S = 14 * DAY_S
PUBLISH_S = 5.0
ASK_S = 0.8
RECONNECT_S = 0.5

Learn = Callable[[int, Mapping[int, bytes]], None]
_links = msgspec.msgpack.Decoder(dict[int, bytes])


class Unavailable(Exception):
    """The bus does not take it now."""


def streams(replicas: int) -> tuple[StreamConfig, ...]:
    """What the bus keeps for tracking."""
    return (
        StreamConfig(
            name=EVENTS,
            subjects=["track.>"],
            storage=StorageType.FILE,
            retention=RetentionPolicy.WORK_QUEUE,
            max_age=EVENTS_AGE_S,
            duplicate_window=DAY_S,
            num_replicas=replicas,
        ),
        StreamConfig(
            name=LINKS, subjects=["links.>"], storage=StorageType.FILE, max_msgs_per_subject=1, num_replicas=replicas
        ),
    )


async def declare(client: Client, replicas: int = 1) -> None:
    """Makes the streams where they are missing."""
    stream = client.jetstream()
    for config in streams(replicas):
        await stream.add_stream(config)


@asynccontextmanager
async def connected(url: str, replicas: int = 1) -> AsyncGenerator[Client]:
    """A connection for a moment, on which the streams are there."""
    client = await nats.connect(url.split(","), connect_timeout=5)
    try:
        await declare(client, replicas)
        yield client
    finally:
        await hang_up(client)


async def publish_links(client: Client, tenant: int, first: int, locations: Mapping[int, bytes]) -> None:
    """Tells every tracker where the links of one mailing lead."""
    await client.jetstream().publish(f"links.{tenant}.{first}", msgspec.msgpack.encode(locations), timeout=PUBLISH_S)


class TrackBus:
    """The tracker's side. It starts and works while the bus is away, and finds it again by itself (REL-20)."""

    def __init__(self, url: str, replicas: int = 1) -> None:
        self._url, self._replicas = url, replicas
        self._client: Client | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        return bool(self._client and self._client.is_connected)

    def start(self, learn: Learn) -> None:
        """Begins to connect; `learn` is told of links as they come."""
        self._task = asyncio.create_task(self._connect(learn))

    async def stop(self) -> None:
        if self._task:
            await end(self._task)
        if self._client:
            await hang_up(self._client)

    async def publish(self, tenant: int, batch: bytes, id_: str) -> None:
        """Hands a batch of events over; returns when the bus has it on disk. Raises Unavailable."""
        client = self._client
        if client is None or not client.is_connected:
            raise Unavailable
        try:
            await client.jetstream().publish(f"track.{tenant}", batch, headers={"Nats-Msg-Id": id_}, timeout=PUBLISH_S)
        except NatsError as error:
            with suppress(NatsError):
                await declare(client, self._replicas)
            raise Unavailable from error

    async def ask(self, subject: str, question: Question) -> bytes:
        """What a worker answers; nothing when none does in time."""
        client = self._client
        if client is None or not client.is_connected:
            return b""
        try:
            return (await client.request(subject, msgspec.msgpack.encode(question), timeout=ASK_S)).data
        except NatsError:
            return b""

    async def _connect(self, learn: Learn) -> None:
        while self._client is None:
            try:
                self._client = await nats.connect(
                    self._url.split(","),
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=RECONNECT_S,
                    allow_reconnect=True,
                    error_cb=_quiet,
                )
            except (NatsError, OSError):
                await asyncio.sleep(RECONNECT_S)
        await self._follow_links(self._client, learn)

    async def _follow_links(self, client: Client, learn: Learn) -> None:
        async def on_links(message: Msg) -> None:
            tenant = int(message.subject.split(".")[1])
            learn(tenant, _links.decode(message.data))

        while True:
            try:
                await declare(client, self._replicas)
                await client.jetstream().subscribe(
                    "links.>", stream=LINKS, cb=on_links, ordered_consumer=True, deliver_policy=DeliverPolicy.ALL
                )
                return
            except (NatsError, NotFoundError) as error:
                structlog.get_logger().warning("links.unfollowed", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_S)


Answer = Callable[[Question], Awaitable[bytes]]


async def answer(client: Client, subject: str, reply: Answer) -> None:
    """Answers questions of trackers, one worker each; a question that cannot be answered gets an empty answer.

    Returns when the bus knows of it: before, who asks would be told that nobody answers.
    """
    decoder = msgspec.msgpack.Decoder(Question)

    async def on_question(message: Msg) -> None:
        try:
            told = await reply(decoder.decode(message.data))
        except Exception as error:  # one question's fault is nobody else's
            structlog.get_logger().warning("question.failed", subject=subject, error=type(error).__name__)
            told = b""
        await message.respond(told)

    await client.subscribe(subject, queue="answers", cb=on_question)
    await client.flush()


async def _quiet(error: Exception) -> None:
    """While the bus is away the client reports every try."""
