"""What runs out: the one responsible is told before, once, by bell and mail; afterwards its status says so."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from crm_domain.definition import Ref
from crm_domain.modules import REGISTRY
from crm_domain.notices import awake
from crm_domain.records import save
from crm_domain.text.locale import PERSIAN
from crm_storage.notices import wake
from crm_worker.slots.expire import expire
from tests.worker.conftest import Plant
from tests.worker.test_bulk import working
from tests.worker.test_notices import colleague, told
from tests.worker.test_reminders import reminded
from tests.worker.test_slots import opened

CONTRACTS = REGISTRY["contracts"]
NOW = datetime.now(UTC)


async def contract(plant: Plant, owner: UUID, days: int, **values: Any) -> UUID:
    """One that ends in so many days, whose reminder has just come due unless it is given."""
    async with working(plant) as work:
        account = await save.create(work, REGISTRY["accounts"], {"name": "Pars"})
        given = {
            "name": "Support",
            "account": Ref("accounts", account),
            "starts_on": (NOW - timedelta(days=90)).date(),
            "ends_on": (NOW + timedelta(days=days)).date(),
            "renewal_reminder_at": NOW - timedelta(minutes=5),
            "assigned_to": Ref("users", owner),
            **values,
        }
        return await save.create(work, CONTRACTS, given)


async def expiring(plant: Plant, user: UUID) -> list[Any]:
    return [facts for kind, facts in await told(plant, user) if kind == "expiring"]


async def test_the_manager_of_a_contract_is_told_of_its_end_once_by_bell_and_mail(plant: Plant) -> None:
    sara = await colleague(plant)
    await contract(plant, sara, 14)
    assert (await reminded(plant), await reminded(plant)) == (1, 0)
    [facts] = await expiring(plant, sara)
    assert (facts["name"], facts["module"]) == ("Support", {"id": "contracts.one"})
    assert await plant.rows("SELECT mail_at <= now() FROM notification WHERE kind = 'expiring'") == [(True,)]


async def test_what_is_over_ended_or_not_yet_due_tells_nobody(plant: Plant) -> None:
    sara = await colleague(plant)
    await contract(plant, sara, 14, status="terminated")
    await contract(plant, sara, -1)
    await contract(plant, sara, 14, renewal_reminder_at=NOW + timedelta(hours=1))
    await contract(plant, sara, 14, renewal_reminder_at=NOW - timedelta(days=2))
    assert await reminded(plant) == 0


async def test_a_contract_past_its_end_expires_and_its_history_says_so(plant: Plant) -> None:
    admin = await plant.admin()
    past, lasting = await contract(plant, admin, -2), await contract(plant, admin, 2)
    ended = await contract(plant, admin, -2, status="completed")
    shop = await opened(plant)
    await expire(shop)
    await shop.database.close()
    async with working(plant) as work:
        rows = {row.id: row["status"] for row in await work.store.fetch(CONTRACTS, [past, lasting, ended])}
        [newest, *_] = await work.store.history(CONTRACTS, past)
    assert rows == {past: "expired", lasting: "not_started", ended: "completed"}
    assert [(change.key, change.new) for change in newest.changes] == [("status", "expired")]


async def test_a_snoozed_notice_comes_back_new_when_its_time_has_come(plant: Plant) -> None:
    sara = await colleague(plant)
    await contract(plant, sara, 14)
    await reminded(plant)
    [(notice,)] = await plant.rows("SELECT id FROM notification WHERE kind = 'expiring'")
    await plant.change(f"UPDATE notification SET read_at = now(), snoozed_until = now() WHERE id = '{notice}'")
    async with plant.database.tenant(plant.tenant.number) as session:
        assert (await wake(session), await wake(session)) == (1, 0)
        await session.commit()
    assert len(await expiring(plant, sara)) == 2
    assert await plant.rows("SELECT count(*) FROM notification WHERE read_at IS NULL AND kind = 'expiring'") == [(1,)]


def test_tomorrow_is_nine_oclock_where_the_reader_lives() -> None:
    late = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
    assert awake("tomorrow", late, PERSIAN.zone) == datetime(2026, 11, 27, 5, 30, tzinfo=UTC)
    assert awake("5m", late, PERSIAN.zone) == late + timedelta(minutes=5)
    assert awake("never", late, PERSIAN.zone) is None
