"""What is done for a company in each of its states, and how its work goes on after a pause (scenario 57)."""

from collections.abc import Mapping
from typing import Any

from crm_domain.tenancy import NOTICES, STATE_MAIL, State, Tenant
from crm_storage.jobs.rows import RUN
from crm_storage.letters.send import COPY
from crm_storage.outbox import put
from crm_storage.tenants.change import set_state
from crm_worker.slices import Task
from crm_worker.workshop import Workshop
from tests.storage.mailing import Mailing
from tests.worker.conftest import Plant, until

OTHER = COPY


class Noting:
    """Stands for every task and notes whose message it got."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def __call__(self, shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
        self.done.append(str(payload.get("template") or payload.get("what")))


async def say(plant: Plant, subject: str, what: str) -> None:
    async with plant.database.tenant(plant.tenant.number) as session:
        await put(session, subject, {"what": what})
        await session.commit()


async def move(plant: Plant, state: State) -> None:
    await set_state(plant.database, plant.tenant.slug, state, actor="olga", reason="unpaid")


async def test_57_while_suspended_only_word_of_it_leaves_and_resuming_is_no_flood(plant: Plant) -> None:
    mailing = await Mailing(plant.database, plant.tenant).open()
    await mailing.sent(1, state="ready")
    noting = Noting()
    await move(plant, "suspended")
    await say(plant, NOTICES, "fresh")
    await say(plant, NOTICES, "old")
    await say(plant, OTHER, "work")
    await plant.change("UPDATE outbox SET created_at = now() - interval '2 days' WHERE payload ->> 'what' = 'old'")
    tasks: dict[str, Task] = {subject: noting for subject in (NOTICES, STATE_MAIL, OTHER, RUN)}
    async with plant.worker(tasks=tasks) as worker:

        async def told() -> bool:
            return "tenant_suspended" in noting.done

        await until(told, "the administrators are told")
        waiting = await plant.rows("SELECT count(*) FROM outbox WHERE handled_at IS NULL AND published_at IS NULL")
        assert noting.done == ["tenant_suspended"] and waiting == [(3,)]
        await move(plant, "active")
        await worker.shop.directory.read()

        async def everything() -> bool:
            return (await plant.rows("SELECT count(*) FROM outbox WHERE handled_at IS NULL")) == [(0,)]

        await until(everything, "what waited is done")
    assert sorted(noting.done) == ["fresh", "tenant_active", "tenant_suspended", "work"]
    assert await plant.rows("SELECT state, reason FROM mkt_run") == [("paused", "tenant_paused")]


async def test_a_read_only_company_gets_its_notices_and_nothing_else_is_done(plant: Plant) -> None:
    noting = Noting()
    await move(plant, "read_only")
    await say(plant, OTHER, "work")
    await say(plant, NOTICES, "notice")
    tasks: dict[str, Task] = {subject: noting for subject in (NOTICES, STATE_MAIL, OTHER, RUN)}
    async with plant.worker(tasks=tasks):

        async def told() -> bool:
            return len(noting.done) == 2

        await until(told, "notices leave")
    assert sorted(noting.done) == ["notice", "tenant_read_only"]
    [(subject,)] = await plant.rows("SELECT subject FROM outbox WHERE handled_at IS NULL")
    assert subject == OTHER
