"""The list of what a figure counts, as far as a list's address can say it."""

from datetime import date
from typing import Any

from crm_domain.definition import Ref, Registry, kinds
from crm_domain.reports.answer import Line
from crm_domain.reports.paths import Place, place_of, steps_to
from crm_domain.reports.periods import last_day
from crm_domain.reports.question import Asked, Grouping, Measure, Question
from crm_domain.text.locale import Locale


def list_of(
    question: Question, line: Line, registry: Registry, locale: Locale, measure: Measure | None = None
) -> Asked | None:
    """What the base module's list asks to show a line's records, narrowed by a measure of them; None where no list can say it."""
    if any(source.how != "either" for source in question.sources):
        return None
    if measure is not None and (measure.path and measure.fn in ("count", "share")):
        return None
    found = list(measure.only if measure else ())
    for place in line.level:
        said = _said(question, question.groups[place], line.keys[place], registry, locale)
        if said is None:
            return None
        found += said
    names = [name for name, _ in found]
    kept = _beside(question, measure)
    asked = {name for name, _ in kept}
    if found and "match" in asked | set(names):
        return None
    if asked & set(names) or len(set(names)) < len(names):
        return None
    return (*kept, *found)


def _beside(question: Question, measure: Measure | None) -> Asked:
    """What is asked besides a measure's own period, which is part of the one over both."""
    own = {name for name, _ in measure.only} if measure and question.compare else set[str]()
    return tuple(pair for pair in question.asked if pair[0] not in own)


def _said(
    question: Question, group: Grouping, key: Any, registry: Registry, locale: Locale
) -> list[tuple[str, str]] | None:
    if group.since or group.bands:
        return None
    place = place_of(registry, question.base, group.path)
    if not _near(question, place, registry):
        return None
    name = f"filter[{group.path}]"
    if key is None:
        return (
            None if isinstance(place.field, kinds.Link | kinds.UserLink | kinds.AnyLink) else [(f"{name}[empty]", "1")]
        )
    match place.field:
        case kinds.Link() | kinds.UserLink() if isinstance(key, Ref):
            return [(f"{name}[eq]", str(key.id))]
        case kinds.Boolean():
            return [(f"{name}[eq]", "1" if key else "0")]
        case kinds.Choice() | kinds.DependentChoice():
            return [(f"{name}[eq]", key)]
        case kinds.Text() | kinds.Address() | kinds.Computed() if isinstance(key, str):
            return [(f"{name}[eq]", key)]
        case _ if isinstance(key, date):
            return [(f"{name}[between]", f"{key}..{last_day(group.bucket, key, locale.calendar)}")]
        case _:
            return None


def _near(question: Question, place: Place, registry: Registry) -> bool:
    """Whether a list knows the field: the base's own, or one a link away."""
    steps = steps_to(registry, question.base, place.source)
    return not steps or (len(steps) == 1 and not steps[0].many and not place.part)
