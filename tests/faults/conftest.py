"""Workers as processes of their own, and what they do when something dies."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager

import pytest

from tests.worker.conftest import Plant, bus, plant

__all__ = ["bus", "plant"]


class Station:
    """Starts and kills workers of a plant."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        given = {key: str(getattr(plant.settings, key)) for key in ("database_url", "worker_database_url", "nats_url")}
        given |= {key: getattr(plant.settings, key) for key in ("secret_key", "data_dir", "smtp_url")}
        self._environ = {**os.environ, **{f"SADRA_{key.upper()}": value for key, value in given.items()}}

    @contextmanager
    def worker(self) -> Generator[subprocess.Popen[bytes]]:
        """A worker that is killed at the end, if it still lives."""
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.station"], env=self._environ, stdout=subprocess.DEVNULL
        )
        try:
            yield child
        finally:
            child.send_signal(signal.SIGCONT)
            child.kill()
            child.wait()

    async def count(self, prefix: str) -> int:
        rows = await self.plant.rows("SELECT count(*) FROM setting WHERE key LIKE %(prefix)s", prefix=f"{prefix}.%")
        return rows[0][0]


@pytest.fixture
async def station(plant: Plant) -> AsyncGenerator[Station]:
    yield Station(plant)
