"""Projects and their tasks."""

from crm_domain.definition import ManyToMany, Module, Schedule
from crm_domain.modules.blocks.hierarchy import no_circle, no_cycle
from crm_domain.modules.projects.dates import (
    dates_and_duration_agree,
    dates_make_sense,
    starts_after_predecessors,
    successors_follow,
    waiting_tasks_are_put_off,
)
from crm_domain.modules.projects.project import PROJECT_LINKS, PROJECTS, Project
from crm_domain.modules.projects.task import (
    ProjectTask,
    assignee_takes_part,
    numbered_within,
    parents_follow_subtasks,
    percent_and_status_agree,
    project_sums_up,
    projects_sum_up,
)
from crm_domain.modules.projects.template import (
    PROJECT_TEMPLATE_TASKS,
    PROJECT_TEMPLATES,
    TEMPLATE_LINKS,
    TEMPLATE_TASK_WAITS,
    ProjectTemplate,
    TemplateTask,
)
from crm_domain.modules.projects.waiting import AFTER, BEFORE, Waiting

TASK_WAITS = ManyToMany(
    key="project_task_waits",
    left="project_tasks",
    right="project_tasks",
    left_key=BEFORE,
    right_key=AFTER,
    fields=Waiting,
    began_as="predecessor",
    after_link=(no_circle("project_tasks", BEFORE), waiting_tasks_are_put_off),
)
PROJECT_TASKS = Module(
    key="project_tasks",
    record=ProjectTask,
    icon="square-chart-gantt",
    group="activities",
    open_field="status",
    due_field="ends_on",
    before_save=(percent_and_status_agree, dates_make_sense),
    with_work=(
        numbered_within(ProjectTask, ProjectTask.project, ProjectTask.number),
        no_cycle(ProjectTask, ProjectTask.parent_task),
        parents_follow_subtasks,
        dates_and_duration_agree,
        starts_after_predecessors,
    ),
    after_save=(successors_follow, project_sums_up, assignee_takes_part),
    after_trash=(projects_sum_up,),
    schedule=Schedule(start="ends_on", done="completed", hue="green"),
)

__all__ = [
    "PROJECTS", "PROJECT_LINKS", "PROJECT_TASKS", "PROJECT_TEMPLATES", "PROJECT_TEMPLATE_TASKS", "TASK_WAITS", "TEMPLATE_LINKS",
    "TEMPLATE_TASK_WAITS", "Project", "ProjectTask", "ProjectTemplate", "TemplateTask",
]  # fmt: skip
