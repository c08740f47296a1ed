"""What lies in the trash for longer than the company wants is gone for good, and nothing else."""

from uuid import UUID

from crm_domain.records import remove, save
from crm_worker.slots.trash import clear_trashes
from tests.worker.conftest import Plant
from tests.worker.test_bulk import working
from tests.worker.test_slots import opened

MODULES = ("leads", "accounts", "teams")
NAMES = {"leads": {"last_name": "Old"}, "accounts": {"name": "Old"}, "teams": {"name": "Old"}}


async def thrown_away(plant: Plant, module: str, days: int) -> UUID:
    """A record that went to the trash so many days ago."""
    async with working(plant) as work:
        id_ = await save.create(work, work.registry[module], NAMES[module])
        await remove.remove(work, work.registry[module], [id_])
    await plant.change(f"UPDATE {module} SET deleted_at = now() - make_interval(days => {days}) WHERE id = '{id_}'")
    return id_


async def cleared(plant: Plant) -> None:
    shop = await opened(plant)
    await clear_trashes(shop)
    await shop.database.close()


async def kept(plant: Plant, module: str) -> set[UUID]:
    return {id_ for (id_,) in await plant.rows(f"SELECT id FROM {module} WHERE deleted_at IS NOT NULL")}


async def test_the_trash_is_cleared_after_ninety_days_or_as_the_company_wants(plant: Plant) -> None:
    old = {module: await thrown_away(plant, module, 91) for module in MODULES}
    young = {module: await thrown_away(plant, module, 89) for module in MODULES}
    await cleared(plant)
    for module in MODULES:
        gone = set() if module == "teams" else {old[module]}
        assert {old[module], young[module]} & await kept(plant, module) == {old[module], young[module]} - gone, module
    purged = await plant.rows("SELECT changes->'records' FROM audit_event WHERE action = 'purge' AND module = 'leads'")
    assert purged == [([str(old["leads"])],)]
    await plant.change("INSERT INTO setting (key, value) VALUES ('keeping', '{\"trash_days\": 30}')")
    await cleared(plant)
    assert not await kept(plant, "accounts") and young["teams"] in await kept(plant, "teams")


async def test_what_was_merged_still_leads_to_the_record_it_became(plant: Plant) -> None:
    async with working(plant) as work:
        leads = work.registry["leads"]
        keep, lose = [await save.create(work, leads, {"last_name": "Twin"}) for _ in range(2)]
    id_ = await thrown_away(plant, "leads", 1)
    await plant.change(
        "WITH r AS (INSERT INTO removal (id, module, number, merged_into) "
        f"VALUES (uuidv7(), 'leads', 1, '{keep}') RETURNING id) "
        f"UPDATE leads SET deleted_at = now() - interval '400 days', removal = r.id FROM r WHERE leads.id = '{lose}'"
    )
    await plant.change(f"UPDATE leads SET deleted_at = now() - interval '400 days' WHERE id = '{id_}'")
    await cleared(plant)
    assert lose in await kept(plant, "leads") and id_ not in await kept(plant, "leads")
