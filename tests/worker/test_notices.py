"""People are told what concerns them: once, as they chose, never about what they did themselves."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from crm_domain.access.rights import Access
from crm_domain.definition import EmailEntry, Ref
from crm_domain.jobs import Step
from crm_domain.notices import Choice
from crm_domain.records import run_many, save
from crm_worker.slices import Slice
from tests.worker.conftest import Plant
from tests.worker.test_bulk import LEADS, leads, working

ADDRESS = "sara@company.example"
PERSON = {"user_name": "sara", "last_name": "Sara", "status": "active", "user_type": "regular"}


async def colleague(plant: Plant, role: str = "sales_manager") -> UUID:
    """Somebody with an address, in English, in one of the roles a company starts with."""
    async with working(plant) as work:
        address = (EmailEntry(address=ADDRESS, primary=True),)
        id_ = await save.create(work, work.registry["users"], {**PERSON, "emails": address})
    await plant.change(
        "INSERT INTO user_role (user_id, role_id) SELECT %(user)s, id FROM role WHERE shipped = %(role)s",
        user=id_,
        role=role,
    )
    return id_


async def told(plant: Plant, user: UUID) -> list[tuple[str, Mapping[str, Any]]]:
    async with working(plant, Access(user=user)) as work:
        return [(notice.kind, notice.facts) for notice in await work.store.notices.mine()]


async def test_a_new_assignee_is_told_and_the_one_who_did_it_is_not(plant: Plant) -> None:
    sara, admin = await colleague(plant), await plant.admin()
    await leads(plant, 1, assigned_to=Ref("users", sara))
    await leads(plant, 1, assigned_to=Ref("users", admin))
    [(kind, facts)] = await told(plant, sara)
    assert (kind, facts["name"], facts["module"]) == ("assigned", "Lead 0", {"id": "leads.one"})
    assert await told(plant, admin) == []


async def test_the_same_thing_is_told_once_within_five_minutes(plant: Plant) -> None:
    sara, admin = await colleague(plant), await plant.admin()
    [lead] = await leads(plant, 1, assigned_to=Ref("users", sara))
    for user in (admin, sara):
        async with working(plant) as work:
            await save.update(work, LEADS, lead, {"assigned_to": Ref("users", user)})
    assert len(await told(plant, sara)) == 1


async def test_many_records_given_at_once_are_told_in_one_notice(plant: Plant) -> None:
    sara = await colleague(plant)
    ids = await leads(plant, 5)
    async with working(plant) as work:
        run = await run_many.open_run(work, LEADS, "update", ids, {"assigned_to": Ref("users", sara)})
        await run_many.begin(work, run)
    [(kind, facts)] = await told(plant, sara)
    assert (kind, facts["number"]) == ("assigned_many", 5)


async def test_each_chooses_page_and_mail_for_himself(plant: Plant) -> None:
    sara = await colleague(plant)
    async with working(plant, Access(user=sara)) as work:
        await work.store.notices.choose([Choice("assigned", page=False, mail="now")])
    await plant.change("DELETE FROM outbox")
    await leads(plant, 1, assigned_to=Ref("users", sara))
    assert await told(plant, sara) == []
    assert await plant.rows("SELECT mail_at <= now(), digest FROM notification") == [(True, False)]


async def test_sec_39_nobody_is_told_of_a_record_that_he_may_not_see(plant: Plant) -> None:
    sara = await colleague(plant)
    await plant.change("DELETE FROM user_role")
    [lead] = await leads(plant, 1, assigned_to=Ref("users", sara))
    assert await told(plant, sara) == []
    async with working(plant) as work:
        assert await work.store.notices.tell("assigned", [sara], f"/leads/{lead}", {}, about=Ref("leads", lead)) == 0


async def test_the_owner_of_a_job_is_told_how_it_ended(plant: Plant) -> None:
    async def fine(_slice: Slice) -> Step:
        return Step(done=1, finished=True)

    async with plant.worker({"records.bulk": fine}):
        await plant.ended(await plant.start("records.bulk"))
    assert await told(plant, await plant.admin()) == [("job_done", {"work": {"id": "jobs.kind.records.bulk"}})]


async def test_reading_takes_from_the_count_and_nobody_reads_anothers(plant: Plant) -> None:
    sara, admin = await colleague(plant), await plant.admin()
    await leads(plant, 2, assigned_to=Ref("users", sara))
    async with working(plant, Access(user=sara)) as work:
        notices = work.store.notices
        first, _ = await notices.mine()
        await notices.read(first.id)
        assert await notices.unread() == 1
        assert await notices.read_all() == 1 and await notices.unread() == 0
    async with working(plant, Access(user=admin)) as work:
        assert await work.store.notices.mine() == []
