"""What the worker does by the clock, on a real company."""

from crm_worker.slots.prune import prune
from crm_worker.slots.usage import measure_usage
from crm_worker.workshop import Workshop
from tests.worker.conftest import Plant


async def opened(plant: Plant) -> Workshop:
    shop = Workshop(plant.settings, {})
    await shop.database.open()
    await shop.directory.read()
    return shop


async def test_pruning_takes_what_has_served_its_time_and_nothing_else(plant: Plant) -> None:
    await plant.change(
        "INSERT INTO login_throttle (key, until) VALUES ('old', now() - interval '2 days'), ('new', now())"
    )
    await plant.change(
        "INSERT INTO outbox (subject, payload, handled_at) VALUES ('old', '{}', now() - interval '3 days'), "
        "('new', '{}', now()), ('waiting', '{}', NULL)"
    )
    shop = await opened(plant)
    await prune(shop)
    await shop.database.close()
    assert await plant.rows("SELECT key FROM login_throttle") == [("new",)]
    assert await plant.rows("SELECT subject FROM outbox ORDER BY subject") == [("new",), ("waiting",)]


async def test_the_days_usage_is_kept_under_the_workers_own_rights(plant: Plant) -> None:
    shop = await opened(plant)
    await measure_usage(shop)
    await measure_usage(shop)
    await shop.database.close()
    facts = {"tenant": plant.tenant.number}
    async with plant.database.host() as session:
        kept = await session.rows("SELECT users FROM host.usage WHERE tenant = %(tenant)s", facts)
    assert kept == [(1,)]
