"""Projects and their tasks."""

from crm_domain.definition import Module, Schedule
from crm_domain.modules.blocks.hierarchy import no_cycle
from crm_domain.modules.projects.dates import (
    dates_and_duration_agree,
    dates_make_sense,
    starts_after_predecessor,
    successors_follow,
)
from crm_domain.modules.projects.project import PROJECT_LINKS, PROJECTS, Project
from crm_domain.modules.projects.task import (
    ProjectTask,
    numbered_within,
    percent_and_status_agree,
    project_sums_up,
    projects_sum_up,
)
from crm_domain.modules.projects.template import (
    PROJECT_TEMPLATE_TASKS,
    PROJECT_TEMPLATES,
    TEMPLATE_LINKS,
    ProjectTemplate,
    TemplateTask,
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
        no_cycle(ProjectTask, ProjectTask.predecessor),
        no_cycle(ProjectTask, ProjectTask.parent_task),
        dates_and_duration_agree,
        starts_after_predecessor,
    ),
    after_save=(successors_follow, project_sums_up),
    after_trash=(projects_sum_up,),
    schedule=Schedule(start="ends_on", done="completed", hue="green"),
)

__all__ = [
    "PROJECTS", "PROJECT_LINKS", "PROJECT_TASKS", "PROJECT_TEMPLATES", "PROJECT_TEMPLATE_TASKS", "TEMPLATE_LINKS", "Project",
    "ProjectTask", "ProjectTemplate", "TemplateTask",
]  # fmt: skip
