"""Target lists that keep themselves: asked by the clock and right before a mailing, never without the right to."""

from collections.abc import AsyncIterator

import pytest
from msgspec import structs

from crm_storage.marketing.list_rules import ListRule, keep_rule, rules_of
from crm_worker.list_rules import refresh_due
from crm_worker.workshop import Workshop
from tests.mailing import Office
from tests.sink import Sink
from tests.worker.conftest import Plant, until

NAMED = "UPDATE leads SET last_name = %(name)s WHERE id = %(id)s"


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    made = Sink()
    await made.start()
    yield made
    await made.stop()


async def test_13_a_mailing_goes_to_whom_its_lists_question_finds_now(plant: Plant, sink: Sink) -> None:
    settings = structs.replace(plant.settings, outbound_allowed=("127.0.0.1",))
    post = Plant(plant.database, plant.tenant, settings, plant.bus)
    office = Office(plant.database, settings.database_url, plant.tenant.number, sink.port)
    await office.campaign(account=await office.account())
    old, new, gone = await office.people("leads", "old@x.example", "new@x.example", "gone@x.example", name="Ann")
    for id_, name in ((old, "Autumn"), (new, "Other"), (gone, "Autumn")):
        await plant.change(NAMED, id=id_, name=name)
    list_ = await office.list_of("default", [("leads", [old, gone])])
    rule = ListRule(list_, "leads", "Autumn", (("filter[last_name][eq]", "Autumn"),), await plant.admin())
    async with plant.database.tenant(plant.tenant.number) as session:
        await keep_rule(session, rule)
        await session.commit()
    await plant.change("UPDATE target_list_rule SET refreshed_at = now()")
    await plant.change(NAMED, id=new, name="Autumn")
    await plant.change(NAMED, id=gone, name="Other")
    async with post.worker():
        await office.schedule()

        async def finished() -> bool:
            return (await office.rows("SELECT state FROM mkt_run"))[0][0] == "finished"

        await until(finished, "the mailing is finished")
    assert sorted(sink.accepted) == ["new@x.example", "old@x.example"]
    assert await plant.rows("SELECT count(*) FROM target_list_member WHERE left_id = %(id)s", id=list_) == [(2,)]

    await plant.change("UPDATE users SET status = 'inactive'")
    await plant.change("UPDATE target_list_rule SET refreshed_at = NULL")
    await plant.change(NAMED, id=old, name="Other")
    shop = Workshop(settings, {})
    await shop.database.open()
    await shop.directory.start()
    try:
        await refresh_due(shop)
    finally:
        await shop.directory.stop()
        await shop.database.close()
    async with plant.database.tenant(plant.tenant.number) as session:
        [kept] = await rules_of(session, list_)
    assert (kept.problem, kept.refreshed_at is not None) == ("list_rules.owner_gone", True)
    assert await plant.rows("SELECT count(*) FROM target_list_member WHERE left_id = %(id)s", id=list_) == [(2,)]
