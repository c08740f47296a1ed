"""Mailings that wait for a person: their people hear of it after a day, once."""

from uuid import UUID

import pytest
from tests.mailing import ADMIN, Office
from tests.storage.sending.queue import addressed_to

from crm_storage.sending.waiting import tell_waiting

HEARD = "SELECT user_id, kind, href, facts ->> 'number' FROM notification ORDER BY kind, user_id"
LOST = """
WITH lost AS (
  UPDATE email_queue SET state = 'uncertain', begun_at = now() - make_interval(hours => %(hours)s) WHERE dedupe_key = ANY (%(who)s)
)
UPDATE mkt_run SET uncertain = uncertain + cardinality(%(who)s::text[])
"""


async def told(office: Office) -> int:
    async with office.station.session() as session:
        number = await tell_waiting(session)
        await session.commit()
        return number


@pytest.fixture
async def keeper(office: Office) -> UUID:
    """Who answers for the campaign that goes to three people."""
    [id_] = await office.people("users", "keeper@company.example")
    await addressed_to(office, "a@x.example", "b@x.example", "c@x.example")
    await office.run("UPDATE campaigns SET assigned_to = %(id)s", id=id_)
    return id_


async def test_scenario_18_who_is_responsible_hears_of_mails_of_unknown_fate_after_a_day(
    office: Office, keeper: UUID
) -> None:
    await office.run(LOST, hours=23, who=["a@x.example"])
    assert await told(office) == 0
    await office.run(LOST, hours=25, who=["a@x.example", "b@x.example"])
    assert (await told(office), await told(office)) == (1, 0)
    href = f"/campaigns/{office.campaign_id}/queue?marketing={office.marketing_id}&status=uncertain"
    assert await office.rows(HEARD) == [(who, "mails_undecided", href, "2") for who in sorted((ADMIN, keeper))]
    await office.run("UPDATE mkt_run SET told_at = now() - interval '30 minutes'")
    assert await told(office) == 0, "nothing came since they were told"
    await office.run(LOST, hours=24, who=["c@x.example"])
    assert await told(office) == 1


async def test_a_mailing_that_stopped_is_told_once_and_anew_when_it_stops_again(office: Office, keeper: UUID) -> None:
    stop = "UPDATE mkt_run SET state = 'halted', state_at = now() - make_interval(hours => %(hours)s)"
    await office.run(stop, hours=23)
    assert await told(office) == 0
    await office.run(stop, hours=30)
    assert (await told(office), await told(office)) == (1, 0)
    href = f"/email_marketing/{office.marketing_id}/send"
    assert await office.rows(HEARD) == [(who, "mailing_waits", href, None) for who in sorted((ADMIN, keeper))]
    await office.run("UPDATE mkt_run SET told_at = now() - interval '31 hours'")
    assert await told(office) == 1
