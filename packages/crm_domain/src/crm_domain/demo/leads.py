"""Leads of the demo company that have become nothing yet."""

from collections.abc import Iterator
from datetime import timedelta

from crm_domain.demo.chance import Chance, Weights
from crm_domain.demo.companies import SOURCES, owned, person_facts
from crm_domain.demo.setting import Setting
from crm_domain.demo.world import Batch, Owner, Row, World

LEADS = 440
"""Leads at scale 1."""
STATUSES = Weights({"new": 36, "assigned": 28, "in_process": 28, "recycled": 4, "dead": 4})
OLD_STATUSES = Weights({"new": 6, "assigned": 18, "in_process": 30, "recycled": 22, "dead": 24})
OLD = timedelta(days=120)
POST = "mail.example"


def open_leads(world: World) -> Iterator[Batch]:
    """People and companies that asked, at fairs, by phone, on the web."""
    chances = ((index, world.chance("lead", index)) for index in range(LEADS * world.scale))
    yield from world.batches(
        "leads", (_lead(world.setting, chance, index, chance.pick(world.owners)) for index, chance in chances)
    )


def _lead(setting: Setting, chance: Chance, index: int, owner: Owner) -> Row:
    born = setting.at_work(chance, chance.lately(setting.now))
    town, industry = setting.town(chance), chance.pick(setting.industries)
    employed = chance.maybe(0.75)
    wants = chance.maybe(0.45)
    old = setting.now - born > OLD
    return {
        **owned(chance, born, owner),
        **person_facts(setting, chance, town, POST, str(index)),
        "status": chance.weighted(OLD_STATUSES if old else STATUSES),
        "lead_source": chance.pick(SOURCES),
        "account_name": setting.company(chance, industry)[0] if employed else None,
        "industry": industry if employed else None,
        "phone_work": setting.landline(chance, town) if chance.maybe(0.5) else None,
        "primary_address": setting.address(chance, town) if chance.maybe(0.5) else None,
        "opportunity_name": chance.pick(setting.words.DEALS) if wants else None,
        "opportunity_amount": setting.amount(chance) if wants else None,
        "description": chance.pick(setting.words.NOTES) if chance.maybe(0.4) else None,
        "converted": False,
    }
