"""The worker's side of tracking: takes events from the bus into the tables, answers the trackers' questions."""

# pyright: reportUnknownMemberType=false
# The bus client leaves its callbacks untyped.

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import BadRequestError

from crm_domain.tenancy import Tenant
from crm_domain.tracking.answers import ABOUT, LINK, Question
from crm_domain.tracking.events import Act, Event, decode_batch
from crm_storage.bus.tracking import EVENTS, Answer, answer, declare
from crm_storage.database import Database
from crm_storage.ending import hang_up
from crm_storage.tracking.about import about
from crm_storage.tracking.ingest import take
from crm_storage.tracking.links import link_location
from crm_storage.web_forms.submissions import arrive

CONSUMER = "ingest"
MESSAGES = 10
"""Taken at a time: at most 20,000 events."""
WAIT_S = 0.5
LEASE_S = 60
TRIES = 5
AGAIN_S = 5

Find = Callable[[int], Tenant | None]


class Reading:
    """One for each worker process; several share the work. Started and stopped with it."""

    def __init__(
        self, database: Database, url: str, find: Find, replicas: int = 1, answers: Mapping[str, Answer] | None = None
    ) -> None:
        """`answers` are given to further questions, by subject."""
        self._database, self._url, self._find, self._replicas = database, url, find, replicas
        self.alike = True
        """Whether the bus takes the streams as they are declared; otherwise nothing is read (REL-05)."""
        self._answers = {LINK: self._answer_link, ABOUT: self._answer_about, **(answers or {})}

    async def run(self) -> None:
        """Until cancelled; an absent bus or database only delays."""
        while True:
            client = await nats.connect(self._url.split(","), max_reconnect_attempts=-1, reconnect_time_wait=0.5)
            try:
                await self._serve(client)
            except BadRequestError:
                self.alike = False
                structlog.get_logger().error("bus.differs", stream=EVENTS)
                await asyncio.sleep(1)
            except (NatsError, OSError) as error:
                structlog.get_logger().warning("tracking.waits", error=type(error).__name__)
                await asyncio.sleep(1)
            finally:
                await hang_up(client)

    async def _serve(self, client: Client) -> None:
        await declare(client, self._replicas)
        self.alike = True
        for subject, reply in self._answers.items():
            await answer(client, subject, reply)
        stream = client.jetstream()
        config = ConsumerConfig(durable_name=CONSUMER, ack_policy=AckPolicy.EXPLICIT, ack_wait=LEASE_S, max_deliver=-1)
        reader = await stream.pull_subscribe("track.>", durable=CONSUMER, stream=EVENTS, config=config)
        while True:
            with suppress(TimeoutError):
                await self.read(stream, await reader.fetch(MESSAGES, timeout=WAIT_S))

    async def read(self, stream: JetStreamContext, messages: Sequence[Msg]) -> None:
        """Takes what these messages carry, tenant by tenant; acknowledges a message once its events are committed."""
        by_tenant: dict[int, list[tuple[Msg, list[Event]]]] = {}
        for message in messages:
            try:
                events = decode_batch(message.data)
            except msgspec.DecodeError:
                await _bury(stream, message, "unreadable")
                continue
            by_tenant.setdefault(int(message.subject.split(".")[1]), []).append((message, events))
        for number, parts in by_tenant.items():
            await self._read_tenant(stream, number, parts)

    async def _read_tenant(
        self, stream: JetStreamContext, number: int, parts: Sequence[tuple[Msg, list[Event]]]
    ) -> None:
        if self._find(number) is None:
            for message, _ in parts:
                await _bury(stream, message, "no such tenant")
            return
        try:
            async with self._database.tenant(number) as session:
                mine = [event for _, events in parts for event in events if event.tenant == number]
                if acts := [event for event in mine if event.act != Act.FORM]:
                    await take(session, acts)
                await arrive(session, [event for event in mine if event.act == Act.FORM])
                await session.commit()
        except Exception as error:  # whatever one tenant's events do, the others' go on
            structlog.get_logger().warning("tracking.refused", tenant=number, error=type(error).__name__)
            if len(parts) > 1:
                for part in parts:
                    await self._read_tenant(stream, number, [part])
                return
            await self._again(stream, parts[0][0])
            return
        for message, _ in parts:
            await message.ack()

    async def _again(self, stream: JetStreamContext, message: Msg) -> None:
        """Later, unless it was tried often enough and the database is there."""
        if message.metadata.num_delivered < TRIES or not await self._reachable():
            await message.nak(delay=AGAIN_S)
        else:
            await _bury(stream, message, "refused by the tables")

    async def _reachable(self) -> bool:
        try:
            async with self._database.host() as session:
                await session.one("SELECT 1")
        except Exception:  # any failure means no
            return False
        return True

    async def _answer_link(self, question: Question) -> bytes:
        if self._find(question.tenant) is None:
            return b""
        async with self._database.tenant(question.tenant) as session:
            return await link_location(session, question.link)

    async def _answer_about(self, question: Question) -> bytes:
        tenant = self._find(question.tenant)
        if tenant is None:
            return b""
        async with self._database.tenant(question.tenant) as session:
            return msgspec.msgpack.encode(await about(session, tenant, question.message, datetime.now(UTC)))


async def _bury(stream: JetStreamContext, message: Msg, why: str) -> None:
    """Sets a message aside where an operator sees it, and goes on."""
    structlog.get_logger().error("tracking.buried", reason=why, subject=message.subject)
    await stream.publish(f"dead.{message.subject}", message.data)
    await message.ack()
