"""What must not be lost is safe before anybody is answered: on this machine's disk or, where that refuses, on the bus (REL-10)."""

import structlog

from crm_domain.tracking.events import encode_batch
from crm_domain.tracking.tokens import Content
from crm_storage.bus.tracking import TrackBus, Unavailable
from crm_tracker.hits import Notebook
from crm_tracker.pump import Pump
from crm_tracker.recorder import ID
from crm_tracker.reply import Headers, Scope
from crm_tracker.spool import Full

ID_END = len(ID) + 16


class Keeping:
    """Leaving, wishes and filled in forms on their way to safety."""

    def __init__(self, notebook: Notebook, pump: Pump, bus: TrackBus) -> None:
        self._notebook, self._pump, self._bus = notebook, pump, bus

    async def keep(self, act: int, content: Content, scope: Scope, headers: Headers, said: str) -> None:
        """Returns when what was said is safe. Raises Full or OSError when neither disk nor bus takes it."""
        record = self._notebook.record(act, content, scope, headers, said)
        if record is None:
            return
        try:
            self._notebook.append(content.tenant, record, True)
            await self._pump.durable()
        except (Full, OSError) as error:
            structlog.get_logger().error("spool.refused", error=type(error).__name__)
            try:
                await self._bus.publish(content.tenant, encode_batch([record]), record[len(ID) : ID_END].hex())
            except Unavailable:
                raise error from None
