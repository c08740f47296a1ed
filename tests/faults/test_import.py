"""Workers die in the middle of a file that comes in: every row is there once, and all of it can be taken back (REL-29)."""

import pytest

from crm_domain.records import import_many
from crm_domain.records.imports import BATCH, Plan
from tests.faults.conftest import Station
from tests.worker.conftest import until
from tests.worker.test_bulk import LEADS, working
from tests.worker.test_import import VOICE

ROWS = "SELECT count(*), count(DISTINCT last_name) FROM leads WHERE deleted_at IS NULL"


@pytest.mark.timeout(1800)
async def test_rel_29_an_import_whose_workers_are_killed_is_exact_and_taken_back(station: Station, long: bool) -> None:
    plant, (number, kills) = station.plant, (50_000, 20) if long else (BATCH * 2 + 7, 1)
    table = [["last_name", "status"], *([f"Row {n}", "New"] for n in range(number)), ["Wrong", "no such status"]]
    async with working(plant) as work:
        run = await import_many.open_import(work, LEADS, VOICE, "leads.csv", table)
        await import_many.plan(work, await work.store.imports.get(run), Plan(mapping=("last_name", "status")))
        id_ = await import_many.begin(work, run)
    for part in range(1, kills + 1):
        with station.worker():

            async def so_far(part: int = part) -> bool:
                return (await plant.job(id_)).done >= part * number // (kills + 2)

            await until(so_far, "rows come in")
    with station.worker():
        job = await plant.ended(id_)
        assert (job.state, job.done) == ("done", number + 1)
        assert job.outcome.counts == {"created": number, "failed": 1}
        assert await plant.rows(ROWS) == [(number, number)]
        async with working(plant) as work:
            back = await import_many.undo(work, run)
        assert (await plant.ended(back)).outcome.counts == {"undone": number, "failed": 1}
    assert await plant.rows(ROWS) == [(0, 0)]
