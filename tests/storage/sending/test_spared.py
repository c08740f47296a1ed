"""Who says no after the queue was filled (scenario 28, REL-15)."""

import pytest
from tests.mailing import Office
from tests.sink import Sink
from tests.storage.sending.queue import LEAVE, addressed_to, row_of


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE email_address SET opted_out = true", "opt_out"),
        ("UPDATE email_address SET invalid = true", "invalid"),
        ("INSERT INTO suppression (kind, value) VALUES ('address', 'late@x.example')", "tenant"),
        ("INSERT INTO suppression (kind, value) VALUES ('domain', 'x.example')", "tenant"),
        (LEAVE, "newsletter_optout"),
    ],
)  # fmt: skip
async def test_scenario_28_rel_15_who_says_no_after_the_queue_was_filled_gets_nothing(
    office: Office, sink: Sink, change: str, reason: str
) -> None:
    run = await addressed_to(office, "late@x.example", kind="newsletter")
    await office.run(change)
    await office.lane()
    row = await row_of(office, "late@x.example")
    assert (row["state"], row["reason"], sink.total) == ("skipped", reason, 0)
    assert (await office.counters(run))["skipped"] == 1
    assert await office.rows("SELECT reason FROM email_skip") == [(reason,)]


async def test_rel_15_lists_that_spare_by_address_and_domain_are_asked_again(office: Office, sink: Sink) -> None:
    run = await addressed_to(office, "a@x.example", "b@mail.y.example", "c@z.example", "d@z.example")
    sparing = await office.list_of("exempt_address")
    await office.run("INSERT INTO target_list_address (list_id, address_key) VALUES (%(l)s, 'a@x.example')", l=sparing)
    await office.run(
        "INSERT INTO target_list_domain VALUES (%(l)s, 'y.example', true)", l=await office.list_of("exempt_domain")
    )
    await office.add(
        sparing,
        "targets",
        [(await office.rows("SELECT record_id FROM email_queue WHERE dedupe_key = 'c@z.example'"))[0][0]],
    )
    await office.lane()
    assert list(sink.accepted) == ["d@z.example"] and await office.states(run) == {"skipped": 3, "sent": 1}
