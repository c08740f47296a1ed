"""What people do with and for customers: tasks, calls and meetings."""

from crm_domain.modules.activities.calls import CALL_GUESTS, CALLS, Call
from crm_domain.modules.activities.invitees import INVITEES, Invitee
from crm_domain.modules.activities.meetings import MEETING_GUESTS, MEETINGS, Meeting
from crm_domain.modules.activities.tasks import TASKS, Task

__all__ = [
    "CALLS",
    "CALL_GUESTS",
    "INVITEES",
    "MEETINGS",
    "MEETING_GUESTS",
    "TASKS",
    "Call",
    "Invitee",
    "Meeting",
    "Task",
]
