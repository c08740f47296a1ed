"""The option lists of projects and their tasks."""

from crm_domain.definition import Options, option, plain

PROJECT_STATUSES = Options(
    "project_status",
    (
        option("draft", kind="open"),
        option("in_review", kind="open", hue="amber", aliases=("In Review",)),
        option("underway", kind="open", hue="blue"),
        option("on_hold", kind="open", hue="rose", aliases=("On_Hold", "On Hold")),
        option("completed", kind="closed", hue="green"),
    ),
    fixed=True,
    grows=True,
)
_PRIORITIES = (option("urgent", hue="red"), option("high", hue="amber"), option("medium", hue="blue"), option("low"))
PROJECT_PRIORITIES = Options("project_priority", _PRIORITIES)
PROJECT_TASK_PRIORITIES = Options("project_task_priority", _PRIORITIES)
PROJECT_TASK_STATUSES = Options(
    "project_task_status",
    (
        option("not_started", kind="open", hue="blue", aliases=("Not Started",)),
        option("in_progress", kind="open", hue="violet", aliases=("In Progress",)),
        option("pending_input", kind="open", hue="amber", aliases=("Pending Input",)),
        option("completed", kind="closed", hue="green"),
        option("deferred", kind="closed"),
        option("cancelled", kind="closed", aliases=("Canceled",)),
    ),
    fixed=True,
    grows=True,
)
DURATION_UNITS = plain("duration_unit", "days hours", fixed=True)
TASK_RELATIONSHIPS = plain("task_relationship", "fs ss ff sf", fixed=True)
TEMPLATE_ROLES = Options(
    "template_role", (option("manager", hue="teal"), option("named", hue="blue"), option("nobody")), fixed=True
)
"""Who gets a task of a new project: its manager, the one whom the template names, or nobody yet."""
UTILIZATIONS = plain("utilization", "0 25 50 75 100", fixed=True)
