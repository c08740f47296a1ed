"""Figures of a period beside those of a former one: the same question over both, each measure once for each."""

from datetime import date, timedelta

import msgspec

from crm_domain.definition import Registry
from crm_domain.meaning.voice import Voice
from crm_domain.query.read import NAME
from crm_domain.reports.check import TIMES, measured
from crm_domain.reports.question import Asked, Compare, Measure, Question
from crm_domain.text.jalali import add_months
from crm_domain.text.locale import Calendar
from crm_domain.text.periods import PERIODS, QUARTER, YEAR, Range, period

MONTHS = {"month": 1, "quarter": QUARTER, "year": YEAR}
DAY = timedelta(days=1)


def compared(question: Question, registry: Registry, voice: Voice) -> tuple[Question, Asked]:
    """The question over both periods, and what only the records of the present one fulfil; as it was and nothing, where it
    names no period of the base's own, or measures what is joined or a share of all."""
    found = _period(question, registry) if question.compare and question.kind != "list" else None
    if found is None or any(_elsewhere(question, measure, registry) for measure in question.measures):
        return question, ()
    name, value = found
    locale = voice.locale
    now = period(value, voice.now.astimezone(locale.zone).date(), locale)
    before = former(question.compare, value, now, locale.calendar)
    path = name.removesuffix("[period]")
    kept = tuple(pair for pair in question.asked if pair[0] != name)
    present = _between(path, now)
    return msgspec.structs.replace(
        question,
        asked=(*kept, *_between(path, (before[0], now[1]))),
        measures=(
            *(_only(measure, present) for measure in question.measures),
            *(_only(measure, _between(path, before), former=True) for measure in question.measures),
        ),
    ), present


def former(how: Compare, name: str, now: Range, calendar: Calendar) -> Range:
    """The first and the last day of the period before, as long as a calendar has it, or of the same one a year before."""
    first, last = now
    months = MONTHS.get(name.partition("_")[2], 0)
    if how == "year":
        begin = add_months(first, -YEAR, calendar)
        return begin, _last(begin, months, calendar) if months else add_months(last, -YEAR, calendar)
    if months:
        return add_months(first, -months, calendar), first - DAY
    return first - (last - first) - DAY, first - DAY


def _last(first: date, months: int, calendar: Calendar) -> date:
    return add_months(first, months, calendar) - DAY


def _period(question: Question, registry: Registry) -> tuple[str, str] | None:
    """The condition that names a period of a day of the base's own, which all records fulfil."""
    if ("match", "any") in question.asked:
        return None
    module = registry[question.base]
    for name, value in question.asked:
        matched = NAME.fullmatch(name)
        if matched and matched[2] == "period" and value in PERIODS and isinstance(module.by_key.get(matched[1]), TIMES):
            return name, value
    return None


def _elsewhere(question: Question, measure: Measure, registry: Registry) -> bool:
    """Whether a period of the base says nothing about a measure."""
    return measure.fn == "share" or bool(measured(registry, question.base, measure))


def _between(path: str, days: Range) -> Asked:
    return ((f"{path}[between]", f"{days[0]}..{days[1]}"),)


def _only(measure: Measure, days: Asked, *, former: bool = False) -> Measure:
    """Narrowed to a period."""
    return msgspec.structs.replace(measure, only=(*measure.only, *days), former=former)
