"""Tasks: what somebody has to do by when."""

from crm_domain.definition import Arrangement, Change, Module, Record, Schedule, panel, required
from crm_domain.definition.kinds import AnyLink, Choice, DateTime, Link, LongText, MultiChoice, Text
from crm_domain.modules.activities.options import REMINDER_TIMES, TASK_PRIORITIES, TASK_STATUSES
from crm_domain.modules.blocks.hierarchy import no_cycle
from crm_domain.modules.blocks.parents import ACTIVITY_PARENTS
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text.whole_days import begins


class Task(Record):
    name = required(Text(max_length=255, search=True))
    status = required(Choice(options=TASK_STATUSES, default="not_started", indexed=True, copied=False))
    priority = required(Choice(options=TASK_PRIORITIES, default="medium", indexed=True))
    starts_at = DateTime(copied=False, whole_days=True)
    due_at = DateTime(copied=False, indexed=True, whole_days=True)
    parent = AnyLink(targets=ACTIVITY_PARENTS, inverse="tasks", indexed=True)
    contact = Link(target="contacts", inverse="contact_tasks", indexed=True)
    description = LongText()
    reminders = MultiChoice(options=REMINDER_TIMES, copied=False)
    mail_reminders = MultiChoice(options=REMINDER_TIMES, copied=False)
    completed_at = DateTime(readonly=True, copied=False, indexed=True)

    layout = Arrangement(
        columns=(name, status, priority, contact, parent, due_at, Record.assigned_to, Record.created_at),
        offered=(
            starts_at,
            completed_at,
            "contact.phone_mobile",
            Record.team,
            Record.created_by,
            Record.modified_at,
            Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (name, status),
                (starts_at, parent),
                (due_at, contact),
                (priority, Record.assigned_to),
                (description,),
            ),
            panel("reminders", (reminders,), (mail_reminders,), (Record.team, completed_at), folded=True),
        ),
        quick=((name, status), (starts_at, parent), (due_at, contact), (priority, Record.assigned_to), (description,)),
        picker=(name, parent, status, due_at),
        basic=(name,),
        advanced=(name, contact, status, priority, due_at, starts_at, Record.assigned_to, Record.team),
        highlights=(status, priority, due_at, parent, contact, Record.assigned_to),
        board=status,
        card=(name, parent, priority, due_at, Record.assigned_to),
        sort="due_at",
    )


def due_after_start(change: Change[Task]) -> None:
    """Nothing is due before it begins."""
    after = change.after
    if after.starts_at and after.due_at and after.due_at < begins(after.starts_at):
        raise Invalid({"due_at": (FieldProblem("tasks.due_before_start"),)})


def completed_once_done(change: Change[Task]) -> None:
    """The moment of completion is noted, and forgotten when the task is taken up again."""
    if change.touches(Task.status):
        change.set(Task.completed_at, change.now if change.after.status == "completed" else None)


TASKS = Module(
    key="tasks",
    record=Task,
    icon="square-check",
    group="activities",
    open_field="status",
    due_field="due_at",
    before_save=(due_after_start, completed_once_done),
    many_at_once=True,
    with_work=(no_cycle(Task, Task.parent),),
    schedule=Schedule(
        start="due_at", done="completed", hue="amber", reminders="reminders", mail_reminders="mail_reminders"
    ),
)
