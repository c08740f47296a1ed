"""The chart of a report, drawn of the lines its table shows."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crm_domain.reports.answer import Answer, Line
from crm_domain.reports.question import Measure, Question
from crm_domain.text import money
from crm_ui.drawing import COLOURS, NOTHING, WIDE, columns, lines, scale_of, scaled, slices
from crm_ui.reader import Reader
from crm_ui.reports.facts import funnel
from crm_ui.reports.wording import is_money, key_text, measure_label, unit_of

MOST_BARS = 20
MOST_COLUMNS = 60
MOST_PARTS = len(COLOURS)


def picture(reader: Reader, answer: Answer) -> dict[str, Any] | None:
    """Its facts with the template's name as `draws`; None where there is nothing to draw."""
    question = answer.asked.question
    first = [line for line in answer.lines if line.level == (0,)]
    if not question.groups or not question.measures or not first:
        return None
    if question.kind == "funnel":
        return _funnel(reader, answer)
    if not question.chart:
        return None
    place = _measure(question)
    if not any(_amount(reader, question, place, line) for line in first):
        return None
    title = measure_label(reader, question, question.measures[place])
    match question.chart:
        case "bar":
            drawn = _bars(reader, question, place, first[:MOST_BARS])
        case "pie":
            drawn = _pie(reader, question, place, first)
        case "line":
            drawn = _lines(reader, answer, place, first[:MOST_COLUMNS])
        case "stacked" if len(question.groups) > 1:
            drawn = _stacked(reader, answer, place, first[:MOST_COLUMNS])
        case "column" | "stacked":
            drawn = _columns(reader, question, place, first[:MOST_COLUMNS])
        case _:
            return None
    return {"legend": [], **drawn, "title": title}


def _funnel(reader: Reader, answer: Answer) -> dict[str, Any]:
    """How much of the first step came to each."""
    bars = [(step["label"], step["of_first"], step["share"]) for step in funnel(reader, answer)]
    title = measure_label(reader, answer.asked.question, answer.asked.question.measures[0])
    return {"draws": "bars", "bars": bars, "title": title, "note": "", "legend": []}


def _measure(question: Question) -> int:
    """Which measure is drawn: what the groups are sorted by, else the first sum, else the first."""
    if question.sort:
        return int(question.sort.lstrip("-")[1:])
    return next((place for place, measure in enumerate(question.measures) if measure.fn == "sum"), 0)


def _amount(reader: Reader, question: Question, place: int, line: Line) -> Decimal:
    """The figure in the unit the reader sees."""
    value, measure = line.figures[place], question.measures[place]
    if value is None or not isinstance(value, int | Decimal):
        return NOTHING
    if is_money(reader, question, measure):
        return money.in_reader_unit(Decimal(value), reader.voice.base_currency, reader.voice.locale)
    return Decimal(value)


def _unit(reader: Reader, question: Question, place: int) -> str:
    measure: Measure = question.measures[place]
    return unit_of(reader, question, measure)


def _label(reader: Reader, question: Question, place: int, line: Line) -> str:
    return key_text(reader, question, question.groups[place], line.keys[place])


def _bars(reader: Reader, question: Question, place: int, found: Sequence[Line]) -> dict[str, Any]:
    amounts = [_amount(reader, question, place, line) for line in found]
    longest = max(amounts)
    scale = scale_of(reader, longest, _unit(reader, question, place))
    return {
        "draws": "bars",
        "note": scale.unit,
        "bars": [
            (_label(reader, question, 0, line), scaled(reader, amount, scale), _share(amount, longest))
            for line, amount in zip(found, amounts, strict=True)
        ],
    }


def _share(amount: Decimal, longest: Decimal) -> float:
    return round(100 * max(0.0, float(amount / longest)), 1) if longest else 0


def _columns(reader: Reader, question: Question, place: int, found: Sequence[Line]) -> dict[str, Any]:
    labels = [_label(reader, question, 0, line) for line in found]
    stacks = [[("f1", _amount(reader, question, place, line))] for line in found]
    return {"draws": "columns", **columns(reader, labels, stacks, _unit(reader, question, place), width=WIDE)}


def _lines(reader: Reader, answer: Answer, place: int, found: Sequence[Line]) -> dict[str, Any]:
    question = answer.asked.question
    labels = [_label(reader, question, 0, line) for line in found]
    unit = _unit(reader, question, place)
    if len(question.groups) == 1:
        series = [[_amount(reader, question, place, line) for line in found]]
        return {"draws": "columns", **lines(reader, labels, series, unit)}
    names, parts = _parted(reader, answer, place, found)
    series = [[column[number] for column in parts] for number in range(len(names))]
    legend = list(zip(COLOURS, names, strict=False))
    return {"draws": "columns", "legend": legend, **lines(reader, labels, series, unit)}


def _stacked(reader: Reader, answer: Answer, place: int, found: Sequence[Line]) -> dict[str, Any]:
    question = answer.asked.question
    labels = [_label(reader, question, 0, line) for line in found]
    names, parts = _parted(reader, answer, place, found)
    stacks = [list(zip(COLOURS, column, strict=False)) for column in parts]
    legend = list(zip(COLOURS, names, strict=False))
    drawn = columns(reader, labels, stacks, _unit(reader, question, place), width=WIDE)
    return {"draws": "columns", "legend": legend, **drawn}


def _parted(reader: Reader, answer: Answer, place: int, found: Sequence[Line]) -> tuple[list[str], list[list[Decimal]]]:
    """The names of the second grouping's largest groups, the rest as one, and how much of each is in every line."""
    question = answer.asked.question
    inner = [line for line in answer.lines if line.level == (0, 1)]
    sums: dict[Any, Decimal] = {}
    names: dict[Any, str] = {}
    amounts: dict[tuple[Any, Any], Decimal] = {}
    for line in inner:
        amount = _amount(reader, question, place, line)
        sums[line.keys[1]] = sums.get(line.keys[1], NOTHING) + amount
        names[line.keys[1]] = _label(reader, question, 1, line)
        amounts[line.keys[0], line.keys[1]] = amount
    kept = list(sums)
    if len(kept) > MOST_PARTS:
        largest = sorted(kept, key=lambda key: sums[key], reverse=True)[: MOST_PARTS - 1]
        kept = [key for key in kept if key in largest]
    rest = [key for key in sums if key not in kept]
    columns_ = [
        [amounts.get((line.keys[0], key), NOTHING) for key in kept]
        + ([sum((amounts.get((line.keys[0], key), NOTHING) for key in rest), NOTHING)] if rest else [])
        for line in found
    ]
    return [*(names[key] for key in kept), *([reader.text("reports.others")] if rest else [])], columns_


def _pie(reader: Reader, question: Question, place: int, found: Sequence[Line]) -> dict[str, Any]:
    ranked = sorted(found, key=lambda line: _amount(reader, question, place, line), reverse=True)
    shown = ranked if len(ranked) <= MOST_PARTS else ranked[: MOST_PARTS - 1]
    amounts = [_amount(reader, question, place, line) for line in shown]
    names = [_label(reader, question, 0, line) for line in shown]
    if len(shown) < len(ranked):
        amounts.append(sum((_amount(reader, question, place, line) for line in ranked[len(shown) :]), NOTHING))
        names.append(reader.text("reports.others"))
    scale = scale_of(reader, max(amounts), _unit(reader, question, place))
    legend = [
        (colour, reader.text("reports.slice", name=name, figure=scaled(reader, amount, scale)))
        for colour, name, amount in zip(COLOURS, names, amounts, strict=False)
    ]
    drawn = slices(list(zip(COLOURS, amounts, strict=False)))
    return {"draws": "pie", "note": scale.unit, "slices": drawn, "legend": legend}
