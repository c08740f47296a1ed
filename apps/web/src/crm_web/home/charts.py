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
from crm_web.visit import Visit

BEFORE, AFTER = 4, 1
"""Months the chart shows before and after this one."""
CHART_WIDTH, CHART_HEIGHT, FOOT, HEAD, AXIS = 520, 232, 28, 22, 44
COLUMN = 38
STEPS = 4
ROUND_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
NOTHING = Decimal(0)


class Scale(msgspec.Struct, frozen=True):
    """One unit for all amounts of a box, said once: «میلیارد تومان»."""

    power: int
    unit: str


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
    now = await _sums(visit, module, _between(module, first, today))
    then = await _sums(visit, module, _between(module, start, before))
    quarter = await _sums(visit, module, _between(module, *period("this_quarter", today, visit.voice.locale)))
    every = await _sums(visit, module, StillOpen())
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
                    visit.text("home.open_count", number=_number(visit, every.open_count)),
                    f"/{module.key}?open=1&all=1",
                ),
                **_amount(visit, every.open),
            },
            {
                **_tile(
                    visit.text("home.win_rate"),
                    visit.text("home.ended_count", number=_number(visit, ended)),
                    _href(module, "this_quarter"),
                ),
                "figure": rate,
            },
            {
                **_tile(visit.text("home.mine_open"), visit.voice.module(module), f"/{module.key}?mine=1&open=1&all=1"),
                "figure": _number(visit, mine.number),
            },
        ]
    }


def _tile(title: str, help_: str, href: str) -> dict[str, str]:
    """A tile that leads to what it counts; its figure, unit and trend come on top."""
    return {"title": title, "help": help_, "href": href, "unit": "", "trend": "", "delta": ""}


async def stages(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    """The open lanes as bars, each as long as its sum, each a link to its records."""
    options = _options(module)
    lanes = [lane for lane in await _lanes(visit, module, EVERYTHING) if not options[lane.option].closed]
    longest = max((lane.total or NOTHING for lane in lanes), default=NOTHING)
    scale = _scale(visit, longest)
    return {
        "note": scale.unit,
        "bars": [
            {
                "label": visit.voice.option(options, lane.option),
                "hue": options[lane.option].hue,
                "glyph": stage_glyph(options[lane.option]) or "stage-0",
                "sum": _scaled(visit, lane.total or NOTHING, scale),
                "count": _number(visit, lane.count),
                "share": int(100 * (lane.total or NOTHING) / longest) if longest else 0,
                "href": f"/{module.key}?" + urlencode({f"filter[{module.layout.board}]": lane.option}),
            }
            for lane in lanes
        ],
    }


async def months(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    """Won, lost and still open by month of closing, in the reader's calendar; the chart and its twin of numbers."""
    today, locale = visit.voice.today(), visit.voice.locale
    spans = [months_of(today, 1, locale, shift) for shift in range(-BEFORE, AFTER + 1)]
    sums = [await _sums(visit, module, _between(module, *span)) for span in spans]
    labels = [_month_name(visit, first) for first, _ in spans]
    highest = max((one.won + one.lost + one.open for one in sums), default=NOTHING)
    scale, top = _scale(visit, highest), _top(visit, highest)
    return {
        "note": scale.unit,
        "columns": [
            {
                **_column(place, len(spans), one, top, rtl=locale.rtl),
                "label": label,
                "sum": _scaled(visit, one.won + one.lost + one.open, scale),
            }
            for place, (one, label) in enumerate(zip(sums, labels, strict=True))
        ],
        "lines": _lines(visit, top, scale, rtl=locale.rtl),
        "width": CHART_WIDTH,
        "height": CHART_HEIGHT,
        "rtl": locale.rtl,
        "rows": [
            (label, _money(visit, one.won), _money(visit, one.lost), _money(visit, one.open))
            for one, label in zip(sums, labels, strict=True)
        ],
    }


def _column(place: int, number: int, sums: Sums, top: Decimal, *, rtl: bool) -> dict[str, Any]:
    """One stacked column in the chart's own units; where reading goes to the left, time does too."""
    step = (CHART_WIDTH - AXIS) / number
    at = place * step + step / 2
    middle = CHART_WIDTH - AXIS - at if rtl else AXIS + at
    deep = CHART_HEIGHT - FOOT - HEAD
    ends = [deep * float(part / top) for part in (sums.won, sums.lost, sums.open)]
    floor = CHART_HEIGHT - FOOT
    found: list[tuple[str, float, float]] = []
    for css, high in zip(("f1", "f5", "fx"), ends, strict=True):
        floor -= high
        if high:
            found.append((css, round(floor, 1), round(high, 1)))
    return {
        "x": round(middle - COLUMN / 2, 1),
        "middle": round(middle, 1),
        "bars": found,
        "bar": COLUMN,
        "top": round(floor - 6, 1),
        "foot": CHART_HEIGHT - 8,
    }


def _lines(visit: Visit, top: Decimal, scale: Scale, *, rtl: bool) -> list[dict[str, Any]]:
    """The grid: a line and its amount for each quarter of the highest column."""
    deep = CHART_HEIGHT - FOOT - HEAD
    return [
        {
            "y": round(CHART_HEIGHT - FOOT - deep * step / STEPS, 1),
            "from": 0 if rtl else AXIS,
            "to": CHART_WIDTH - AXIS if rtl else CHART_WIDTH,
            "label": _scaled(visit, top * step / STEPS, scale),
            "at": CHART_WIDTH if rtl else AXIS - 6,
        }
        for step in range(STEPS + 1)
    ]


async def _lanes(visit: Visit, module: Module[Any], filter_: Filter) -> list[Lane]:
    query = ListQuery(filter=filter_, columns=("name",), limit=1)
    return await visit.work.store.lanes(module, query, module.layout.board, module.layout.board_sum)


async def _sums(visit: Visit, module: Module[Any], filter_: Filter) -> Sums:
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


def _money(visit: Visit, value: Decimal) -> str:
    voice = visit.voice
    return money.format_money(value, voice.base_currency, voice.locale, voice.catalogue, short=True)


def _amount(visit: Visit, value: Decimal) -> dict[str, str]:
    """An amount as figure and unit."""
    scale = _scale(visit, value)
    return {"figure": _scaled(visit, value, scale), "unit": scale.unit}


def _scale(visit: Visit, value: Decimal) -> Scale:
    """The unit in which an amount is a short number."""
    voice = visit.voice
    unit = money.money_unit(voice.base_currency, voice.locale, voice.catalogue)
    name, power = numbers.magnitude(money.in_reader_unit(value, voice.base_currency, voice.locale))
    return Scale(power, visit.text(f"home.scale.{name}", unit=unit) if name else unit)


def _scaled(visit: Visit, value: Decimal, scale: Scale) -> str:
    """The amount in that unit: two digits behind the point below ten, one below a hundred."""
    amount = money.in_reader_unit(value, visit.voice.base_currency, visit.voice.locale).scaleb(-scale.power)
    places = 0 if amount >= 100 else 1 if amount >= 10 else 2
    return numbers.format_number(numbers.trimmed(numbers.rounded(amount, places)), visit.voice.locale)


def _top(visit: Visit, highest: Decimal) -> Decimal:
    """Where the chart ends: the first amount above the highest column whose quarters are round numbers."""
    if not highest:
        return Decimal(STEPS)
    unit = money.in_reader_unit(Decimal(1), visit.voice.base_currency, visit.voice.locale)
    quarter = highest * unit / STEPS
    power = Decimal(1).scaleb(quarter.adjusted())
    return next(step * power for step in ROUND_STEPS if step * power >= quarter) * STEPS / unit


def _number(visit: Visit, number: int) -> str:
    return numbers.format_number(number, visit.voice.locale)
