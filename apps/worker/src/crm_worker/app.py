"""The worker, put together: relay, broker, tasks, and a port that tells whether it lives."""

import asyncio
import signal
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from taskiq import TaskiqMessage, TaskiqMiddleware, TaskiqResult
from taskiq.receiver import Receiver

from crm_domain.tenancy import carries
from crm_domain.tracking.answers import VIEW
from crm_domain.web_forms.shown import FORM
from crm_storage.bus import outbox_life
from crm_storage.bus.broker import NatsBroker, Patience
from crm_storage.bus.relay import Relay
from crm_storage.ending import end
from crm_storage.listen import Ear
from crm_storage.outbox import CHANNEL
from crm_storage.schedule import Scheduler
from crm_storage.settings import Settings
from crm_storage.tracking.reading import Reading
from crm_worker.postman import Postman
from crm_worker.slices import Handlers, Task
from crm_worker.slots import slots_of
from crm_worker.tasks import JOBS, LIMIT_S, LIMITS_S, TASKS
from crm_worker.views import form_of, view_of
from crm_worker.workshop import Workshop

DRAIN_S = 25
"""REL-22."""
PARALLEL = 8


class Outcome(TaskiqMiddleware):
    """One log line a message, and the word to the broker that a failed one is to be tried again."""

    async def post_execute(self, message: TaskiqMessage, result: TaskiqResult[Any]) -> None:
        facts = {"task": message.task_name, "id": message.task_id, "tenant": message.labels.get("tenant", "")}
        if result.is_err and isinstance(self.broker, NatsBroker):
            self.broker.failed[message.task_id] = type(result.error).__name__
            structlog.get_logger().warning("job.failed", error=type(result.error).__name__, **facts)
        else:
            structlog.get_logger().info("job.done", seconds=round(result.execution_time, 3), **facts)


class Worker:
    """Everything that runs in this process."""

    def __init__(
        self,
        settings: Settings,
        tasks: Mapping[str, Task] = TASKS,
        jobs: Handlers = JOBS,
        patience: Patience | None = None,
    ) -> None:
        self.settings = settings
        self.shop = Workshop(settings, jobs)
        self.ear = Ear(settings.worker_database_url, CHANNEL)
        self.broker = NatsBroker(
            settings.nats_url, replicas=settings.nats_replicas, on_failure=self._failed, patience=patience
        )
        self.broker.add_middlewares(Outcome())
        answers = {VIEW: view_of(self.shop), FORM: form_of(self.shop)}
        find, replicas = self.shop.directory.by_number, settings.nats_replicas
        self.reading = Reading(self.shop.database, settings.nats_url, find, replicas, answers)
        for subject, task in tasks.items():
            self._register(subject, task)

    @property
    def ready(self) -> bool:
        """Whether the bus is there, as it is declared (REL-05)."""
        return self.broker.connected and self.reading.alike

    async def run(self) -> None:
        """Until SIGTERM; then finishes what is at hand."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await self.run_until(stop)

    async def run_until(self, stop: asyncio.Event) -> None:
        """Until the event; then finishes what is at hand."""
        await self.shop.database.open()
        await self.shop.directory.start()
        await self.ear.start()
        self.broker.is_worker_process = True
        await self.broker.startup()
        server = await asyncio.start_server(self._health, "127.0.0.1", self.settings.metrics_port or None)
        relay = asyncio.create_task(Relay(self.shop.database, self.broker, self.ear, self.shop.directory.all).run())
        receiver = asyncio.create_task(Receiver(self.broker, max_async_tasks=PARALLEL, run_startup=False).listen(stop))
        clock = asyncio.create_task(Scheduler(self.shop.database, slots_of(self.shop)).run())
        postman = asyncio.create_task(Postman(self.shop, self.shop.active).run(stop))
        events = asyncio.create_task(self.reading.run())
        structlog.get_logger().info("worker.started")
        await stop.wait()
        self.broker.leave()
        server.close()  # the next worker may take its place while this one finishes
        await end(relay, clock, events)
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                await asyncio.gather(receiver, postman)
        await self.broker.shutdown()
        await self.ear.stop()
        await self.shop.directory.stop()
        await self.shop.database.close()

    def _register(self, subject: str, task: Task) -> None:
        async def handle(tenant: int, id: str, round: int, payload: dict[str, Any]) -> None:
            await self._handle(subject, task, tenant, UUID(id), round, payload)

        self.broker.register_task(handle, subject)

    async def _handle(
        self, subject: str, task: Task, number: int, id_: UUID, round_: int, payload: dict[str, Any]
    ) -> None:
        """Runs a message's task and settles the message. A delivery that is no longer wanted is only acknowledged."""
        tenant = self.shop.directory.by_number(number)
        if tenant is None:
            return
        async with self.shop.database.tenant(number) as session:
            if await outbox_life.settled(session, id_, round_):
                return
            if not carries(tenant.state, subject):
                await outbox_life.held(session, id_)
                await session.commit()
                return
        async with asyncio.timeout(LIMITS_S.get(subject, LIMIT_S)):
            await task(self.shop, tenant, str(id_), payload)
        async with self.shop.database.tenant(number) as session:
            await outbox_life.handled(session, id_)
            await session.commit()

    async def _failed(self, tenant: str, id_: str, tries: int, error: str, last: bool) -> None:
        """Keeps the failed run with the message; after the last one it is a dead letter (REL-04)."""
        keep = outbox_life.bury if last else outbox_life.failed
        async with self.shop.database.tenant(int(tenant)) as session:
            await keep(session, UUID(id_), tries, error)
            await session.commit()

    async def _health(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """`/livez` and `/readyz`, and nothing else."""
        line = await reader.readline()
        path = line.split(b" ")[1] if line.count(b" ") >= 2 else b""
        good = path == b"/livez" or (path == b"/readyz" and self.ready)
        status = b"200 OK" if good else b"503 Service Unavailable" if path == b"/readyz" else b"404 Not Found"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
