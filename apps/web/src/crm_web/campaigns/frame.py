"""What the pages of one campaign share: its head and tabs, its marketing records, figures in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module
from crm_domain.modules.campaigns import Campaign
from crm_domain.modules.email_marketing import EmailMarketing
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.text import money, numbers
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit

MOST_MAILINGS = 200
DASH = "—"
EXACT_BELOW = 1000
"""Larger amounts are told without fractions."""


class Mailing(msgspec.Struct, frozen=True):
    """A marketing record as the filter offers it."""

    id: UUID
    name: str
    state: str


class Frame(msgspec.Struct, frozen=True):
    """One campaign, its marketing records, and the one the page is narrowed to."""

    module: Module[Any]
    row: Row
    campaign: Campaign
    mailings: Sequence[Mailing]
    chosen: Mailing | None

    @property
    def marketing(self) -> UUID | None:
        return self.chosen.id if self.chosen else None


async def frame(visit: Visit, id_: UUID, marketing: str) -> Frame:
    """The campaign within reach. Raises NotFound. A newsletter opens with its newest issue (`marketing` empty)."""
    module = visit.work.module(Campaign)
    row = await one(visit, module, id_)
    campaign = Campaign(id_, row.values)
    query = ListQuery(
        filter=Condition("campaign", "eq", id_),
        columns=("name", "run_state"),
        sort=(Sort("starts_at", descending=True),),
        limit=MOST_MAILINGS,
    )
    page = await visit.work.store.page(visit.work.module(EmailMarketing), query)
    mailings = [Mailing(found.id, str(found["name"]), str(found["run_state"] or "draft")) for found in page.rows]
    chosen = next((mailing for mailing in mailings if str(mailing.id) == marketing), None)
    if not marketing and campaign.campaign_type == "newsletter" and mailings:
        chosen = mailings[0]
    return Frame(module, row, campaign, mailings, chosen)


async def facts(visit: Visit, found: Frame, tab: str) -> dict[str, Any]:
    """What the head of the page and its filter need."""
    return {
        **await heading(visit, found.module, found.row),
        "tab": tab,
        "mailings": [(str(mailing.id), mailing.name, mailing == found.chosen) for mailing in found.mailings],
        "chosen": str(found.chosen.id) if found.chosen else "all",
    }


def number(visit: Visit, value: int) -> str:
    return numbers.format_number(value, visit.voice.locale)


def percent(visit: Visit, value: Fraction | Decimal | None) -> str:
    """A share, or a number of hundredths, with one decimal; a dash where there is none."""
    if value is None:
        return DASH
    hundredths = Decimal(value.numerator) * 100 / Decimal(value.denominator) if isinstance(value, Fraction) else value
    return numbers.format_percent(numbers.trimmed(numbers.rounded(hundredths, 1)), visit.voice.locale)


def amount(visit: Visit, value: Decimal | None, *, short: bool = False) -> str:
    """An amount in the base currency; a dash where there is none."""
    if value is None:
        return DASH
    value = numbers.rounded(value, 0) if abs(value) >= EXACT_BELOW else value
    return money.format_money(value, visit.voice.base_currency, visit.voice.locale, visit.voice.catalogue, short=short)


def shares(values: Mapping[str, int], whole: int) -> list[tuple[str, float, float]]:
    """Stacked parts of a bar: key, where it begins and how long it is, in hundredths of `whole`."""
    found: list[tuple[str, float, float]] = []
    start = 0.0
    for key, value in values.items():
        width = 100 * value / whole if whole else 0.0
        found.append((key, round(start, 2), round(width, 2)))
        start += width
    return found
