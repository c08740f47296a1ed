"""Projects: work with a beginning, an end and people, done for customers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.definition import Arrangement, Change, ManyToMany, Module, Record, Schedule, panel, required
from crm_domain.definition.kinds import Choice, Date, Integer, Link, LongText, Money, Text
from crm_domain.modules.projects.options import PROJECT_PRIORITIES, PROJECT_STATUSES
from crm_domain.problems import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class Project(Record):
    name = required(Text(max_length=255, search=True))
    status = required(Choice(options=PROJECT_STATUSES, default="draft", indexed=True, copied=False))
    priority = required(Choice(options=PROJECT_PRIORITIES, default="medium", indexed=True))
    starts_on = required(Date(indexed=True))
    ends_on = required(Date(indexed=True))
    budget = Money(indexed=True)
    cost = Money(copied=False)
    percent_complete = Integer(readonly=True, audited=False, copied=False, indexed=True)
    estimated_effort = Integer(readonly=True, audited=False, copied=False)
    actual_effort = Integer(readonly=True, audited=False, copied=False)
    template = Link(target="project_templates", inverse="projects", readonly=True, copied=False, indexed=True)
    description = LongText()

    layout = Arrangement(
        columns=(name, priority, status, percent_complete, starts_on, ends_on, Record.assigned_to),
        offered=(
            budget,
            cost,
            estimated_effort,
            actual_effort,
            template,
            Record.team,
            Record.created_at,
            Record.modified_at,
            Record.created_by,
            Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (name, status),
                (starts_on, priority),
                (ends_on, Record.assigned_to),
                (budget, cost),
                (description,),
            ),
            panel("progress", (percent_complete, Record.team), (estimated_effort, actual_effort), (template,)),
        ),
        quick=((name, status), (starts_on, priority), (ends_on, Record.assigned_to)),
        picker=(name, status, ends_on),
        basic=(name,),
        advanced=(name, starts_on, ends_on, status, priority, percent_complete, Record.assigned_to, Record.team),
        highlights=(status, percent_complete, starts_on, ends_on, budget, Record.assigned_to),
        board=status,
        board_sum=budget,
        card=(name, priority, percent_complete, ends_on, Record.assigned_to),
        subpanels=(
            "project_tasks",
            "project_accounts",
            "project_contacts",
            "project_opportunities",
            "project_quotes",
            "project_cases",
            "project_bugs",
            "project_users",
        ),
        sort="ends_on",
    )


def ends_after_it_starts(change: Change[Project]) -> None:
    """A project does not end before it begins."""
    after = change.after.values
    start, end = after.get("starts_on"), after.get("ends_on")
    if start and end and end < start:
        raise Invalid({"ends_on": (FieldProblem("projects.ends_before_start"),)})


async def accounts_come_along(work: "Work", pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """A contact brings the account that he belongs to into the project."""
    relation = work.relation("projects", "project_accounts")
    contacts = sorted({contact for _, contact in pairs})
    rows = await work.store.fetch(work.registry["contacts"], contacts, columns=("account",))
    accounts = {row.id: row["account"].id for row in rows if row["account"] and not row["account"].gone}
    for project in sorted({project for project, _ in pairs}):
        theirs = {accounts[contact] for one, contact in pairs if one == project and contact in accounts}
        if theirs:
            await work.store.link(relation, project, sorted(theirs), {})


PROJECT_LINKS = tuple(
    ManyToMany(
        key=f"projects_{module}",
        left="projects",
        right=module,
        left_key=f"project_{module}",
        right_key="resource_projects" if module == "users" else "projects",
        after_link=(accounts_come_along,) if module == "contacts" else (),
    )
    for module in ("accounts", "contacts", "opportunities", "quotes", "cases", "bugs", "users")
)
PROJECTS = Module(
    key="projects",
    record=Project,
    icon="folder-kanban",
    group="activities",
    open_field="status",
    due_field="ends_on",
    before_save=(ends_after_it_starts,),
    schedule=Schedule(start="ends_on", done="completed", hue="green"),
)
