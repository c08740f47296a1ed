"""Bugs: what is wrong with our product or missing in it, found in one release and fixed in another."""

from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.definition import (
    Arrangement,
    Change,
    DuplicateRule,
    LinkFields,
    ManyToMany,
    Module,
    Record,
    panel,
    required,
)
from crm_domain.definition.kinds import AutoNumber, Choice, Link, LongText, Text
from crm_domain.modules.blocks.handover import assigned_when_given_away
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.service_options import (
    BUG_AREAS,
    BUG_PRIORITIES,
    BUG_RESOLUTIONS,
    BUG_SOURCES,
    BUG_STATUSES,
    BUG_TYPES,
    CASE_ROLES,
)
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text.rich import to_plain

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class Bug(Record):
    bug_number = AutoNumber(search=True, readonly=True, copied=False, indexed=True, unique=True)
    name = required(Text(max_length=255, search=True))
    priority = required(Choice(options=BUG_PRIORITIES, default="medium", indexed=True))
    bug_type = Choice(options=BUG_TYPES, default="defect", indexed=True)
    status = required(Choice(options=BUG_STATUSES, default="new", indexed=True, copied=False))
    resolution = Choice(options=BUG_RESOLUTIONS, copied=False)
    source = Choice(options=BUG_SOURCES)
    product_area = Choice(options=BUG_AREAS)
    found_in_release = Link(target="releases", inverse="found_bugs", indexed=True)
    fixed_in_release = Link(target="releases", inverse="fixed_bugs", indexed=True, copied=False)
    description = LongText()
    work_log = LongText(copied=False)

    layout = Arrangement(
        columns=(bug_number, name, status, bug_type, priority, fixed_in_release, Record.assigned_to),
        offered=(
            resolution,
            source,
            product_area,
            found_in_release,
            Record.team,
            Record.created_at,
            Record.modified_at,
            Record.created_by,
            Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (name,),
                (priority, bug_type),
                (source, product_area),
                (status, resolution),
                (found_in_release, fixed_in_release),
                (description,),
                (work_log,),
                (Record.assigned_to, Record.team),
            ),
        ),
        quick=(
            (priority, Record.assigned_to),
            (source, bug_type),
            (status, product_area),
            (found_in_release,),
            (name,),
            (description,),
        ),
        picker=(name, status, priority, Record.assigned_to),
        basic=(name,),
        advanced=(
            bug_number,
            name,
            resolution,
            found_in_release,
            fixed_in_release,
            bug_type,
            status,
            product_area,
            source,
            Record.assigned_to,
            priority,
        ),
        highlights=(status, priority, bug_type, found_in_release, fixed_in_release, Record.assigned_to),
        board=status,
        card=(name, priority, bug_type, fixed_in_release, Record.assigned_to),
        subpanels=("cases", "accounts", "contacts"),
    )


class BugContact(LinkFields):
    """What a contact is to a bug."""

    role = Choice(options=CASE_ROLES, default="primary")


BUG_CASES = ManyToMany(key="bug_cases", left="bugs", right="cases", left_key="cases", right_key="bugs")
BUG_ACCOUNTS = ManyToMany(key="bug_accounts", left="bugs", right="accounts", left_key="accounts", right_key="bugs")
BUG_CONTACTS = ManyToMany(
    key="bug_contacts", left="bugs", right="contacts", left_key="contacts", right_key="bugs", fields=BugContact
)


def fixed_where(change: Change[Bug]) -> None:
    """What is closed as fixed says in which release."""
    after = change.after
    if after.status == "closed" and after.resolution == "fixed" and after.fixed_in_release is None:
        raise Invalid({"fixed_in_release": (FieldProblem("bugs.release_needed"),)})


async def report_bug(work: "Work", case_id: UUID) -> UUID:
    """A bug of a case's subject and text, linked to the case, its account and its contact; the caller commits.

    Raises NotFound, or Denied without the right to create bugs.
    """
    case = await work.get(Case, case_id)
    text = to_plain(case.description or "")
    bug = await work.create(Bug, Bug.name.to(case.name), Bug.description.to(text or None), Bug.source.to("internal"))
    for key, ref in (("cases", case_id), ("accounts", case.account), ("contacts", case.contact)):
        if ref:
            await work.store.link(work.relation("bugs", key), bug, [ref if isinstance(ref, UUID) else ref.id], {})
    return bug


BUGS = Module(
    key="bugs",
    mergeable=True,
    record=Bug,
    icon="bug",
    group="service",
    number_field="bug_number",
    open_field="status",
    before_save=(fixed_where,),
    many_at_once=True,
    with_work=(assigned_when_given_away(Bug.status),),
    duplicates=(DuplicateRule(same=("name",)),),
)
