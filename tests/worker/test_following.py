"""Who follows a record hears what others change, once for several changes, and nothing of what he may not see."""

from uuid import UUID

import msgspec

from crm_domain.access.rights import Access
from crm_domain.definition import Ref
from crm_domain.following import CHANGED
from crm_domain.modules import REGISTRY
from crm_domain.notice_words import worded
from crm_domain.records import run_many, save
from crm_storage.people.preferences import keep
from crm_worker.tasks import JOBS
from crm_worker.tasks.following import tell_followers
from tests.worker.conftest import Plant, until
from tests.worker.test_bulk import LEADS, leads, working
from tests.worker.test_notices import colleague
from tests.worker.test_slots import opened

HIDE = """UPDATE role SET fields = '{"leads": {"status": "hidden"}}' WHERE shipped = 'sales_manager'"""
TOLD = "SELECT record_id, facts -> 'what' FROM notification WHERE kind = 'followed' ORDER BY id"


async def follow(plant: Plant, user: UUID, module: str, id_: UUID, *, on: bool = True) -> None:
    async with working(plant, Access(user=user)) as work:
        await work.store.shelf.follow(Ref(module, id_), on=on)


async def change(plant: Plant, id_: UUID, access: Access | None = None, **values: object) -> None:
    async with working(plant, access) as work:
        await save.update(work, LEADS, id_, values)


async def delivered(plant: Plant) -> None:
    """Does what waits for followers, as the worker would."""
    shop = await opened(plant)
    for id_, payload in await plant.rows(f"SELECT id, payload FROM outbox WHERE subject = '{CHANGED}' ORDER BY id"):
        await tell_followers(shop, plant.tenant, str(id_), payload)
    await plant.change(f"DELETE FROM outbox WHERE subject = '{CHANGED}'")
    await shop.database.close()


async def test_a_follower_hears_of_others_changes_by_the_worker_and_of_none_once_he_stopped(plant: Plant) -> None:
    sara = await colleague(plant)
    [lead] = await leads(plant, 1)
    await follow(plant, sara, "leads", lead)
    async with plant.worker(JOBS):
        await change(plant, lead, status="in_process", title="Head")
        [(record, what)] = await until(lambda: plant.rows(TOLD), "the follower is told")
    assert record == lead and sorted(what) == ["status", "title"]
    await follow(plant, sara, "leads", lead, on=False)
    await change(plant, lead, status="dead")
    assert await plant.rows(f"SELECT FROM outbox WHERE subject = '{CHANGED}' AND handled_at IS NULL") == []


async def test_changes_within_five_minutes_are_one_notice_until_it_is_read(plant: Plant) -> None:
    sara = await colleague(plant)
    [lead] = await leads(plant, 1)
    await follow(plant, sara, "leads", lead)
    await change(plant, lead, status="in_process")
    await change(plant, lead, title="Head")
    await delivered(plant)
    [(_, what)] = await plant.rows(TOLD)
    assert sorted(what) == ["status", "title"]
    await plant.change("UPDATE notification SET read_at = now()")
    await change(plant, lead, title="Chief")
    await delivered(plant)
    assert [told for _, told in await plant.rows(TOLD)] == [what, ["title"]]


async def test_sec_39_hidden_fields_lost_rights_and_ones_own_changes_are_not_told(plant: Plant) -> None:
    sara, admin = await colleague(plant), await plant.admin()
    [lead] = await leads(plant, 1)
    await follow(plant, sara, "leads", lead)
    await follow(plant, admin, "leads", lead)
    await plant.change(HIDE)
    await change(plant, lead, status="in_process")
    await delivered(plant)
    assert await plant.rows(TOLD) == []
    await change(plant, lead, status="dead", title="Head")
    await delivered(plant)
    assert await plant.rows(TOLD) == [(lead, ["title"])]
    await plant.change("DELETE FROM notification")
    await plant.change("DELETE FROM user_role")
    await change(plant, lead, title="Chief")
    await delivered(plant)
    assert await plant.rows(TOLD) == []


async def test_sec_39_a_field_hidden_since_is_not_named_to_its_reader(plant: Plant) -> None:
    sara = await colleague(plant)
    [lead] = await leads(plant, 1)
    await follow(plant, sara, "leads", lead)
    await change(plant, lead, status="in_process", title="Head")
    await delivered(plant)
    await plant.change(HIDE)
    shop = await opened(plant)
    async with shop.database.tenant(plant.tenant.number) as session:
        actor = await shop.actor(session, plant.tenant, sara)
        assert actor
        english = msgspec.structs.replace(actor.preferences, language="en")
        work, voice = await shop.reading(session, plant.tenant, msgspec.structs.replace(actor, preferences=english))
        [told] = await worded(work, voice, await work.store.notices.mine())
    await shop.database.close()
    assert "Job title" in told.text and "Status" not in told.text


async def test_many_changes_at_once_and_a_new_part_are_told_too(plant: Plant) -> None:
    sara = await colleague(plant)
    ids = await leads(plant, 3)
    async with working(plant) as work:
        account = await save.create(work, REGISTRY["accounts"], {"name": "Pars"})
        case = await save.create(work, REGISTRY["cases"], {"name": "Broken", "account": Ref("accounts", account)})
    await plant.change("UPDATE users SET user_type = 'administrator' WHERE id = %(id)s", id=sara)
    for module, id_ in (("leads", ids[0]), ("leads", ids[1]), ("cases", case)):
        await follow(plant, sara, module, id_)
    async with working(plant) as work:
        run = await run_many.open_run(work, LEADS, "update", ids, {"status": "dead"})
        await run_many.begin(work, run)
        update = {"case": Ref("cases", case), "description": "<p>Soon</p>"}
        await save.create(work, REGISTRY["case_updates"], update)
    await delivered(plant)
    told = {record: what for record, what in await plant.rows(TOLD)}
    assert told[ids[0]] == told[ids[1]] == ["status"] and "+case_updates" in told[case]
    assert ids[2] not in told


async def test_what_is_made_or_given_is_followed_by_choice(plant: Plant) -> None:
    sara, admin = await colleague(plant), await plant.admin()
    async with plant.database.tenant(plant.tenant.number) as session:
        await keep(session, sara, {"follows": ["assigned"]})
        await keep(session, admin, {"follows": ["created"]})
        await session.commit()
    [given, other] = [*await leads(plant, 1, assigned_to=Ref("users", sara)), *await leads(plant, 1)]
    await change(plant, other, assigned_to=Ref("users", sara))
    rows = await plant.rows("SELECT user_id, record_id FROM follow")
    assert sorted(rows) == sorted([(sara, given), (admin, given), (sara, other), (admin, other)])
