"""Templates of projects: what such a project always holds, with its tasks counted in days of work from the first one."""

from typing import Any

from crm_domain.definition import Arrangement, Change, ManyToMany, Module, Record, panel, required
from crm_domain.definition.kinds import Boolean, Choice, Integer, Link, LongText, Money, Text
from crm_domain.modules.blocks.hierarchy import no_circle, no_cycle
from crm_domain.modules.projects.options import (
    DURATION_UNITS,
    PROJECT_PRIORITIES,
    PROJECT_STATUSES,
    PROJECT_TASK_PRIORITIES,
    TEMPLATE_ROLES,
    UTILIZATIONS,
)
from crm_domain.modules.projects.task import numbered_within
from crm_domain.modules.projects.waiting import AFTER, BEFORE, Waiting


class ProjectTemplate(Record):
    name = required(Text(max_length=255, search=True))
    status = required(Choice(options=PROJECT_STATUSES, default="draft"))
    priority = required(Choice(options=PROJECT_PRIORITIES, default="medium", indexed=True))
    budget = Money()
    description = LongText()

    layout = Arrangement(
        columns=(name, priority, budget, Record.assigned_to, Record.modified_at),
        offered=(status, Record.team, Record.created_at, Record.created_by, Record.modified_by),
        panels=(
            panel("overview", (name, status), (budget, priority), (Record.assigned_to, Record.team), (description,)),
        ),
        quick=((name, status), (budget, priority), (Record.assigned_to,)),
        picker=(name, priority),
        basic=(name,),
        advanced=(name, priority, Record.assigned_to, Record.team),
        highlights=(status, priority, budget, Record.assigned_to),
        subpanels=("template_tasks", "projects", "template_users", "template_contacts"),
        sort="name",
    )


class TemplateTask(Record):
    name = required(Text(max_length=255, search=True))
    template = required(Link(target="project_templates", inverse="template_tasks", indexed=True, on_delete="cascade"))
    number = Integer(readonly=True, copied=False, indexed=True)
    order_number = Integer(default=1, minimum=0)
    priority = required(Choice(options=PROJECT_TASK_PRIORITIES, default="medium"))
    starts_day = required(Integer(default=1, minimum=1, maximum=10_000))
    duration = required(Integer(default=1, minimum=0, maximum=10_000))
    duration_unit = required(Choice(options=DURATION_UNITS, default="days"))
    milestone = Boolean()
    parent_task = Link(target="project_template_tasks", inverse="subtasks", copied=False)
    role = required(Choice(options=TEMPLATE_ROLES, default="manager"))
    estimated_effort = Integer(minimum=0, maximum=100_000)
    utilization = Choice(options=UTILIZATIONS, default="100")
    description = LongText()

    layout = Arrangement(
        columns=(number, name, duration, role, starts_day, duration_unit, milestone),
        offered=(priority, estimated_effort, utilization, template, Record.assigned_to, Record.modified_at),
        panels=(
            panel(
                "overview",
                (name, template),
                (starts_day, milestone),
                (duration, duration_unit),
                (role, Record.assigned_to),
                (description,),
            ),
            panel(
                "timeline",
                (number, order_number),
                (parent_task, priority),
                (estimated_effort, utilization),
                (Record.team,),
            ),
        ),
        quick=(
            (name, template),
            (starts_day, milestone),
            (duration, duration_unit),
            (role, Record.assigned_to),
            (priority,),
        ),
        picker=(name, template),
        basic=(name,),
        advanced=(name, template, milestone, role, Record.assigned_to),
        highlights=(template, starts_day, duration, duration_unit, role),
        linked=(BEFORE,),
        subpanels=(BEFORE, AFTER, "subtasks"),
        sort="number",
    )


def milestones_take_no_time(change: Change[TemplateTask]) -> None:
    """A milestone is a moment."""
    if change.after.milestone and change.after.duration:
        change.set(TemplateTask.duration, 0)


TEMPLATE_LINKS: tuple[ManyToMany, ...] = tuple(
    ManyToMany(
        key=f"project_templates_{module}",
        left="project_templates",
        right=module,
        left_key=f"template_{module}",
        right_key="project_templates",
    )
    for module in ("users", "contacts")
)
TEMPLATE_TASK_WAITS = ManyToMany(
    key="project_template_task_waits",
    left="project_template_tasks",
    right="project_template_tasks",
    left_key=BEFORE,
    right_key=AFTER,
    fields=Waiting,
    began_as="predecessor",
    after_link=(no_circle("project_template_tasks", BEFORE),),
)
PROJECT_TEMPLATES: Module[Any] = Module(
    key="project_templates", record=ProjectTemplate, icon="folder-tree", group="activities"
)
PROJECT_TEMPLATE_TASKS: Module[Any] = Module(
    key="project_template_tasks",
    record=TemplateTask,
    icon="list-tree",
    group="",
    part_of="template",
    before_save=(milestones_take_no_time,),
    with_work=(
        numbered_within(TemplateTask, TemplateTask.template, TemplateTask.number),
        no_cycle(TemplateTask, TemplateTask.parent_task),
    ),
)
