"""What a report's parts are called, and what its values say."""

from datetime import date
from decimal import Decimal
from typing import Any

from crm_domain.definition import Ref, kinds
from crm_domain.meaning.show import show
from crm_domain.problems import BadValue
from crm_domain.reports.check import is_time
from crm_domain.reports.paths import place_of, steps_to
from crm_domain.reports.question import NOW, Bucket, Grouping, Measure, Question
from crm_domain.text import format as formats
from crm_domain.text import money, numbers
from crm_domain.text.jalali import parts
from crm_web.visit import Visit

DAYS_SCALE = 1


def source_label(visit: Visit, base: str, path: str) -> str:
    """A source by the links and relations that lead to it: «شرکت › فرصت‌ها»; the base by its own name."""
    registry, voice = visit.work.registry, visit.voice
    said = [
        voice.relation(step.relation)
        if step.relation
        else voice.label(registry[step.owner], registry[step.owner].field(step.link))
        for step in steps_to(registry, base, path)
    ]
    if not said:
        return voice.module(registry[base])
    text = said[0]
    for one in said[1:]:
        text = visit.text("record.path", first=text, rest=one)
    return text


def path_label(visit: Visit, base: str, path: str) -> str:
    """A field with the source it stands in; the path itself where there is none any more."""
    try:
        place = place_of(visit.work.registry, base, path)
    except BadValue:
        return path
    own = visit.voice.label(place.module, place.field)
    if place.part:
        own = visit.text("record.path", first=own, rest=visit.text(f"record.address.{place.part}"))
    if not place.source:
        return own
    return visit.text("record.path", first=source_label(visit, base, place.source), rest=own)


def group_label(visit: Visit, question: Question, group: Grouping) -> str:
    """A grouping's title: «تاریخ بسته شدن (ماه)»."""
    if group.since:
        return _span_label(visit, question.base, group.path, group.since)
    label = path_label(visit, question.base, group.path)
    if not group.bucket:
        return label
    return visit.text("reports.bucketed", label=label, bucket=visit.text(f"reports.bucket.{group.bucket}"))


def measure_label(visit: Visit, question: Question, measure: Measure) -> str:
    """A measure's title, with its unit where that is money."""
    own = f"reports.figure.{measure.label}"
    if measure.label:
        return visit.text(own) if visit.voice.catalogue.has(own) else measure.label
    if measure.fn in ("count", "share"):
        of = source_label(visit, question.base, measure.path)
        return visit.text("reports.fn.count" if measure.fn == "count" else "reports.fn.share", of=of)
    return visit.text(f"reports.fn.{measure.fn}", of=_measured_label(visit, question.base, measure))


def _measured_label(visit: Visit, base: str, measure: Measure) -> str:
    if measure.since:
        return _span_label(visit, base, measure.path, measure.since)
    return path_label(visit, base, measure.path)


def unit_of(visit: Visit, question: Question, measure: Measure) -> str:
    """What a measure is counted in: money's unit, days; empty for plain numbers."""
    if measure.since:
        return visit.text("reports.days")
    if is_money(visit, question, measure):
        return money.money_unit(visit.voice.base_currency, visit.voice.locale, visit.voice.catalogue)
    return ""


def is_money(visit: Visit, question: Question, measure: Measure) -> bool:
    """Whether a measure is an amount in the base currency."""
    if measure.fn in ("count", "share") or measure.since:
        return False
    return isinstance(place_of(visit.work.registry, question.base, measure.path).field, kinds.Money)


def key_text(visit: Visit, question: Question, group: Grouping, key: Any) -> str:
    """A group's value in words."""
    if group.bands:
        return _band(visit, group.bands, key)
    if key is None:
        return visit.text("reports.none")
    if isinstance(key, Ref):
        return key.name or visit.text("record.hidden_name")
    if group.bucket and isinstance(key, date):
        return bucket_text(visit, group.bucket, key)
    field = place_of(visit.work.registry, question.base, group.path).field
    if isinstance(field, kinds.AnyLink):
        return visit.text(f"{key}.many") if key in visit.work.registry else key
    return show(field, key, visit.voice) if not isinstance(field, kinds.Address) else key


def bucket_text(visit: Visit, bucket: Bucket, day: date) -> str:
    """A period by its first day: «مهر ۱۴۰۳», «پاییز ۱۴۰۳», «۱۴۰۳»."""
    locale = visit.voice.locale
    year, month, _ = parts(day, locale.calendar)
    shown = locale.in_digits(str(year))
    match bucket:
        case "month":
            name = visit.text(f"calendar.{locale.calendar}.month.{month}")
            return visit.text("reports.month_of_year", month=name, year=shown)
        case "quarter":
            return visit.text("reports.quarter_of_year", number=(month + 2) // 3, year=shown)
        case "year":
            return shown
        case _:
            return formats.format_date(day, locale, visit.voice.catalogue)


def figure_text(visit: Visit, question: Question, measure: Measure, value: Any) -> str:
    """A measure's value, money in the reader's unit without naming it."""
    voice = visit.voice
    if value is None:
        return "—"
    if measure.fn == "share":
        return numbers.format_percent(numbers.trimmed(numbers.rounded(Decimal(value), 1)), voice.locale)
    if measure.since:
        return numbers.format_number(numbers.trimmed(numbers.rounded(Decimal(value), DAYS_SCALE)), voice.locale)
    if measure.fn == "count":
        return numbers.format_number(int(value), voice.locale)
    field = place_of(visit.work.registry, question.base, measure.path).field
    if is_time(field):
        return show(field, value, voice)
    exact = Decimal(value)
    if isinstance(field, kinds.Money):
        exact = money.in_reader_unit(exact, voice.base_currency, voice.locale)
        exact = numbers.rounded(exact, 0) if abs(exact) >= 100 else numbers.rounded(exact, 2)
    elif isinstance(field, kinds.Duration):
        return formats.format_duration(int(exact), voice.locale, voice.catalogue)
    elif isinstance(field, kinds.Percent) and measure.fn != "sum":
        return numbers.format_percent(numbers.trimmed(numbers.rounded(exact, 1)), voice.locale)
    return numbers.format_number(numbers.trimmed(numbers.rounded(exact, 2)), voice.locale)


def _span_label(visit: Visit, base: str, path: str, since: str) -> str:
    begin = path_label(visit, base, since)
    if path == NOW:
        return visit.text("reports.days_since", since=begin)
    return visit.text("reports.days_between", since=begin, until=path_label(visit, base, path))


def _band(visit: Visit, bands: tuple[int, ...], key: Any) -> str:
    """«کمتر از ۷», «۷ تا ۳۰», «۳۰ و بیشتر»."""
    if key is None:
        return visit.text("reports.none")
    if key == 0:
        return visit.text("reports.band_below", bound=bands[0])
    if key >= len(bands):
        return visit.text("reports.band_from", bound=bands[-1])
    return visit.text("reports.band", low=bands[key - 1], high=bands[key])
