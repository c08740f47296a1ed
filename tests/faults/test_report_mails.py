"""A worker dies while it mails a report."""

from msgspec import structs

from crm_storage.reports.schedules import People
from tests.faults.conftest import Station
from tests.sink import Sink
from tests.worker.conftest import Plant, until
from tests.worker.test_report_mails import due, hired, look, report, role, settled


async def test_40_23_a_killed_worker_leaves_its_mails_to_the_next_and_none_goes_twice(plant: Plant) -> None:
    """One recipient's server hangs the first time, and there the worker is killed; those before him have theirs."""
    sink = Sink()
    await sink.start()
    plant.settings = structs.replace(plant.settings, smtp_url=f"smtp://127.0.0.1:{sink.port}")
    sales = await role(plant)
    names = ("ann@x.example", "ben@x.example", "once.stall.content.joe@x.example")
    users = tuple([await hired(plant, sales, name) for name in names])
    await due(plant, await report(plant), People(users=users), await plant.admin(), send_empty=True, forms=("csv",))
    await look(plant)
    station = Station(plant)
    with station.worker():

        async def others_sent() -> bool:
            return await plant.rows("SELECT count(*) FROM report_delivery WHERE state = 'sent'") == [(2,)]

        await until(others_sent, "all but one are sent")
    await look(plant)
    with station.worker():
        await settled(plant)
    await sink.stop()
    assert {name: len(sink.accepted[name]) for name in names} == dict.fromkeys(names, 1)
