"""People who are named in a note or in the conversation of a case are told: once, and only where they may see it."""

from uuid import UUID

from crm_domain.definition import Ref
from crm_domain.modules import REGISTRY
from crm_domain.records import save
from tests.worker.conftest import Plant
from tests.worker.test_bulk import working
from tests.worker.test_notices import colleague, told


def naming(*users: UUID) -> str:
    return "<p>" + " ".join(f'<a href="/users/{user}">@Sara</a>' for user in users) + " please</p>"


async def test_who_is_named_in_a_note_is_told_once_and_the_writer_is_not(plant: Plant) -> None:
    sara, admin = await colleague(plant), await plant.admin()
    notes = REGISTRY["notes"]
    async with working(plant) as work:
        note = await save.create(work, notes, {"name": "Plan", "description": naming(sara, admin)})
    async with working(plant) as work:
        await save.update(work, notes, note, {"description": naming(sara) + "<p>More</p>"})
    [(kind, facts)] = await told(plant, sara)
    assert (kind, facts["name"]) == ("mentioned", "Plan") and await told(plant, admin) == []
    assert await plant.rows("SELECT href FROM notification") == [(f"/notes/{note}",)]


async def test_who_is_named_later_is_told_then(plant: Plant) -> None:
    sara = await colleague(plant)
    async with working(plant) as work:
        note = await save.create(work, REGISTRY["notes"], {"name": "Plan", "description": "<p>Alone</p>"})
        await save.update(work, REGISTRY["notes"], note, {"description": naming(sara)})
    assert [kind for kind, _ in await told(plant, sara)] == ["mentioned"]


async def test_sec_39_who_may_not_see_the_case_is_not_told_and_the_others_are_led_to_it(plant: Plant) -> None:
    sara = await colleague(plant, "support_agent")
    async with working(plant) as work:
        account = await save.create(work, REGISTRY["accounts"], {"name": "Pars"})
        case = await save.create(work, REGISTRY["cases"], {"name": "Broken", "account": Ref("accounts", account)})

    async def say() -> None:
        async with working(plant) as work:
            update = {"case": Ref("cases", case), "description": naming(sara), "internal": True}
            await save.create(work, REGISTRY["case_updates"], update)

    await say()
    assert await plant.rows("SELECT href FROM notification WHERE user_id = %(sara)s", sara=sara) == [
        (f"/cases/{case}",)
    ]
    await plant.change("DELETE FROM notification")
    await plant.change("DELETE FROM user_role")
    await say()
    assert await told(plant, sara) == []


async def test_sec_12_what_only_looks_like_a_mention_tells_nobody(plant: Plant) -> None:
    sara = await colleague(plant)
    async with working(plant) as work:
        text = f'<p>href="/users/{sara}" @sara <a href="https://else.example/users/{sara}">x</a></p>'
        await save.create(work, REGISTRY["notes"], {"name": "Plan", "description": text})
    assert await told(plant, sara) == []
