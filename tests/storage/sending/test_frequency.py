"""Nobody is mailed more often than the company allows (the audience's set F; asked again at the lease, REL-15)."""

from tests.mailing import ADMIN, Office
from tests.sink import Sink
from tests.storage.sending.queue import addressed_to

from crm_domain.sending.cap import Cap
from crm_storage.sending.caps import keep_cap, read_cap

HAD = """
INSERT INTO email_queue (run_id, marketing_id, campaign_id, dedupe_key, address_id, module, record_id, state, ended_at, is_test)
SELECT r.id, uuidv7(), r.campaign_id, a.address_key, a.id, 'targets', uuidv7(), 'sent', now() - make_interval(days => %(ago)s), %(test)s
FROM email_address a, generate_series(1, %(number)s), (SELECT id, campaign_id FROM mkt_run ORDER BY id LIMIT 1) r
WHERE a.address_key = %(address)s
"""


async def limit(office: Office, cap: Cap | None) -> None:
    async with office.database.tenant(office.number) as session:
        await keep_cap(session, cap, by=ADMIN, request="r")
        await session.commit()


async def had(office: Office, address: str, number: int, *, ago: int = 1, test: bool = False) -> None:
    """So many mails that went to an address, so many days ago."""
    await office.run(HAD, address=address, number=number, ago=ago, test=test)


async def company(office: Office) -> None:
    """Four people with a past, at most two mails in seven days, and a mailing to all of them."""
    await limit(office, None)
    await addressed_to(office, "often@x.example", "rarely@x.example", "longago@x.example", "tried@x.example")
    await office.lane()
    await office.run("UPDATE email_queue SET ended_at = now() - interval '60 days'")
    await had(office, "often@x.example", 2)
    await had(office, "rarely@x.example", 1)
    await had(office, "longago@x.example", 5, ago=8)
    await had(office, "tried@x.example", 1)
    await had(office, "tried@x.example", 1, test=True)
    await limit(office, Cap(2, 7))
    await office.marketing()


async def test_3_2_who_had_as_many_as_allowed_is_left_out_with_the_reason(office: Office) -> None:
    await company(office)
    seen = await office.preview()
    run, report = await office.filled()
    assert report.skipped == seen.skipped == {"frequency": 1}
    assert (report.audience, report.memberships) == (3, 4)
    told = "SELECT a.address_key FROM email_skip s JOIN email_address a ON a.id = s.address_id WHERE run_id = %(run)s"
    assert await office.rows(told, run=run) == [("often@x.example",)]


async def test_a_mailing_may_go_regardless_of_the_limit(office: Office) -> None:
    await company(office)
    await office.run("UPDATE email_marketing SET ignore_cap = true")
    assert (await office.filled())[1].skipped == {}


async def test_without_a_limit_nobody_is_left_out(office: Office) -> None:
    await company(office)
    await limit(office, None)
    assert (await office.filled())[1].skipped == {}


async def test_rel_15_a_mail_that_goes_out_meanwhile_counts(office: Office, sink: Sink) -> None:
    await company(office)
    run, _ = await office.filled()
    before = sink.total
    await had(office, "rarely@x.example", 1)
    await office.lane()
    row = await row_of_run(office, run, "rarely@x.example")
    assert row == ("skipped", "frequency") and sink.total == before + 2


async def test_the_limit_is_kept_and_noted(office: Office) -> None:
    await limit(office, Cap(3, 14))
    async with office.database.tenant(office.number) as session:
        assert await read_cap(session) == Cap(3, 14)
    assert await office.rows(
        "SELECT actor_id, changes -> 'after' ->> 'most' FROM audit_event WHERE action = 'frequency_cap' ORDER BY id DESC LIMIT 1"
    ) == [(ADMIN, "3")]


async def row_of_run(office: Office, run: object, address: str) -> tuple[str, str]:
    statement = "SELECT state, reason FROM email_queue WHERE run_id = %(run)s AND dedupe_key = %(address)s"
    (row,) = await office.rows(statement, run=run, address=address)
    return row
