"""Meetings: people come together, at a place or online."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm_domain.definition import Arrangement, Change, Module, Record, Schedule, panel, required
from crm_domain.definition.kinds import AnyLink, Boolean, Choice, Link, Text, Url
from crm_domain.modules.activities.event import (
    DAY,
    REMINDER_ROWS,
    REPETITION,
    Event,
    about_whom,
    counts_changes,
    end_and_length_agree,
    guests_of,
    local_day,
    repeats_sensibly,
)
from crm_domain.modules.activities.guests import guests_come_along
from crm_domain.modules.activities.invite import called_off_when_removed
from crm_domain.modules.activities.options import MEETING_STATUSES, MEETING_TYPES
from crm_domain.modules.activities.series import series_follows_rule, series_goes_on
from crm_domain.modules.blocks.parents import ACTIVITY_PARENTS

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class Meeting(Event):
    status = required(Choice(options=MEETING_STATUSES, default="planned", indexed=True, copied=False))
    meeting_type = required(Choice(options=MEETING_TYPES, default="in_person"))
    location = Text(max_length=255, search=True)
    join_url = Url()
    password = Text(max_length=50, audited=False)
    whole_day = Boolean()
    parent = AnyLink(targets=ACTIVITY_PARENTS, inverse="meetings", indexed=True)
    contact = Link(target="contacts", indexed=True)
    series = Link(target="meetings", readonly=True, copied=False, audited=False, on_delete="keep")

    layout = Arrangement(
        columns=(
            Event.name,
            status,
            contact,
            parent,
            Event.starts_at,
            Event.duration,
            location,
            Record.assigned_to,
            Record.created_at,
        ),
        offered=(
            meeting_type,
            whole_day,
            Event.ends_at,
            Event.moved_times,
            Event.moved_reason,
            Record.team,
            Record.created_by,
            Record.modified_at,
            Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (Event.name, status),
                (Event.starts_at, parent),
                (Event.duration, Event.ends_at),
                (whole_day, contact),
                (meeting_type, location),
                (join_url, password),
                (Event.moved_times,),
                (Record.assigned_to, Record.team),
                (Event.description,),
            ),
            panel("reminders", *REMINDER_ROWS, folded=True),
            REPETITION,
        ),
        quick=(
            (Event.name, status),
            (Event.starts_at, parent),
            (Event.duration, Event.ends_at),
            (contact,),
            (meeting_type, location),
            (Record.assigned_to,),
            (Event.description,),
        ),
        picker=(Event.name, parent, Event.starts_at, status),
        basic=(Event.name,),
        advanced=(
            Event.name,
            status,
            meeting_type,
            Event.starts_at,
            Event.ends_at,
            contact,
            location,
            Record.assigned_to,
            Record.team,
        ),
        highlights=(status, Event.starts_at, Event.duration, location, parent, Record.assigned_to),
        subpanels=("guest_users", "guest_contacts", "guest_leads", "guest_invitees"),
        sort="-starts_at",
    )


async def whole_days_begin_at_midnight(work: "Work", change: Change[Any]) -> None:
    """A meeting of whole days runs from midnight to midnight where its planner lives."""
    after = change.after
    if not after.whole_day or after.starts_at is None or after.duration is None:
        return
    if not (change.touches(Event.starts_at) or change.touches(Event.duration) or change.touches(Meeting.whole_day)):
        return
    start, days = local_day(work, after.starts_at), max(1, -(-after.duration // DAY))
    change.set(Event.starts_at, start)
    change.set(Event.duration, days * DAY)
    change.set(Event.ends_at, start + timedelta(days=days))


MEETING_GUESTS = guests_of("meetings")
MEETINGS = Module(
    key="meetings",
    record=Meeting,
    icon="handshake",
    group="activities",
    open_field="status",
    before_save=(end_and_length_agree, about_whom(Meeting.contact), repeats_sensibly, counts_changes),
    many_at_once=True,
    with_work=(whole_days_begin_at_midnight,),
    before_remove=(called_off_when_removed(Meeting), series_goes_on(Meeting)),
    after_save=(guests_come_along(Meeting), series_follows_rule(Meeting)),
    schedule=Schedule(
        start="starts_at",
        end="ends_at",
        whole_day="whole_day",
        done="held",
        hue="violet",
        guests=("guest_users", "guest_contacts", "guest_leads", "guest_invitees"),
        reminders="reminders",
        mail_reminders="mail_reminders",
        series="series",
    ),
)
