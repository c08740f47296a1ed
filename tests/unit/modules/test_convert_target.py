"""Targets that answer become leads, once, with all that belongs to them."""

from typing import Any

import pytest

from crm_domain.definition import EmailEntry
from crm_domain.modules.convert_target import convert_target
from crm_domain.modules.leads import Lead
from crm_domain.modules.target_lists import TargetList
from crm_domain.modules.targets import Target
from crm_domain.problems import Refused

SARA = EmailEntry("sara@alder.example", primary=True)


async def test_values_addresses_and_lists_go_along(company: Any) -> None:
    async with company.work() as work:
        target = await work.create(
            Target,
            Target.first_name.to("Sara"),
            Target.last_name.to("Miller"),
            Target.account_name.to("Alder"),
            Target.emails.to((SARA,)),
        )
        spring = await work.create(TargetList, TargetList.name.to("Spring"))
        await work.store.link(work.relation("target_lists", "targets"), spring, [target], {})
        lead = await work.get(Lead, await convert_target(work, target))
        assert (lead.name, lead.account_name, lead.status) == ("Sara Miller", "Alder", "new")
        assert [entry.address for entry in lead.emails or ()] == [SARA.address]
        assert (await work.get(TargetList, spring)).entry_count == 2
        kept = await work.get(Target, target)
        assert kept.converted
        assert kept.lead and kept.lead.id == lead.id


async def test_nobody_is_converted_twice(company: Any) -> None:
    async with company.work() as work:
        target = await work.create(Target, Target.last_name.to("Miller"))
        await convert_target(work, target)
        with pytest.raises(Refused):
            await convert_target(work, target)
