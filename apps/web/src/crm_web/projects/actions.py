"""What can be done with projects and the plans for them."""

from crm_domain.query.page import Row
from crm_web.records.action import Action
from crm_web.visit import Visit


def project_actions(visit: Visit, row: Row) -> list[Action]:
    """Keeping its plan for the next one of its kind."""
    if not all(visit.access.can(key, "create") for key in ("project_templates", "project_template_tasks")):
        return []
    label = visit.text("project_templates.save")
    return [
        Action(label=label, url=f"/projects/{row.id}/template", icon="folder-tree", post=True, tucked=True),
    ]


def project_template_actions(visit: Visit, row: Row) -> list[Action]:
    """Making a project of it."""
    return [
        Action(label=action.label, url=f"{action.url}?template={row.id}", icon=action.icon, reads=True)
        for action in from_template(visit)
    ]


def from_template(visit: Visit) -> list[Action]:
    """A project planned beforehand, for whom may make one."""
    rights = (("project_templates", "list"), ("projects", "create"), ("project_tasks", "create"))
    if not all(visit.access.can(*right) for right in rights):
        return []
    label = visit.text("project_templates.use")
    return [Action(label=label, url="/projects/from_template", icon="folder-tree")]
