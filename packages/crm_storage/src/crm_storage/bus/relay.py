"""The relay: takes messages from the tenants' outboxes to the bus, under their own ids (REL-01)."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import structlog
from nats.errors import Error as NatsError
from taskiq import BrokerMessage, TaskiqMessage

from crm_storage.bus.broker import TENANT, NatsBroker
from crm_storage.database import Database

PAUSE_S = 0.5
BATCH = 100
WAITING = "SELECT id, subject, payload FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED"
PUBLISHED = "UPDATE outbox SET published_at = now() WHERE id = ANY(%(ids)s)"


class Relay:
    """Goes round the tenants. What it published but could not mark is published again: the bus knows the id."""

    def __init__(self, database: Database, broker: NatsBroker, tenants: Callable[[], Sequence[int]]) -> None:
        self._database = database
        self._broker = broker
        self._tenants = tenants

    async def run(self) -> None:
        """Until cancelled; an absent bus or database only delays."""
        while True:
            for number in self._tenants():
                try:
                    await self.publish(number)
                except (NatsError, ConnectionError, TimeoutError) as error:
                    structlog.get_logger().warning("relay.waits", error=type(error).__name__)
                    await asyncio.sleep(1)
                except Exception as error:  # the next round tries again
                    structlog.get_logger().warning("relay.failed", tenant=number, error=type(error).__name__)
            await asyncio.sleep(PAUSE_S)

    async def publish(self, number: int) -> int:
        """Publishes what one tenant has waiting; how many."""
        async with self._database.tenant(number) as session:
            waiting = await session.rows(WAITING, {"batch": BATCH})
            for id_, subject, payload in waiting:
                await self._broker.kick(self._message(number, id_, subject, payload))
            if waiting:
                await session.execute(PUBLISHED, {"ids": [row[0] for row in waiting]})
                await session.commit()
        return len(waiting)

    def _message(self, number: int, id_: UUID, subject: str, payload: Any) -> BrokerMessage:
        labels = {TENANT: str(number)}
        kwargs = {"tenant": number, "id": str(id_), "payload": payload}
        message = TaskiqMessage(task_id=str(id_), task_name=subject, labels=labels, args=[], kwargs=kwargs)
        return self._broker.formatter.dumps(message)
