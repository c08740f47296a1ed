"""A repeated event as a series: the first occurrence carries the rule, the later ones are records of their own."""

from typing import TYPE_CHECKING, Any

from crm_domain.definition import Change, Ref
from crm_domain.definition.kinds import Link
from crm_domain.definition.module import AsyncRule
from crm_domain.modules.activities.event import Event
from crm_domain.modules.activities.recurrence import Rule, occurrences
from crm_domain.records import save

if TYPE_CHECKING:
    from crm_domain.records.work import Work

RULE = ("repeat", "repeat_every", "repeat_weekdays", "repeat_until", "repeat_count")
OWN = ("starts_at", "status", "series", *RULE)
"""What an occurrence does not take over from the first one."""


def rule_of(event: Event) -> Rule:
    """The event's rule of repetition."""
    assert event.repeat
    return Rule(
        repeat=event.repeat,
        every=event.repeat_every or 1,
        weekdays=tuple(int(key) for key in event.repeat_weekdays or ()),
        until=event.repeat_until,
        times=event.repeat_count,
    )


def series_follows_rule(record: type[Event], series: Link) -> AsyncRule:
    """The rule that makes the later occurrences when an event gets its rule of repetition."""

    async def rule(work: "Work", change: Change[Any]) -> None:
        if not change.after.repeat or not change.touches(Event.repeat):
            return
        module = work.module(record)
        shared = {
            field.key: value
            for field in module.writable()
            if field.key not in OWN and (value := change.after.values.get(field.key)) is not None
        }
        head = Ref(module.key, change.after.id)
        starts = occurrences(rule_of(change.after), change.after.starts_at, work.locale)
        for start in list(starts)[1:]:
            await save.create(work, module, {**shared, "starts_at": start, series.key: head})

    return rule
