"""The tracker: what recipients of e-mail reach. It knows no tables, no sessions and no accounts.

Clicks and opens are answered from memory; leaving is on this machine's disk before it is answered; all of it reaches
the worker over the bus, now or when the bus is back.
"""

import asyncio
import gc
import os
from collections.abc import Awaitable
from pathlib import Path

import structlog

from crm_domain.keys import KeyRing
from crm_domain.tracking.answers import LINK, Question
from crm_domain.tracking.tokens import Tokens
from crm_storage.bus.tracking import TrackBus
from crm_storage.settings import Settings, load
from crm_tracker.forms import WebForms
from crm_tracker.hits import Notebook
from crm_tracker.keep import Keeping
from crm_tracker.leave import Leaving
from crm_tracker.links import Links
from crm_tracker.pump import Pump
from crm_tracker.reply import Receive, Scope, Send
from crm_tracker.routes import Routes
from crm_tracker.spool import Spool, orphans
from crm_tracker.visitor import Networks
from crm_tracker.visits import Visits

DRAIN_S = 8.0
"""How long stopping waits for the bus to take what is left (REL-22); the rest waits on disk."""


class Tracker:
    """The parts of one process, as an ASGI callable."""

    def __init__(self, settings: Settings) -> None:
        folder = Path(settings.data_dir) / "tracker"
        keys = KeyRing(settings.secret_key, settings.former_secret_keys)
        tokens = Tokens(keys)
        networks = Networks(settings.trusted_proxies)
        self.bus = TrackBus(settings.nats_url, settings.nats_replicas)
        self.spool = Spool(folder / "spool")
        self.pump = Pump(self.spool, self.bus)
        self._left = [Pump(spool, self.bus) for spool in orphans(folder / "spool")]
        self.links = Links(folder / "links.sqlite", self._ask)
        notebook = Notebook(self.spool, networks)
        keeping = Keeping(notebook, self.pump, self.bus)
        leaving = Leaving(tokens, self.bus, keeping)
        forms = WebForms(tokens, self.bus, keeping)
        visits = Visits(keys, notebook, networks)
        https = settings.tracker_url.startswith("https:")
        routes = Routes(tokens, notebook, leaving, self.links, self.bus, networks, forms, visits, https=https)
        self._answer = routes.answer

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "lifespan":
            return self._live(receive, send)
        return self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.bus.start(self.links.learn)
                for pump in (self.pump, *self._left):
                    pump.start()
                structlog.get_logger().info("tracker.started", waiting=not self.spool.empty)
                gc.collect()
                gc.freeze()  # what lives as long as the process is not looked through again and again
                await send({"type": "lifespan.startup.complete"})
            else:
                await asyncio.gather(*(pump.stop(DRAIN_S) for pump in (self.pump, *self._left)))
                await self.bus.stop()
                self.links.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _ask(self, tenant: int, number: int) -> bytes | None:
        return await self.bus.ask(LINK, Question(tenant, link=number)) or None


def create_app() -> Tracker:
    """The app as a server starts it, from the environment's settings."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    return Tracker(load(os.environ))
