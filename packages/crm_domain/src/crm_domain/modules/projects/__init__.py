"""Projects and their tasks."""

from crm_domain.modules.projects.project import PROJECT_LINKS, PROJECTS, Project
from crm_domain.modules.projects.task import PROJECT_TASKS, ProjectTask

__all__ = ["PROJECTS", "PROJECT_LINKS", "PROJECT_TASKS", "Project", "ProjectTask"]
