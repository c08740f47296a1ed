"""What stands against sending (scenario 29)."""

import pytest
from tests.mailing import Office

from crm_domain.problems import Refused


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("UPDATE campaigns SET status = 'planning'", "sending.campaign_inactive"),
        ("UPDATE email_marketing SET status = 'inactive'", "sending.record_inactive"),
        ("DELETE FROM campaign_target_lists", "sending.no_list"),
        ("UPDATE email_templates SET deleted_at = now()", "sending.no_template"),
        ("UPDATE email_templates SET subject = ' '", "sending.no_subject"),
        ("UPDATE email_templates SET body_html = '{{ contact.salary }}'", "merge_tags.unknown"),
        ("UPDATE email_marketing SET from_addr = 'nobody'", "sending.bad_sender"),
        ("UPDATE email_marketing SET starts_at = now() - interval '2 hours'", "sending.start_passed"),
    ],
)
async def test_scenario_29_what_stands_against_sending_is_said(office: Office, change: str, problem: str) -> None:
    await office.campaign()
    await office.many(await office.list_of("default"), 1, 2)
    await office.run(change)
    with pytest.raises(Refused) as raised:
        await office.schedule()
    assert raised.value.id == problem
    assert problem != "merge_tags.unknown" or "contact.salary" in raised.value.facts.values(), (
        "the unknown one is named"
    )
    assert await office.rows("SELECT count(*) FROM mkt_run") == [(0,)]
