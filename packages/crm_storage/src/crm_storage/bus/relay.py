"""The relay: takes messages from the tenants' outboxes to the bus, under their own ids (REL-01)."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog
from nats.errors import Error as NatsError
from taskiq import BrokerMessage, TaskiqMessage

from crm_domain.tenancy import CARRIED, Tenant
from crm_storage.bus import outbox_life
from crm_storage.bus.broker import ROUND, TENANT, NatsBroker
from crm_storage.bus.outbox_life import Waiting
from crm_storage.database import Database
from crm_storage.listen import Ear

ROUND_S = 5.0
"""How often every outbox is looked into even when nobody was heard."""
PAUSE_S = 1.0


class Relay:
    """Goes where something was heard to wait. What it published but could not mark is published again: the bus knows the id."""

    def __init__(
        self, database: Database, broker: NatsBroker, ear: Ear, tenants: Callable[[], Sequence[Tenant]]
    ) -> None:
        self._database = database
        self._broker = broker
        self._ear = ear
        self._tenants = tenants
        self._life = ""

    async def run(self) -> None:
        """Until cancelled; an absent bus or database only delays."""
        with self._ear.bell() as bell:
            said: set[str] = set()
            while True:
                tenants = self._tenants()
                everywhere = not said or "" in said
                if not await self._go(tenants if everywhere else [one for one in tenants if one.schema in said]):
                    bell.ring("")
                    await asyncio.sleep(PAUSE_S)
                said = await bell.wait(ROUND_S)

    async def _go(self, tenants: Iterable[Tenant]) -> bool:
        """Whether the bus and every outbox could be reached."""
        for tenant in tenants:
            try:
                if self._life != self._broker.life:
                    await self._send_anew(self._broker.life)
                await self.publish(tenant)
            except (NatsError, ConnectionError, TimeoutError) as error:
                structlog.get_logger().warning("relay.waits", error=type(error).__name__)
                return False
            except Exception as error:  # the next round tries again
                structlog.get_logger().warning("relay.failed", tenant=tenant.number, error=type(error).__name__)
                return False
        return True

    async def publish(self, tenant: Tenant) -> int:
        """Publishes what one tenant has waiting and may fly in its state; how many."""
        async with self._database.tenant(tenant.number) as session:
            found = await outbox_life.waiting(session, CARRIED[tenant.state])
            await asyncio.gather(*(self._broker.kick(self._message(tenant.number, message)) for message in found))
            if found:
                await outbox_life.published(session, [message.id for message in found], self._broker.life)
                await session.commit()
        return len(found)

    async def _send_anew(self, life: str) -> None:
        """The bus came back without its store: every tenant's unfinished messages wait again (REL-07)."""
        for number in (tenant.number for tenant in self._tenants()):
            async with self._database.tenant(number) as session:
                count = await outbox_life.lost(session, life)
                await session.commit()
            if count:
                structlog.get_logger().warning("relay.sent_anew", tenant=number, messages=count)
        self._life = life

    def _message(self, number: int, waiting: Waiting) -> BrokerMessage:
        labels = {TENANT: str(number), ROUND: str(waiting.round)}
        kwargs = {"tenant": number, "id": str(waiting.id), "round": waiting.round, "payload": waiting.payload}
        message = TaskiqMessage(
            task_id=str(waiting.id), task_name=waiting.subject, labels=labels, args=[], kwargs=kwargs
        )
        return self._broker.formatter.dumps(message)
