"""Bugs: what is wrong with our product or missing in it, found in one release and fixed in another."""

from contextlib import suppress
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
    Ref,
    panel,
    required,
)
from crm_domain.definition.kinds import AutoNumber, Choice, Link, LongText, Text
from crm_domain.letters.incoming import as_markup
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.blocks.handover import assigned_when_given_away
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.cases.updates import write_update
from crm_domain.modules.service_options import (
    BUG_AREAS,
    BUG_PRIORITIES,
    BUG_RESOLUTIONS,
    BUG_SOURCES,
    BUG_STATUSES,
    BUG_TYPES,
    CASE_ROLES,
)
from crm_domain.problems import Denied, FieldProblem, Invalid
from crm_domain.query.filter import StillOpen
from crm_domain.query.page import ListQuery
from crm_domain.records.save import within_reach
from crm_domain.text.rich import to_plain

if TYPE_CHECKING:
    from crm_domain.records.work import Work


MOST_CASES = 100


class Bug(Record):
    bug_number = AutoNumber(search=True, readonly=True, copied=False, indexed=True, unique=True)
    name = required(Text(max_length=255, search=True))
    priority = required(Choice(options=BUG_PRIORITIES, default="medium", indexed=True))
    bug_type = Choice(options=BUG_TYPES, default="defect", indexed=True)
    status = required(Choice(options=BUG_STATUSES, default="new", indexed=True, copied=False))
    resolution = Choice(options=BUG_RESOLUTIONS, copied=False)
    source = Choice(options=BUG_SOURCES)
    product = Link(target="products", inverse="bugs", indexed=True)
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
            product,
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
                (product, product_area),
                (source,),
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
            product,
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
    """A bug of a case's subject, text and product, linked to the case, its account and its contact; the caller commits.

    Raises NotFound, or Denied without the right to create bugs.
    """
    case = await work.get(Case, case_id)
    text = to_plain(case.description or "")
    facts = (Bug.name.to(case.name), Bug.description.to(text or None), Bug.source.to("internal"))
    seen = await within_reach(work, [case.product] if case.product else [])
    bug = await work.create(Bug, *facts, Bug.product.to(case.product if case.product in seen else None))
    for key, ref in (("cases", case_id), ("accounts", case.account), ("contacts", case.contact)):
        if ref:
            await work.store.link(work.relation("bugs", key), bug, [ref if isinstance(ref, UUID) else ref.id], {})
    return bug


async def cases_learn_of_its_end(work: "Work", change: Change[Bug]) -> None:
    """A note in every open case of a bug that is closed, as far as whoever closes it may write there."""
    bug = change.after
    if bug.status != "closed" or not change.touches(Bug.status):
        return
    asked = ListQuery(filter=StillOpen(), columns=("name",), limit=MOST_CASES)
    cases = await work.store.related(work.relation("bugs", "cases"), bug.id, asked)
    words = as_markup(await _said_of_end(work, bug)) if cases.rows else ""
    for row in cases.rows:
        with suppress(Denied):
            await write_update(work, Ref("cases", row.id), words, internal=True)


async def _said_of_end(work: "Work", bug: Bug) -> str:
    release = bug.fixed_in_release
    named = (await work.store.names([release])).get(release) if release else None
    facts = {"number": work.locale.in_digits(str(bug.bug_number)), "name": bug.name}
    if named and named.name:
        return catalogue(work.locale.language).text("bugs.closed_in_release", release=named.name, **facts)
    return catalogue(work.locale.language).text("bugs.closed", **facts)


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
    after_save=(cases_learn_of_its_end,),
    duplicates=(DuplicateRule(same=("name",)),),
)
