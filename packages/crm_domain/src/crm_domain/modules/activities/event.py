"""What calls and meetings share: a time, a length, guests who answer, reminders, a rule of repetition."""

from datetime import UTC, datetime, time, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from crm_domain.definition import Change, LinkFields, ManyToMany, Record, panel, required
from crm_domain.definition.kinds import (
    Boolean,
    Choice,
    Date,
    DateTime,
    Duration,
    Integer,
    Link,
    LongText,
    MultiChoice,
    Text,
)
from crm_domain.definition.module import Rule
from crm_domain.modules.activities.options import ACCEPTANCES, MOVE_REASONS, REMINDER_TIMES, REPEATS, WEEKDAYS
from crm_domain.problems import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm_domain.records.work import Work

HOUR, DAY = 3_600, 86_400
LENGTHS = (
    900, 1_800, 2_700, HOUR, 5_400, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY,
)  # fmt: skip
"""The lengths that events usually have, in seconds."""
LONGEST = 31 * DAY
"""An event lasts a month at most."""
MOST_TIMES = 366
"""More occurrences than a year has days are a mistake."""


class Event(Record):
    """Something at a time, with people."""

    name = required(Text(max_length=255, search=True))
    starts_at = required(DateTime(indexed=True, copied=False))
    duration = required(Duration(default=1_800, presets=LENGTHS))
    ends_at = DateTime(audited=False, copied=False, indexed=True, mass=False, whole_days=True)
    description = LongText()
    reminders = MultiChoice(options=REMINDER_TIMES)
    mail_reminders = MultiChoice(options=REMINDER_TIMES)
    sequence = Integer(readonly=True, audited=False, copied=False)
    """How often time or place changed, as calendar programs count it."""
    sent_sequence = Integer(readonly=True, audited=False, copied=False)
    """The same when invitations were last sent; empty before."""
    moved_times = Integer(readonly=True, copied=False)
    """How often it was put off; the history tells from when to when."""
    moved_reason = Choice(options=MOVE_REASONS, readonly=True, copied=False)
    """Why, the last time."""
    repeat = Choice(options=REPEATS, copied=False, mass=False)
    repeat_every = Integer(minimum=1, maximum=99, copied=False, mass=False)
    repeat_weekdays = MultiChoice(options=WEEKDAYS, copied=False, mass=False)
    repeat_until = Date(copied=False, mass=False)
    repeat_count = Integer(minimum=2, maximum=MOST_TIMES, copied=False, mass=False)
    occurs_at = DateTime(readonly=True, audited=False, copied=False)
    """When the rule of its series has it, wherever it was moved."""
    repeat_from = DateTime(readonly=True, audited=False, copied=False)
    """The start that the rule counts from; it stays with the rule."""
    made_until = Date(readonly=True, audited=False, copied=False, indexed=True)
    """The day up to which the rule's occurrences are there; empty when the rule gives no more."""
    series_uid = Text(max_length=36, readonly=True, audited=False, copied=False)
    """By which calendar programs know the series."""


REMINDER_ROWS = ((Event.reminders,), (Event.mail_reminders,))
REPETITION = panel(
    "repetition",
    (Event.repeat, Event.repeat_every),
    (Event.repeat_weekdays,),
    (Event.repeat_until, Event.repeat_count),
    folded=True,
)


OF_ITS_SERIES = (
    "series", "repeat", "repeat_every", "repeat_weekdays", "repeat_until", "repeat_count", "occurs_at", "repeat_from",
    "made_until", "series_uid", "sequence", "sent_sequence",
)  # fmt: skip
"""What an event has by its rule and its invitations, and no copy of it has."""


class Invitation(LinkFields):
    """What a guest is to an event, and what he answered."""

    acceptance = Choice(options=ACCEPTANCES, default="none")
    optional = Boolean()


def guests_of(module: str) -> tuple[ManyToMany, ...]:
    """The relations to those who take part: colleagues, contacts, leads, and people of whom there is just an address."""
    return tuple(
        ManyToMany(
            key=f"{module[:-1]}_{people}",
            left=module,
            right=people,
            left_key=f"guest_{people}",
            right_key=f"invited_{module}",
            fields=Invitation,
        )
        for people in ("users", "contacts", "leads", "invitees")
    )


def end_and_length_agree(change: Change[Any]) -> None:
    """The end follows from start and length; where somebody says another end, the length follows from it."""
    after = change.after
    if not (change.new or any(map(change.named, (Event.starts_at, Event.duration, Event.ends_at)))):
        return
    said = after.ends_at if change.touches(Event.ends_at) else None
    if said and after.starts_at:
        change.set(Event.duration, length(after.starts_at, said))
    if after.starts_at is None or after.duration is None:
        return
    if not 0 < after.duration <= LONGEST:
        raise Invalid({"ends_at" if said else "duration": (FieldProblem("activities.no_length"),)})
    change.set(Event.ends_at, after.starts_at + timedelta(seconds=after.duration))


def length(start: datetime, end: datetime) -> int:
    """How long something lasts, in seconds; until a day without an hour means all of that day."""
    return ceil((end - start).total_seconds())


def about_whom(contact: Link) -> Rule:
    """The rule by which a contact that something relates to is also the one it is with, as long as nobody else is."""

    def rule(change: Change[Any]) -> None:
        parent = change.after.values.get("parent")
        if parent and parent.module == contact.target and "parent" in change.values:
            change.set(contact, change.after.values.get(contact.key) or parent)

    return rule


def counts_changes(change: Change[Any]) -> None:
    """A new time, length or place is a new revision of the event."""
    place = ("location", "join_url")
    moved = change.touches(Event.starts_at) or change.touches(Event.duration)
    if change.before and (
        moved or any(key in change.values and change.before.values.get(key) != change.values[key] for key in place)
    ):
        change.set(Event.sequence, (change.before.values.get("sequence") or 0) + 1)


def repeats_sensibly(change: Change[Any]) -> None:
    """A rule of repetition has an end and, by the week, its days; without a rule nothing of it stays."""
    after = change.after
    if not after.repeat:
        for field in (Event.repeat_every, Event.repeat_weekdays, Event.repeat_until, Event.repeat_count):
            if after.values.get(field.key):
                change.set(field, None)  # type: ignore[arg-type] - empties each kind alike
        return
    if after.repeat_every is None:
        change.set(Event.repeat_every, 1)
    if after.repeat_until and after.starts_at and after.repeat_until < after.starts_at.date():
        raise Invalid({"repeat_until": (FieldProblem("activities.until_before_start"),)})


def local_day(work: "Work", value: datetime) -> datetime:
    """Midnight, in the actor's zone, of the day an instant lies in."""
    zone = work.locale.zone
    return datetime.combine(value.astimezone(zone).date(), time(), zone).astimezone(UTC)
