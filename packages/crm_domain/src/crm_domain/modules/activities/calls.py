"""Calls: telephone conversations, planned or held."""

from crm_domain.definition import Arrangement, Module, Record, Schedule, panel, required
from crm_domain.definition.kinds import AnyLink, Choice, Link, Phone
from crm_domain.modules.activities.event import (
    REMINDER_ROWS,
    REPETITION,
    Event,
    about_whom,
    counts_changes,
    end_and_length_agree,
    guests_of,
    repeats_sensibly,
)
from crm_domain.modules.activities.guests import guests_come_along
from crm_domain.modules.activities.invite import called_off_when_removed
from crm_domain.modules.activities.options import CALL_DIRECTIONS, CALL_STATUSES
from crm_domain.modules.activities.series import series_follows_rule, series_goes_on
from crm_domain.modules.blocks.parents import ACTIVITY_PARENTS


class Call(Event):
    status = required(Choice(options=CALL_STATUSES, default="planned", indexed=True, copied=False))
    direction = required(Choice(options=CALL_DIRECTIONS, default="outbound", indexed=True))
    parent = AnyLink(targets=ACTIVITY_PARENTS, inverse="calls", indexed=True)
    contact = Link(target="contacts", indexed=True)
    phone_used = Phone(search=True)
    series = Link(target="calls", readonly=True, copied=False, audited=False, on_delete="keep")

    layout = Arrangement(
        columns=(
            Event.name,
            direction,
            status,
            contact,
            parent,
            Event.starts_at,
            Event.duration,
            Record.assigned_to,
            Record.created_at,
        ),
        offered=(
            phone_used,
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
                (Event.starts_at, direction),
                (Event.duration, Event.ends_at),
                (parent, contact),
                (phone_used, Record.assigned_to),
                (Event.moved_times,),
                (Event.description,),
            ),
            panel("reminders", *REMINDER_ROWS, (Record.team,), folded=True),
            REPETITION,
        ),
        quick=(
            (Event.name, status),
            (Event.starts_at, direction),
            (Event.duration, Event.ends_at),
            (parent, contact),
            (phone_used, Record.assigned_to),
            (Event.description,),
        ),
        picker=(Event.name, parent, Event.starts_at, status),
        basic=(Event.name,),
        advanced=(
            Event.name,
            direction,
            status,
            Event.starts_at,
            Event.ends_at,
            contact,
            phone_used,
            Record.assigned_to,
            Record.team,
        ),
        highlights=(status, direction, Event.starts_at, Event.duration, parent, Record.assigned_to),
        subpanels=("guest_users", "guest_contacts", "guest_leads", "guest_invitees"),
        sort="-starts_at",
    )


CALL_GUESTS = guests_of("calls")
CALLS = Module(
    key="calls",
    record=Call,
    icon="phone",
    group="activities",
    open_field="status",
    before_save=(end_and_length_agree, about_whom(Call.contact), repeats_sensibly, counts_changes),
    before_remove=(called_off_when_removed(Call), series_goes_on(Call)),
    after_save=(guests_come_along(Call), series_follows_rule(Call)),
    schedule=Schedule(
        start="starts_at",
        end="ends_at",
        done="held",
        hue="teal",
        guests=("guest_users", "guest_contacts", "guest_leads", "guest_invitees"),
        reminders="reminders",
        mail_reminders="mail_reminders",
        series="series",
    ),
)
