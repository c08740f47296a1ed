"""The option lists of tasks, calls and meetings. Reminder times and durations are keyed by seconds."""

from crm_domain.definition import Options, option, plain

TASK_STATUSES = Options(
    "task_status",
    (
        option("not_started", kind="open", hue="blue", aliases=("Not Started",)),
        option("in_progress", kind="open", hue="violet", aliases=("In Progress",)),
        option("pending_input", kind="open", hue="amber", aliases=("Pending Input",)),
        option("completed", kind="closed", hue="green"),
        option("deferred", kind="closed"),
        option("cancelled", kind="closed"),
    ),
    fixed=True,
    grows=True,
)
TASK_PRIORITIES = Options(
    "task_priority",
    (option("urgent", hue="red"), option("high", hue="amber"), option("medium", hue="blue"), option("low")),
)
_EVENT_STATUSES = (
    option("planned", kind="open", hue="blue"),
    option("held", kind="closed", hue="green"),
    option("not_held", kind="closed", aliases=("Not Held",)),
)
CALL_STATUSES = Options("call_status", _EVENT_STATUSES, fixed=True)
MEETING_STATUSES = Options("meeting_status", _EVENT_STATUSES, fixed=True)
CALL_DIRECTIONS = Options("call_direction", (option("outbound", hue="violet"), option("inbound", hue="teal")))
MEETING_TYPES = Options("meeting_type", (option("in_person", hue="teal"), option("online", hue="violet")))
MOVE_REASONS = plain("call_reschedule", "customer_request no_answer busy in_meeting out_of_office")
ACCEPTANCES = Options(
    "accept_status",
    (
        option("none"),
        option("accept", hue="green"),
        option("tentative", hue="amber"),
        option("decline", hue="red"),
    ),
    fixed=True,
)
REMINDER_TIMES = plain("reminder_time", "60 300 600 900 1800 3600 7200 10800 18000 86400", fixed=True)
REPEATS = plain("repeat_type", "daily weekly monthly yearly", fixed=True)
WEEKDAYS = plain("weekday", "5 6 0 1 2 3 4", fixed=True)
"""Keys count from Monday = 0; the order is that of the Persian week."""
