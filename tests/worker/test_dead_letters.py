"""A message that fails again and again ends among the dead letters, seen and sent anew by hand; others do not wait (REL-04)."""

from collections.abc import Mapping

from crm_domain.jobs import Step
from crm_domain.tenancy import Tenant
from crm_storage.bus import outbox_life
from crm_storage.bus.broker import Patience
from crm_storage.bus.outbox_life import DeadLetter
from crm_storage.outbox import put
from crm_worker.slices import Slice
from crm_worker.workshop import Workshop
from tests.worker.conftest import Plant, until

HASTE = Patience(pauses_s=(0.05,) * 7)
SECRET = "https://company.example/reset?token=secret"


async def dead(plant: Plant) -> list[DeadLetter]:
    async with plant.database.tenant(plant.tenant.number) as session:
        return await outbox_life.dead_letters(session)


async def test_rel_04_poison_ends_after_eight_tries_and_is_retried_by_hand(plant: Plant) -> None:
    runs: list[str] = []
    cured = False

    async def poison(_shop: Workshop, _tenant: Tenant, _id: str, _payload: Mapping[str, object]) -> None:
        runs.append("poison")
        if not cured:
            raise ValueError

    async def fine(_shop: Workshop, _tenant: Tenant, _id: str, _payload: Mapping[str, object]) -> None:
        runs.append("fine")

    async with plant.database.tenant(plant.tenant.number) as session:
        for subject in ("poison", *["fine"] * 20):
            await put(session, subject, {"link": SECRET})
        await session.commit()
    async with plant.worker(tasks={"poison": poison, "fine": fine}, patience=HASTE):
        [letter] = await until(lambda: dead(plant), "a dead letter")
        assert (letter.subject, letter.tries, letter.error) == ("poison", 8, "ValueError")
        assert (runs.count("poison"), runs.count("fine")) == (8, 20)
        cured = True
        async with plant.database.tenant(plant.tenant.number) as session:
            assert await outbox_life.retry(session, letter.id)
            await session.commit()

        async def all_handled() -> bool:
            return await plant.rows("SELECT count(*) FROM outbox WHERE handled_at IS NULL") == [(0,)]

        await until(all_handled, "everything is handled")
    assert runs.count("poison") == 9
    assert await plant.rows("SELECT count(*) FROM outbox WHERE payload <> '{}'") == [(0,)]


async def test_rel_04_a_job_that_broke_has_failed_and_runs_again_when_it_is_retried(plant: Plant) -> None:
    cured = False

    async def stumble(_slice: Slice) -> Step:
        if not cured:
            raise KeyError
        return Step(done=1, finished=True)

    async with plant.worker({"stumble": stumble}, patience=HASTE):
        id_ = await plant.start("stumble")
        job = await plant.ended(id_)
        assert (job.state, job.message) == ("failed", "jobs.broken")
        cured = True
        [letter] = await until(lambda: dead(plant), "a dead letter")
        async with plant.database.tenant(plant.tenant.number) as session:
            assert await outbox_life.retry(session, letter.id)
            await session.commit()
        assert (await plant.ended(id_)).state == "done"
    assert await dead(plant) == []


async def test_a_discarded_dead_letter_is_gone_with_its_payload(plant: Plant) -> None:
    async with plant.database.tenant(plant.tenant.number) as session:
        id_ = await put(session, "poison", {"link": SECRET})
        await outbox_life.published(session, [id_], "this life")
        await outbox_life.bury(session, id_, 8, "ValueError")
        await session.commit()
        assert await outbox_life.discard(session, id_) and not await outbox_life.discard(session, id_)
        await session.commit()
    assert await dead(plant) == []
    assert await plant.rows("SELECT payload FROM outbox WHERE id = %(id)s", id=id_) == [({},)]


async def test_rel_17_one_company_has_no_more_than_its_share_on_the_bus(plant: Plant) -> None:
    async with plant.database.tenant(plant.tenant.number) as session:
        for _ in range(100):
            await put(session, "many", {})
        await session.commit()
        flying = await outbox_life.waiting(session)
        assert len(flying) == outbox_life.SHORT_FLYING
        await outbox_life.published(session, [message.id for message in flying], "this life")
        assert await outbox_life.waiting(session) == []
        await outbox_life.handled(session, flying[0].id)
        await outbox_life.failed(session, flying[1].id, 1, "ValueError")
        assert len(await outbox_life.waiting(session)) == 2
