"""The worker, put together: relay, broker, tasks, and a port that tells whether it lives."""

import asyncio
import signal
from contextlib import suppress
from typing import Any

import structlog
from taskiq import TaskiqMessage, TaskiqMiddleware, TaskiqResult
from taskiq.receiver import Receiver

from crm_storage.bus.broker import NatsBroker
from crm_storage.bus.relay import Relay
from crm_storage.database import Database
from crm_storage.settings import Settings
from crm_storage.tenants.directory import Directory
from crm_worker.tasks.mail import send_mail

DRAIN_S = 25
"""REL-22."""
RUNNING = ("active", "read_only")
PARALLEL = 8


class Outcome(TaskiqMiddleware):
    """One log line a job, and the word to the broker that a failed one is to be tried again."""

    async def post_execute(self, message: TaskiqMessage, result: TaskiqResult[Any]) -> None:
        facts = {"task": message.task_name, "id": message.task_id, "tenant": message.labels.get("tenant", "")}
        if result.is_err and isinstance(self.broker, NatsBroker):
            self.broker.failed.add(message.task_id)
            structlog.get_logger().warning("job.failed", error=type(result.error).__name__, **facts)
        else:
            structlog.get_logger().info("job.done", seconds=round(result.execution_time, 3), **facts)


class Worker:
    """Everything that runs in this process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.worker_database_url, size=settings.db_pool_size)
        self.directory = Directory(self.database, settings.worker_database_url, settings.base_domain)
        self.broker = NatsBroker(settings.nats_url)
        self.broker.add_middlewares(Outcome())
        self._register()

    async def run(self) -> None:
        """Until SIGTERM; then finishes what is at hand."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await self.database.open()
        await self.directory.start()
        self.broker.is_worker_process = True
        await self.broker.startup()
        server = await asyncio.start_server(self._health, "127.0.0.1", self.settings.metrics_port or None)
        relay = asyncio.create_task(Relay(self.database, self.broker, self._tenants).run())
        receiver = asyncio.create_task(Receiver(self.broker, max_async_tasks=PARALLEL).listen(stop))
        structlog.get_logger().info("worker.started")
        await stop.wait()
        relay.cancel()
        with suppress(asyncio.CancelledError):
            await relay
        with suppress(TimeoutError):
            await asyncio.wait_for(receiver, DRAIN_S)
        server.close()
        await self.broker.shutdown()
        await self.directory.stop()
        await self.database.close()

    def _tenants(self) -> list[int]:
        return [tenant.number for tenant in self.directory.all() if tenant.state in RUNNING]

    def _register(self) -> None:
        """The tasks by name."""

        @self.broker.task(task_name="mail.send")
        async def mail(tenant: int, id: str, payload: dict[str, Any]) -> None:
            await send_mail(self.database, self.settings, tenant, id, payload)

    async def _health(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """`/livez` and `/readyz`, and nothing else."""
        line = await reader.readline()
        path = line.split(b" ")[1] if line.count(b" ") >= 2 else b""
        good = path == b"/livez" or (path == b"/readyz" and self.broker.connected)
        status = b"200 OK" if good else b"503 Service Unavailable" if path == b"/readyz" else b"404 Not Found"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
