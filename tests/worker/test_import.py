"""An import as a worker carries it out: on its own rights as the database grants them, told as an import, taken back."""

from datetime import UTC, datetime

from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.records import import_many
from crm_domain.records.imports import BATCH, Plan
from crm_domain.text.locale import ENGLISH
from crm_worker.tasks import JOBS
from tests.worker.conftest import Plant
from tests.worker.test_bulk import LEADS, working

VOICE = Voice(catalogue("en"), ENGLISH, datetime(2026, 11, 25, tzinfo=UTC))


async def test_23_a_worker_takes_a_file_in_and_back(plant: Plant) -> None:
    number = BATCH * 2 + 7
    table = [["last_name", "status"], *([f"Row {n}", "New"] for n in range(number)), ["Wrong", "no such status"]]
    async with working(plant) as work:
        run = await import_many.open_import(work, LEADS, VOICE, "leads.csv", table)
        await import_many.plan(work, await work.store.imports.get(run), Plan(mapping=("last_name", "status")))
        job = await import_many.begin(work, run)
    async with plant.worker(JOBS):
        ended = await plant.ended(job)
        assert (ended.state, ended.done, ended.outcome.counts) == ("done", number + 1, {"created": number, "failed": 1})
        assert ended.outcome.href == f"/leads/import/{run}"
        assert await plant.rows("SELECT DISTINCT source FROM audit_event WHERE module = 'leads'") == [("import",)]
        async with working(plant) as work:
            back = await import_many.undo(work, run)
        assert (await plant.ended(back)).outcome.counts == {"undone": number, "failed": 1}
    assert await plant.rows("SELECT count(*) FROM leads WHERE deleted_at IS NULL") == [(0,)]
