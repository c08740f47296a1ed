"""Reminders: to everybody who comes, once, again when the event moves, not when it is over or refused."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from crm_domain.definition import Ref
from crm_domain.modules import REGISTRY
from crm_domain.records import save
from crm_storage.reminders import remind
from tests.worker.conftest import Plant
from tests.worker.test_bulk import working
from tests.worker.test_notices import ADDRESS, colleague, told

MEETINGS = REGISTRY["meetings"]
MAILS = "SELECT payload FROM outbox WHERE subject = 'mail.send' AND payload->>'template' = 'reminder'"


async def meeting(plant: Plant, minutes: int, **values: Any) -> UUID:
    """A meeting that begins in so many minutes, with a reminder a quarter of an hour before."""
    start = datetime.now(UTC) + timedelta(minutes=minutes)
    given = {"name": "Review", "starts_at": start, "reminders": ("900",), **values}
    async with working(plant) as work:
        return await save.create(work, MEETINGS, given)


async def reminded(plant: Plant) -> int:
    async with plant.database.tenant(plant.tenant.number) as session:
        number = await remind(session, REGISTRY)
        await session.commit()
        return number


async def test_everybody_who_comes_is_reminded_once(plant: Plant) -> None:
    sara = await colleague(plant)
    await meeting(plant, 10, assigned_to=Ref("users", sara))
    assert await reminded(plant) == 2
    assert await reminded(plant) == 0
    kinds = [(kind, facts["before"]) for kind, facts in await told(plant, sara) if kind == "reminder"]
    assert kinds == [("reminder", {"id": "reminder_time.900"})]


async def test_nothing_is_due_before_its_time_after_the_start_or_without_a_reminder(plant: Plant) -> None:
    await meeting(plant, 20)
    await meeting(plant, -1)
    await meeting(plant, 10, reminders=())
    assert await reminded(plant) == 0


async def test_what_is_held_or_refused_reminds_nobody(plant: Plant) -> None:
    await meeting(plant, 10, status="held")
    refused, admin = await meeting(plant, 10), await plant.admin()
    async with working(plant) as work:
        await work.store.link(work.relation("meetings", "guest_users"), refused, [admin], {"acceptance": "decline"})
    assert await reminded(plant) == 0


async def test_a_moved_event_reminds_again(plant: Plant) -> None:
    id_ = await meeting(plant, 10)
    assert await reminded(plant) == 1
    async with working(plant) as work:
        await save.update(work, MEETINGS, id_, {"starts_at": datetime.now(UTC) + timedelta(minutes=12)})
    assert await reminded(plant) == 1


async def test_of_several_times_that_have_passed_only_the_nearest_is_told(plant: Plant) -> None:
    await meeting(plant, 4, reminders=("300", "900", "3600"))
    assert await reminded(plant) == 1
    [(_, facts)] = [item for item in await told(plant, await plant.admin()) if item[0] == "reminder"]
    assert facts["before"] == {"id": "reminder_time.300"}


async def test_a_reminder_by_mail_names_time_and_place_to_look(plant: Plant) -> None:
    sara = await colleague(plant)
    id_ = await meeting(plant, 30, assigned_to=Ref("users", sara), reminders=(), mail_reminders=("3600",))
    await reminded(plant)
    async with plant.database.tenant(plant.tenant.number) as session:
        mails = {payload["to"]: payload for (payload,) in await session.rows(MAILS)}
    assert mails[ADDRESS]["facts"]["what"] == "Review"
    assert mails[ADDRESS]["facts"]["path"] == f"/meetings/{id_}"


async def test_a_task_reminds_the_one_responsible(plant: Plant) -> None:
    due = datetime.now(UTC) + timedelta(minutes=5)
    async with working(plant) as work:
        await save.create(work, REGISTRY["tasks"], {"name": "Call", "due_at": due, "reminders": ("600",)})
    assert await reminded(plant) == 1


async def test_a_task_due_on_a_day_reminds_before_nine_in_its_morning_and_names_the_day(plant: Plant) -> None:
    morning_soon = datetime.now(UTC) + timedelta(hours=15, minutes=10)
    last = time.max
    async with working(plant) as work:
        for minutes in (0, 30):
            due = (morning_soon + timedelta(minutes=minutes)).replace(second=last.second, microsecond=last.microsecond)
            await save.create(work, REGISTRY["tasks"], {"name": "Call", "due_at": due, "reminders": ("900",)})
    assert await reminded(plant) == 1
    [(_, facts)] = [item for item in await told(plant, await plant.admin()) if item[0] == "reminder"]
    assert isinstance(facts["before"], str)
    assert ":" not in facts["before"]
