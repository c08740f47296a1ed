"""Figures and charts of a pipeline, computed as plain text and lengths; templates only draw them.

Everything is counted by the board's own lanes, so that a chart and the list behind it cannot disagree.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import msgspec

from crm_domain.definition import Module, kinds
from crm_domain.definition.options import Options
from crm_domain.query.filter import EVERYTHING, Condition, Filter, Mine, StillOpen, both
from crm_domain.query.page import Lane, ListQuery
from crm_domain.text import money, numbers
from crm_domain.text.jalali import add_months, parts
from crm_domain.text.periods import months_of, period
from crm_ui.cells import stage_glyph
from crm_ui.drawing import NOTHING, Scale, columns, scale_of, scaled
from crm_web.visit import Visit

BEFORE, AFTER = 4, 1
"""Months the chart shows before and after this one."""


class Sums(msgspec.Struct, frozen=True):
    """What a set of lanes adds up to: how many records and how much, by how they ended."""

    won: Decimal = NOTHING
    lost: Decimal = NOTHING
    open: Decimal = NOTHING
    won_count: int = 0
    lost_count: int = 0
    open_count: int = 0


async def figures(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    """Four tiles: won this month beside the same days of the last, what is open, how many are won, what is mine."""
    today = visit.voice.today()
    first, _ = period("this_month", today, visit.voice.locale)
    before = add_months(today, -1, visit.voice.locale.calendar)
    start, _ = months_of(before, 1, visit.voice.locale)
    now = await sums_of(visit, module, _between(module, first, today))
    then = await sums_of(visit, module, _between(module, start, before))
    quarter = await sums_of(visit, module, _between(module, *period("this_quarter", today, visit.voice.locale)))
    every = await sums_of(visit, module, StillOpen())
    mine = await visit.work.store.count(module, both(Mine(), StillOpen()))
    ended = quarter.won_count + quarter.lost_count
    rate = numbers.format_percent(round(100 * quarter.won_count / ended), visit.voice.locale) if ended else "—"
    return {
        "tiles": [
            {
                **_tile(
                    visit.text("home.won_month"), visit.text("home.same_days"), _href(module, "this_month", won=True)
                ),
                **_amount(visit, now.won),
                **_delta(visit, now.won, then.won),
            },
            {
                **_tile(
                    visit.text("home.open_sum"),
                    visit.text("home.open_count", number=count_words(visit, every.open_count)),
                    f"/{module.key}?open=1&all=1",
                ),
                **_amount(visit, every.open),
            },
            {
                **_tile(
                    visit.text("home.win_rate"),
                    visit.text("home.ended_count", number=count_words(visit, ended)),
                    _href(module, "this_quarter"),
                ),
                "figure": rate,
            },
            {
                **_tile(visit.text("home.mine_open"), visit.voice.module(module), f"/{module.key}?mine=1&open=1&all=1"),
                "figure": count_words(visit, mine.number),
            },
        ]
    }


def _tile(title: str, help_: str, href: str) -> dict[str, str]:
    """A tile that leads to what it counts; its figure, unit and trend come on top."""
    return {"title": title, "help": help_, "href": href, "unit": "", "trend": "", "delta": ""}


async def stages(visit: Visit, module: Module[Any], *, mine: bool = False) -> dict[str, Any]:
    """The open lanes as bars, each as long as its sum, each a link to its records; of all, or of mine."""
    options, whose = _options(module), Mine() if mine else EVERYTHING
    lanes = [lane for lane in await _lanes(visit, module, whose) if not options[lane.option].closed]
    longest = max((lane.total or NOTHING for lane in lanes), default=NOTHING)
    scale = scale_of(visit, _shown(visit, longest), _unit(visit))
    return {
        "note": scale.unit,
        "bars": [
            {
                "label": visit.voice.option(options, lane.option),
                "hue": options[lane.option].hue,
                "glyph": stage_glyph(options[lane.option]) or "stage-0",
                "sum": scaled(visit, _shown(visit, lane.total or NOTHING), scale),
                "count": count_words(visit, lane.count),
                "share": int(100 * (lane.total or NOTHING) / longest) if longest else 0,
                "href": f"/{module.key}?"
                + urlencode({f"filter[{module.layout.board}]": lane.option, **({"mine": "1"} if mine else {})}),
            }
            for lane in lanes
        ],
    }


async def months(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    """Won, lost and still open by month of closing, in the reader's calendar; the chart and its twin of numbers."""
    today, locale = visit.voice.today(), visit.voice.locale
    spans = [months_of(today, 1, locale, shift) for shift in range(-BEFORE, AFTER + 1)]
    sums = [await sums_of(visit, module, _between(module, *span)) for span in spans]
    labels = [_month_name(visit, first) for first, _ in spans]
    stacks = [
        [("f1", _shown(visit, one.won)), ("f5", _shown(visit, one.lost)), ("fx", _shown(visit, one.open))]
        for one in sums
    ]
    return {
        **columns(visit, labels, stacks, _unit(visit)),
        "rows": [
            (label, short_money(visit, one.won), short_money(visit, one.lost), short_money(visit, one.open))
            for one, label in zip(sums, labels, strict=True)
        ],
    }


async def _lanes(visit: Visit, module: Module[Any], filter_: Filter) -> list[Lane]:
    query = ListQuery(filter=filter_, columns=("name",), limit=1)
    return await visit.work.store.lanes(module, query, module.layout.board, module.layout.board_sum)


async def sums_of(visit: Visit, module: Module[Any], filter_: Filter) -> Sums:
    """What those records add up to, by how they ended."""
    options = _options(module)
    counts, totals = {"won": 0, "lost": 0, "open": 0}, {"won": NOTHING, "lost": NOTHING, "open": NOTHING}
    for lane in await _lanes(visit, module, filter_):
        kind = options[lane.option].kind
        end = kind if kind in ("won", "lost") else "open" if not options[lane.option].closed else ""
        if end:
            counts[end] += lane.count
            totals[end] += lane.total or NOTHING
    return Sums(**totals, won_count=counts["won"], lost_count=counts["lost"], open_count=counts["open"])


def _options(module: Module[Any]) -> Options:
    axis = module.field(module.layout.board)
    assert isinstance(axis, kinds.Choice | kinds.DependentChoice)
    return axis.options


def _between(module: Module[Any], first: date, last: date) -> Filter:
    return Condition(module.due_field, "between", (first, last))


def _href(module: Module[Any], name: str, *, won: bool = False) -> str:
    """The list of what a figure counted."""
    asked = [(f"filter[{module.due_field}][period]", name)]
    if won:
        asked += [(f"filter[{module.layout.board}]", item.key) for item in _options(module).items if item.kind == "won"]
    return f"/{module.key}?{urlencode(asked)}"


def _delta(visit: Visit, now: Decimal, then: Decimal) -> dict[str, str]:
    """How much more or less than before; nothing where there was nothing to compare with."""
    if not then:
        return {"trend": "", "delta": ""}
    change = round(100 * (now - then) / then)
    return {
        "trend": "up" if change >= 0 else "down",
        "delta": numbers.format_percent(abs(change), visit.voice.locale),
    }


def _month_name(visit: Visit, first: date) -> str:
    calendar = visit.voice.locale.calendar
    return visit.text(f"calendar.{calendar}.month.{parts(first, calendar)[1]}")


def short_money(visit: Visit, value: Decimal) -> str:
    """An amount in the base currency, in few letters."""
    voice = visit.voice
    return money.format_money(value, voice.base_currency, voice.locale, voice.catalogue, short=True)


def _amount(visit: Visit, value: Decimal) -> dict[str, str]:
    """An amount as figure and unit."""
    shown = _shown(visit, value)
    scale = scale_of(visit, shown, _unit(visit))
    return {"figure": scaled(visit, shown, scale), "unit": scale.unit}


def money_scale(visit: Visit, value: Decimal) -> Scale:
    """The unit in which an amount of the base currency is a short number."""
    return scale_of(visit, _shown(visit, value), _unit(visit))


def in_scale(visit: Visit, value: Decimal, scale: Scale) -> str:
    """The amount in that unit."""
    return scaled(visit, _shown(visit, value), scale)


def _shown(visit: Visit, value: Decimal) -> Decimal:
    """An amount of the base currency in the unit the reader sees."""
    return money.in_reader_unit(value, visit.voice.base_currency, visit.voice.locale)


def _unit(visit: Visit) -> str:
    return money.money_unit(visit.voice.base_currency, visit.voice.locale, visit.voice.catalogue)


def count_words(visit: Visit, number: int) -> str:
    """A number in the reader's digits."""
    return numbers.format_number(number, visit.voice.locale)
