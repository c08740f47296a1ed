"""The database goes away in the middle of the work and comes back (REL-19)."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from crm_storage.settings import load
from crm_storage.tenants.cluster import LOGINS
from crm_storage.tenants.install import install
from sadra_cli.children import free_port
from sadra_cli.nats_server import Nats
from sadra_cli.postgres import Postgres
from tests.faults.conftest import Station
from tests.installation import PASSWORD, Installation
from tests.worker.conftest import Plant, until

pytestmark = pytest.mark.timeout(300)
MARKS = 200


@pytest.fixture
async def restartable(tmp_path: Path, bus: Nats) -> AsyncGenerator[tuple[Postgres, Plant]]:
    """A cluster of this test's own, for it is stopped."""
    with Postgres(tmp_path / "postgres", fast=True, port=free_port()) as postgres:
        await install(postgres.url(), dict.fromkeys(LOGINS, PASSWORD))
        installation = Installation(postgres.url())
        settings = load(
            {
                "SADRA_DATABASE_URL": installation.url,
                "SADRA_WORKER_DATABASE_URL": installation.login("sadra_worker"),
                "SADRA_NATS_URL": bus.url,
                "SADRA_SECRET_KEY": "a key for these tests and nothing else",
                "SADRA_DATA_DIR": str(tmp_path),
            }
        )
        async with installation.database() as database:
            yield postgres, Plant(database, await installation.tenant(database), settings, bus)


async def test_rel_19_a_job_goes_on_when_the_database_is_back(restartable: tuple[Postgres, Plant]) -> None:
    postgres, plant = restartable
    station = Station(plant)
    id_ = await plant.start("marks", {"marks": MARKS}, total=MARKS)
    with station.worker():

        async def begun() -> bool:
            return (await plant.job(id_)).done > 0

        await until(begun, "the job begins")
        postgres.stop()
        postgres.start()
        async with Installation(postgres.url()).database() as database:
            job = await Plant(database, plant.tenant, plant.settings, plant.bus).ended(id_)
    assert (job.state, job.done) == ("done", MARKS)
