"""A pipeline told by one of its choices (where deals came from), and what of it is mine; drawn as bars by the home page."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from crm_domain.definition import Module, kinds
from crm_domain.definition.options import Options
from crm_domain.query.filter import Condition, Filter, Mine, both
from crm_domain.query.page import ListQuery, Sort
from crm_domain.text import numbers
from crm_domain.text.periods import period
from crm_web.home.charts import NOTHING, Sums, count_words, in_scale, money_scale, short_money, sums_of
from crm_web.lists.tables import columns_for, lines_for
from crm_web.visit import Visit

LATEST = 5


def told_by(module: Module[Any]) -> list[str]:
    """The choices by which a pipeline is told apart besides its own board."""
    return [
        field.key
        for field in module.fields
        if isinstance(field, kinds.Choice) and field.indexed and field.key != module.layout.board
    ]


async def by_choice(visit: Visit, module: Module[Any], key: str) -> dict[str, Any]:
    """All records by one choice as bars, each as long as its sum, each a link to its records."""
    options = _options(module, key)
    found = await visit.work.store.lanes(module, ListQuery(columns=("name",), limit=1), key, module.layout.board_sum)
    rows = [
        (
            visit.voice.option(options, lane.option),
            options[lane.option].hue,
            lane.count,
            lane.total or NOTHING,
            lane.option,
        )
        for lane in found
        if lane.count
    ]
    without = Condition(key, "empty", True)
    count = await visit.work.store.count(module, without)
    if count.number:
        total = await visit.work.store.total(module, without, module.layout.board_sum) or NOTHING
        rows.append((visit.text("home.without_choice"), "gray", count.number, total, ""))
    rows.sort(key=lambda row: row[3], reverse=True)
    longest = max((row[3] for row in rows), default=NOTHING)
    scale = money_scale(visit, longest)
    return {
        "note": scale.unit,
        "bars": [
            {
                "label": label,
                "hue": hue,
                "glyph": "",
                "sum": in_scale(visit, total, scale),
                "count": count_words(visit, number),
                "share": int(100 * total / longest) if longest else 0,
                "href": _href(module, key, option),
            }
            for label, hue, number, total, option in rows
        ],
    }


async def outcomes(visit: Visit, module: Module[Any], key: str) -> dict[str, Any]:
    """What became of them by one choice: won, lost and still open as parts of one bar, and the same as numbers."""
    options = _options(module, key)
    asked: list[tuple[str, str, Filter]] = [
        (visit.voice.option(options, item.key), item.key, Condition(key, "in", (item.key,)))
        for item in options.items
        if item.active
    ]
    asked.append((visit.text("home.without_choice"), "", Condition(key, "empty", True)))
    found = [(label, option, await sums_of(visit, module, filter_)) for label, option, filter_ in asked]
    rows = [
        (label, option, sums) for label, option, sums in found if sums.won_count + sums.lost_count + sums.open_count
    ]
    rows.sort(key=lambda row: _whole(row[2]), reverse=True)
    longest = max((_whole(sums) for _, _, sums in rows), default=NOTHING)
    scale = money_scale(visit, longest)
    return {
        "note": scale.unit,
        "bars": [
            {
                "label": label,
                "sum": in_scale(visit, _whole(sums), scale),
                "parts": _parts(sums, longest),
                "href": _href(module, key, option),
            }
            for label, option, sums in rows
        ],
        "rows": [
            (label, *(short_money(visit, part) for part in (sums.won, sums.lost, sums.open))) for label, _, sums in rows
        ],
    }


async def closed_of_mine(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    """Mine that ended this quarter: how many were won and lost, how much, and the latest of them."""
    span = period("this_quarter", visit.voice.today(), visit.voice.locale)
    mine = both(Mine(), Condition(module.due_field, "between", span))
    sums = await sums_of(visit, module, mine)
    ended = sums.won_count + sums.lost_count
    axis = _options(module, module.layout.board)
    over = both(mine, Condition(module.layout.board, "in", tuple(axis.closed_keys())))
    columns = columns_for(visit, module, ("name", module.layout.board, module.layout.board_sum))
    wanted = dict.fromkeys(("name", module.due_field, module.open_field, *(column.path for column in columns)))
    query = ListQuery(filter=over, columns=tuple(wanted), sort=(Sort(module.due_field, descending=True),), limit=LATEST)
    page = await visit.work.store.page(module, query)
    rate = numbers.format_percent(round(100 * sums.won_count / ended), visit.voice.locale) if ended else "—"
    asked = [("mine", "1"), (f"filter[{module.due_field}][period]", "this_quarter")]
    asked += [(f"filter[{module.layout.board}]", option) for option in axis.closed_keys()]
    return {
        "href": f"/{module.key}?{urlencode(asked)}",
        "figures": [
            (_counted(visit, "home.outcome_won", sums.won_count), short_money(visit, sums.won)),
            (_counted(visit, "home.outcome_lost", sums.lost_count), short_money(visit, sums.lost)),
            (visit.text("home.win_rate"), rate),
        ],
        "columns": columns,
        "lines": lines_for(visit, module, columns, page.rows),
    }


def _counted(visit: Visit, id_: str, number: int) -> str:
    return f"{visit.text(id_)} ({count_words(visit, number)})"


def _options(module: Module[Any], key: str) -> Options:
    field = module.field(key)
    assert isinstance(field, kinds.Choice | kinds.DependentChoice)
    return field.options


def _whole(sums: Sums) -> Decimal:
    return sums.won + sums.lost + sums.open


def _parts(sums: Sums, longest: Decimal) -> list[tuple[str, float, float]]:
    """Look, beginning and length of each part, in percent of the longest bar."""
    found: list[tuple[str, float, float]] = []
    at = 0.0
    for css, part in (("f1", sums.won), ("f5", sums.lost), ("fx", sums.open)):
        length = round(float(100 * part / longest), 1) if longest else 0.0
        if length:
            found.append((css, round(at, 1), length))
        at += length
    return found


def _href(module: Module[Any], key: str, option: str) -> str:
    name = f"filter[{key}]" if option else f"filter[{key}][empty]"
    return f"/{module.key}?" + urlencode({name: option or "1", "all": "1"})
