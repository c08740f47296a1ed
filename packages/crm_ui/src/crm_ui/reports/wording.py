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
from crm_ui.reader import Reader

DAYS_SCALE = 1


def source_label(reader: Reader, base: str, path: str) -> str:
    """A source by the links and relations that lead to it: «شرکت › فرصت‌ها»; the base by its own name."""
    registry, voice = reader.work.registry, reader.voice
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
        text = reader.text("record.path", first=text, rest=one)
    return text


def path_label(reader: Reader, base: str, path: str) -> str:
    """A field with the source it stands in; the path itself where there is none any more."""
    try:
        place = place_of(reader.work.registry, base, path)
    except BadValue:
        return path
    own = reader.voice.label(place.module, place.field)
    if place.part:
        own = reader.text("record.path", first=own, rest=reader.text(f"record.address.{place.part}"))
    if not place.source:
        return own
    return reader.text("record.path", first=source_label(reader, base, place.source), rest=own)


def group_label(reader: Reader, question: Question, group: Grouping) -> str:
    """A grouping's title: «تاریخ بسته شدن (ماه)»."""
    if group.since:
        return _span_label(reader, question.base, group.path, group.since)
    label = path_label(reader, question.base, group.path)
    if not group.bucket:
        return label
    return reader.text("reports.bucketed", label=label, bucket=reader.text(f"reports.bucket.{group.bucket}"))


def measure_label(reader: Reader, question: Question, measure: Measure) -> str:
    """A measure's title; one of a former period says which."""
    label = _own_label(reader, question, measure)
    return reader.text(f"reports.former.{question.compare}", of=label) if measure.former else label


def _own_label(reader: Reader, question: Question, measure: Measure) -> str:
    own = f"reports.figure.{measure.label}"
    if measure.label:
        return reader.text(own) if reader.voice.catalogue.has(own) else measure.label
    if measure.fn in ("count", "share"):
        of = source_label(reader, question.base, measure.path)
        return reader.text("reports.fn.count" if measure.fn == "count" else "reports.fn.share", of=of)
    return reader.text(f"reports.fn.{measure.fn}", of=_measured_label(reader, question.base, measure))


def _measured_label(reader: Reader, base: str, measure: Measure) -> str:
    if measure.since:
        return _span_label(reader, base, measure.path, measure.since)
    return path_label(reader, base, measure.path)


def unit_of(reader: Reader, question: Question, measure: Measure) -> str:
    """What a measure is counted in: money's unit, days; empty for plain numbers."""
    if measure.since:
        return reader.text("reports.days")
    if is_money(reader, question, measure):
        return money.money_unit(reader.voice.base_currency, reader.voice.locale, reader.voice.catalogue)
    return ""


def is_money(reader: Reader, question: Question, measure: Measure) -> bool:
    """Whether a measure is an amount in the base currency."""
    if measure.fn in ("count", "share") or measure.since:
        return False
    return isinstance(place_of(reader.work.registry, question.base, measure.path).field, kinds.Money)


def key_text(reader: Reader, question: Question, group: Grouping, key: Any) -> str:
    """A group's value in words."""
    if group.bands:
        return _band(reader, group.bands, key)
    if key is None:
        return reader.text("reports.none")
    if isinstance(key, Ref):
        return key.name or reader.text("record.hidden_name")
    if group.bucket and isinstance(key, date):
        return bucket_text(reader, group.bucket, key)
    field = place_of(reader.work.registry, question.base, group.path).field
    if isinstance(field, kinds.AnyLink):
        return reader.text(f"{key}.many") if key in reader.work.registry else key
    return show(field, key, reader.voice) if not isinstance(field, kinds.Address) else key


def bucket_text(reader: Reader, bucket: Bucket, day: date) -> str:
    """A period by its first day: «مهر ۱۴۰۳», «پاییز ۱۴۰۳», «۱۴۰۳»."""
    locale = reader.voice.locale
    year, month, _ = parts(day, locale.calendar)
    shown = locale.in_digits(str(year))
    match bucket:
        case "month":
            name = reader.text(f"calendar.{locale.calendar}.month.{month}")
            return reader.text("reports.month_of_year", month=name, year=shown)
        case "quarter":
            return reader.text("reports.quarter_of_year", number=(month + 2) // 3, year=shown)
        case "year":
            return shown
        case _:
            return formats.format_date(day, locale, reader.voice.catalogue)


def figure_text(reader: Reader, question: Question, measure: Measure, value: Any) -> str:
    """A measure's value, money in the reader's unit without naming it."""
    voice = reader.voice
    if value is None:
        return "—"
    if measure.fn == "share":
        return numbers.format_percent(numbers.trimmed(numbers.rounded(Decimal(value), 1)), voice.locale)
    if measure.since:
        return numbers.format_number(numbers.trimmed(numbers.rounded(Decimal(value), DAYS_SCALE)), voice.locale)
    if measure.fn == "count":
        return numbers.format_number(int(value), voice.locale)
    field = place_of(reader.work.registry, question.base, measure.path).field
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


def _span_label(reader: Reader, base: str, path: str, since: str) -> str:
    begin = path_label(reader, base, since)
    if path == NOW:
        return reader.text("reports.days_since", since=begin)
    return reader.text("reports.days_between", since=begin, until=path_label(reader, base, path))


def _band(reader: Reader, bands: tuple[int, ...], key: Any) -> str:
    """«کمتر از ۷», «۷ تا ۳۰», «۳۰ و بیشتر»."""
    if key is None:
        return reader.text("reports.none")
    if key == 0:
        return reader.text("reports.band_below", bound=bands[0])
    if key >= len(bands):
        return reader.text("reports.band_from", bound=bands[-1])
    return reader.text("reports.band", low=bands[key - 1], high=bands[key])
