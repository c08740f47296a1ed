"""What a user has goes to another one, module by module, by jobs that can be taken back (scenario 13)."""

from uuid import UUID

import pytest

from crm_domain.definition import EmailEntry, Ref
from crm_domain.problems import Invalid
from crm_domain.records import hand_over, run_many, save
from crm_domain.records.work import Work
from crm_worker.tasks import JOBS
from tests.worker.conftest import Plant
from tests.worker.test_bulk import working


async def user(work: Work, name: str, status: str = "active") -> UUID:
    emails = (EmailEntry(address=f"{name}@company.example", primary=True),)
    values = {"user_name": name, "last_name": name, "status": status, "user_type": "regular", "emails": emails}
    return await save.create(work, work.registry["users"], values)


async def test_open_records_of_the_chosen_modules_go_to_the_colleague_and_come_back(plant: Plant) -> None:
    async with working(plant) as work:
        leaver, colleague = await user(work, "leaver"), await user(work, "colleague")
        his = {"assigned_to": Ref("users", leaver)}
        leads = [
            await save.create(work, work.registry["leads"], {"last_name": status, "status": status, **his})
            for status in ("new", "assigned", "dead")
        ]
        account = await save.create(work, work.registry["accounts"], {"name": "Left", **his})
        found = {one.module.key: (one.all.number, one.open.number) for one in await hand_over.belongings(work, leaver)}
        assert found == {"leads": (3, 2), "accounts": (1, 1)}
        jobs = await hand_over.hand_over(work, leaver, colleague, ["leads"], only_open=True)
    assert len(jobs) == 1
    async with plant.worker(JOBS):
        assert (await plant.ended(jobs[0])).outcome.counts == {"changed": 2}
    async with working(plant) as work:
        rows = await work.store.fetch(work.registry["leads"], leads, columns=("assigned_to",))
        assert sorted(row["assigned_to"].id for row in rows) == sorted([colleague, colleague, leaver])
        [kept] = await work.store.fetch(work.registry["accounts"], [account], columns=("assigned_to",))
        assert kept["assigned_to"].id == leaver
        entries = await work.store.history(work.registry["leads"], leads[0])
        assert "assigned_to" in {change.key for change in entries[0].changes}
        [run] = {UUID(job.request["run"]) for job in await work.store.jobs.recent() if job.id == jobs[0]}
        await run_many.undo(work, run)
        assert await work.store.runs.counts(run) == {"undone": 2}


async def test_records_go_only_to_another_user_who_is_active(plant: Plant) -> None:
    async with working(plant) as work:
        leaver, gone = await user(work, "leaver"), await user(work, "gone", "inactive")
        for to, modules, key in ((None, ["leads"], "to"), (leaver, ["leads"], "to"), (gone, ["leads"], "to"),
                                 (gone, [], "modules")):  # fmt: skip
            with pytest.raises(Invalid) as caught:
                await hand_over.hand_over(work, leaver, to, modules, only_open=True)
            assert key in caught.value.fields
