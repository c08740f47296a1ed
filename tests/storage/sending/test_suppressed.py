"""Who was kept out stands in the campaign's log and counters, once for each marketing record."""

from tests.mailing import Office

LOG = "SELECT reason, count(*) FROM campaign_log WHERE activity = 'blocked' AND class = 'default' GROUP BY reason"
SUM = "SELECT coalesce(sum(rows), 0)::int FROM campaign_stat WHERE activity = 'blocked' AND class = 'default' AND marketing_id = %(m)s"


async def blocked(office: Office) -> tuple[dict[str, int], int]:
    """The log by reason, and what the counters say."""
    [(number,)] = await office.rows(SUM, m=office.marketing_id)
    return dict(await office.rows(LOG)), number


async def test_suppression_at_the_filling_is_logged_once_however_often_the_queue_is_filled(office: Office) -> None:
    await office.campaign()
    people = await office.people("targets", *(f"p{n}@shop.example" for n in range(5)))
    await office.list_of("default", [("targets", people)])
    await office.list_of("default", [("targets", people[:3])])
    await office.list_of("exempt", [("targets", people[:2])])
    await office.list_of("seed", [("users", await office.people("users", "seed@shop.example"))])
    await office.run("INSERT INTO suppression (kind, value) VALUES ('address', 'p2@shop.example')")
    await office.run("UPDATE email_address SET opted_out = true WHERE address = 'p3@shop.example'")
    run, _ = await office.filled()
    assert await blocked(office) == ({"by_id": 2, "tenant": 1}, 3)
    await office.lane()
    [(state,)] = await office.rows("SELECT state FROM mkt_run WHERE id = %(run)s", run=run)
    assert state == "finished"
    await office.filled()
    assert await blocked(office) == ({"by_id": 2, "tenant": 1}, 3)


async def test_suppression_at_the_last_moment_is_logged_and_a_trial_logs_nothing(office: Office) -> None:
    await office.campaign()
    people = await office.people("targets", "a@x.example", "b@y.example")
    await office.list_of("default", [("targets", people)])
    await office.list_of("test", [("targets", people)])
    await office.list_of("exempt", [("targets", people[:1])])
    await office.send("test")
    assert await blocked(office) == ({}, 0)
    await office.filled()
    await office.run("INSERT INTO suppression (kind, value) VALUES ('domain', 'y.example')")
    await office.lane()
    assert await blocked(office) == ({"by_id": 1, "tenant": 1}, 2)
