"""The builder's form: what it offers for a question, and the question that a filled form spells."""

from collections.abc import Sequence
from typing import Any, cast

import msgspec
from litestar.datastructures import FormMultiDict

from crm_domain.definition import kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.parse import parse
from crm_domain.problems import BadValue
from crm_domain.query.read import NAME, read_path
from crm_domain.records.work import Work
from crm_domain.reports.check import NO_COLUMN, groups_by, is_number, is_time
from crm_domain.reports.paths import module_at, place_of, reachable
from crm_domain.reports.question import (
    BUCKETS,
    CHARTS,
    COMPARES,
    FNS,
    HOWS,
    KINDS,
    MOST_GROUPS,
    MOST_SOURCES,
    NOW,
    Asked,
    Grouping,
    Measure,
    Question,
    Source,
)
from crm_domain.text.digits import plain_number
from crm_ui.reports.wording import path_label, source_label
from crm_web.lists.listing import is_question
from crm_web.visit import Visit

SPAN = "|"
"""Between the ends of a span of days in one choice: `now|created_at`."""
Offer = tuple[str, str]
MEASURES_OFFERED = 4


def sources_offered(visit: Visit, question: Question) -> list[Offer]:
    """What may be joined next: whatever hangs on the base and on what is joined already."""
    registry, base = visit.work.registry, question.base
    taken = {source.path for source in question.sources}
    found: list[Offer] = []
    for parent in ("", *taken):
        module = module_at(registry, base, parent)
        links = [field.key for field in module.fields if isinstance(field, kinds.Link | kinds.UserLink)]
        for key in (*links, *registry.relations(module.key)):
            path = f"{parent}.{key}" if parent else key
            try:
                seen = reachable(registry, visit.access, base, path)
            except BadValue:
                continue
            if seen:
                found.append((path, source_label(visit, base, path)))
    return sorted(dict(found).items(), key=lambda offer: (offer[0].count("."), offer[1]))


def fields_offered(visit: Visit, question: Question) -> list[tuple[str, Any]]:
    """The paths of all fields within reach: the base's and those of joined records, with their fields."""
    registry, base = visit.work.registry, question.base
    found: list[tuple[str, Any]] = []
    for source in ("", *(source.path for source in question.sources)):
        module = module_at(registry, base, source)
        hidden = visit.access.hidden(module.key)
        for field in module.fields:
            if field.key in hidden or field.key in ("deleted_at", "deleted_by", "version"):
                continue
            found.append((f"{source}.{field.key}" if source else field.key, field))
    return found


def offers(visit: Visit, question: Question) -> dict[str, list[Offer]]:
    """The choices of columns, groupings and measures, each with what it is called."""
    base = question.base
    fields = fields_offered(visit, question)
    labelled = [(path, path_label(visit, base, path), field) for path, field in fields]
    ages = [
        (f"{NOW}{SPAN}{path}", visit.text("reports.days_since", since=label))
        for path, label, field in labelled
        if is_time(field)
    ]
    columns = [(path, label) for path, label, field in labelled if not isinstance(field, NO_COLUMN)]
    groups = [(path, label) for path, label, field in labelled if groups_by(field)]
    numbers = [(path, label) for path, label, field in labelled if is_number(field)]
    counted = [("", source_label(visit, base, ""))]
    counted += [(source.path, source_label(visit, base, source.path)) for source in question.sources]
    kept = [_pair(visit, base, one.path, one.since) for one in (*question.groups, *question.measures) if one.since]
    return {
        "columns": columns,
        "groups": list(dict([*groups, *ages, *kept]).items()),
        "counted": counted,
        "measures": list(dict([*numbers, *ages, *kept]).items()),
    }


def _pair(visit: Visit, base: str, path: str, since: str) -> Offer:
    begin = path_label(visit, base, since)
    if path == NOW:
        return f"{path}{SPAN}{since}", visit.text("reports.days_since", since=begin)
    until = path_label(visit, base, path)
    return f"{path}{SPAN}{since}", visit.text("reports.days_between", since=begin, until=until)


def chosen_path(one: Grouping | Measure) -> str:
    """A path as the form's choice spells it."""
    return f"{one.path}{SPAN}{one.since}" if one.since else one.path


def read_form(visit: Visit, posted: FormMultiDict, before: Question) -> Question:
    """The question that the form spells; what it cannot say of joined records is kept from `before`. Raises BadValue."""
    base = posted.get("base", before.base)
    if base != before.base:
        module = visit.module(base)
        return Question(base=base, columns=module.layout.columns, sort=module.layout.sort)
    kind = _one_of(KINDS, posted.get("kind", ""), before.kind)
    asked = _asked(visit, base, posted)
    names = {name for name, _ in asked}
    return Question(
        base=base,
        kind=kind,
        sources=_sources(posted, before),
        asked=asked,
        asks=tuple(name for name in posted.getall("asks", []) if name in names),
        columns=tuple(dict.fromkeys(posted.getall("column", []))) or before.columns,
        groups=_groups(posted) if kind not in ("list", "number") else (),
        measures=_measures(posted, before) or (() if kind == "list" else (Measure(),)),
        sort=posted.get("sort", "") if kind != "list" else posted.get("order", ""),
        top=plain_number(posted.get("top", ""), 4) or 0,
        chart=_one_of(CHARTS, posted.get("chart", ""), ""),
        compare=_one_of(COMPARES, posted.get("compare", ""), ""),
    )


def _one_of(known: Sequence[Any], given: str, usual: Any) -> Any:
    return given if given in known else usual


def _sources(posted: FormMultiDict, before: Question) -> tuple[Source, ...]:
    """The joined records; those that nothing leads to any more go with what they hung on."""
    asked = {source.path: source.asked for source in before.sources}
    hows = posted.getall("how", [])
    found: dict[str, Source] = {}
    for number, path in enumerate(posted.getall("source", [])[: MOST_SOURCES + 1]):
        how = hows[number] if number < len(hows) else ""
        only = asked.get(path, ())
        state = posted.get(f"open_{path}", "") if posted.get(f"known_{path}") else None
        if state is not None:
            only = tuple(pair for pair in only if pair[0] != "open") + ((("open", "1"),) if state else ())
        if path:
            found[path] = Source(path, _one_of(HOWS, how, "either"), only)
    return tuple(found.values())


def _asked(visit: Visit, base: str, posted: FormMultiDict) -> Asked:
    """The conditions, amounts with their unit, so that they mean the same to whoever runs the report."""
    module = visit.module(base)
    pairs = [(name, value.strip()) for name, value in posted.multi_items() if is_question(name) and value.strip()]
    return tuple((name, _with_unit(visit, module, name, value)) for name, value in dict.fromkeys(pairs))


def _with_unit(visit: Visit, module: Any, name: str, text: str) -> str:
    matched = NAME.fullmatch(name)
    if matched is None or matched[2] in ("empty",):
        return text
    try:
        field, _ = read_path(visit.work.registry, module, matched[1])
        if not isinstance(field, kinds.Money):
            return text
        amounts = [cast("Any", parse(field, part, visit.voice)) for part in text.split("..")]
        unit = {"IRR": "rial"}.get(amounts[0].currency, amounts[0].currency)
        return "..".join(f"{amount.value:f} {unit}" for amount in amounts)
    except (BadValue, AttributeError):
        return text


def _groups(posted: FormMultiDict) -> tuple[Grouping, ...]:
    buckets, bands = posted.getall("bucket", []), posted.getall("bands", [])
    found: list[Grouping] = []
    for number, chosen in enumerate(posted.getall("group", [])[:MOST_GROUPS]):
        if not chosen:
            continue
        path, _, since = chosen.partition(SPAN)
        bucket = _one_of(BUCKETS, buckets[number] if number < len(buckets) else "", "")
        found.append(Grouping(path, bucket, since, _bounds(bands[number] if number < len(bands) else "")))
    return tuple(found)


def _bounds(text: str) -> tuple[int, ...]:
    parts = [part for part in text.replace("،", ",").replace(",", " ").split() if part]
    try:
        return tuple(sorted({int(part) for part in parts}))
    except ValueError:
        raise BadValue("reports.problem.bands", most=12) from None


def fitted(question: Question, work: Work) -> Question:
    """The same with what follows from its fields: months for days that say nothing else, bands for numbers, none for others."""
    found: list[Grouping] = []
    for group in question.groups:
        if group.since:
            found.append(msgspec.structs.replace(group, bucket="", bands=group.bands or (7, 30, 90)))
            continue
        field = place_of(work.registry, question.base, group.path).field
        bucket = (group.bucket or "month") if is_time(field) else ""
        bands = (group.bands or _usual_bands(field, work.base_currency)) if is_number(field) else ()
        found.append(msgspec.structs.replace(group, bucket=bucket, bands=bands))
    return msgspec.structs.replace(question, groups=tuple(found))


def _usual_bands(field: Kind, currency: str) -> tuple[int, ...]:
    """Bounds to begin with: a deal is worth thousands of dollars, and thousands of millions of rials."""
    one = (1_000_000 if currency == "IRR" else 100) if isinstance(field, kinds.Money) else 1
    return (10 * one, 100 * one, 1_000 * one)


def _measures(posted: FormMultiDict, before: Question) -> tuple[Measure, ...]:
    """The rows that name a figure; a condition and title that the form does not show go along by the row's place."""
    fns, kept = posted.getall("fn", []), posted.getall("kept", [])
    found: list[Measure] = []
    for number, chosen in enumerate(posted.getall("measure", [])):
        fn = fns[number] if number < len(fns) else ""
        if fn not in FNS or chosen == "-":
            continue
        path, _, since = chosen.partition(SPAN)
        place = plain_number(kept[number]) if number < len(kept) else None
        former = before.measures[place] if place is not None and place < len(before.measures) else None
        if former is not None and former.fn == fn and (former.path, former.since) == (path, since):
            found.append(former)
        elif fn in ("count", "share") or path:
            found.append(Measure(fn, path, since))
    return tuple(found)
