"""The demo company as a stream of rows, account by account, so that any number of them fits in memory."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import msgspec

from crm_domain.demo.chance import Chance, Weights
from crm_domain.demo.companies import SOURCES, Company, Owner, Row, company, owned, person_facts
from crm_domain.demo.setting import Setting

ACCOUNTS = 320
"""Accounts at scale 1; with their contacts, deals and leads about 2,000 records."""
LEADS = 440
"""Leads at scale 1 that have become nothing yet."""
TOGETHER = 500
"""Accounts, or leads, in one batch."""
STATUSES = Weights({"new": 36, "assigned": 28, "in_process": 28, "recycled": 4, "dead": 4})
OLD_STATUSES = Weights({"new": 6, "assigned": 18, "in_process": 30, "recycled": 22, "dead": 24})
OLD = timedelta(days=120)
POST = "mail.example"


class Batch(msgspec.Struct, frozen=True):
    """Rows of one table: a module's with values by field key, or a relation's with both ids and its own fields."""

    table: str
    rows: list[Row]


def batches(setting: Setting, seed: int, scale: int, owners: list[Owner]) -> Iterator[Batch]:
    """All records besides the staff; the same for the same seed, scale, language and day."""
    yield from _companies(setting, seed, scale, owners)
    yield from _leads(setting, seed, scale, owners)


def _companies(setting: Setting, seed: int, scale: int, owners: list[Owner]) -> Iterator[Batch]:
    before: UUID | None = None
    made: list[Company] = []
    for index in range(ACCOUNTS * scale):
        chance = Chance(seed, setting.language, "company", index)
        found = company(setting, chance, index, chance.pick(owners), before)
        before = found.account["id"]
        made.append(found)
        if len(made) == TOGETHER:
            yield from _rows(made)
            made = []
    yield from _rows(made)


def _rows(made: list[Company]) -> Iterator[Batch]:
    parts: dict[str, list[Row]] = {
        "accounts": [one.account for one in made],
        "contacts": [row for one in made for row in one.contacts],
        "account_contacts": [row for one in made for row in one.employments],
        "opportunities": [row for one in made for row in one.deals],
        "opportunity_contacts": [row for one in made for row in one.involvements],
        "leads": [row for one in made for row in one.leads],
    }
    yield from (Batch(table, rows) for table, rows in parts.items() if rows)


def _leads(setting: Setting, seed: int, scale: int, owners: list[Owner]) -> Iterator[Batch]:
    made: list[Row] = []
    for index in range(LEADS * scale):
        chance = Chance(seed, setting.language, "lead", index)
        made.append(_lead(setting, chance, index, chance.pick(owners)))
        if len(made) == TOGETHER:
            yield Batch("leads", made)
            made = []
    if made:
        yield Batch("leads", made)


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
