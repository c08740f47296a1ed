"""Target lists: who is addressed, who is spared, and who looks at a mailing first."""

from typing import TYPE_CHECKING, Any

from crm_domain.definition import Arrangement, Change, ManyToAny, Module, Record, panel, required
from crm_domain.definition.kinds import Choice, Integer, Link, LongText, Text
from crm_domain.modules.marketing_options import LIST_PURPOSES, LIST_TYPES
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery

if TYPE_CHECKING:
    from crm_domain.records.work import Work

TYPE_OF_PURPOSE = {"subscription": "default", "unsubscription": "exempt", "test": "test"}
"""What each list of a newsletter does in its mailings."""


class TargetList(Record):
    """Its type says what it does in a mailing; a newsletter's own lists also have a purpose."""

    name = required(Text(max_length=255, search=True))
    list_type = required(Choice(options=LIST_TYPES, default="default", indexed=True))
    description = LongText()
    entry_count = Integer(readonly=True, audited=False, copied=False, indexed=True, default=0)
    newsletter = Link(target="campaigns", copied=False, mass=False)
    purpose = Choice(options=LIST_PURPOSES, copied=False, mass=False)

    layout = Arrangement(
        columns=(name, list_type, entry_count, description, Record.assigned_to, Record.created_at),
        offered=(purpose, newsletter, Record.team, Record.modified_at, Record.created_by),
        panels=(
            panel(
                "overview",
                (name, list_type),
                (description,),
                (newsletter, purpose),
                (entry_count,),
                (Record.assigned_to, Record.team),
            ),
        ),
        quick=((name, list_type), (description,), (Record.assigned_to,)),
        picker=(name, list_type, entry_count),
        basic=(name,),
        advanced=(name, list_type, entry_count, Record.assigned_to, Record.team),
        highlights=(list_type, entry_count, Record.assigned_to),
        subpanels=("targets", "contacts", "leads", "accounts", "users", "campaigns", "web_forms"),
    )


TARGET_LIST_MEMBERS = ManyToAny(
    key="target_list_member",
    left="target_lists",
    rights=("targets", "contacts", "leads", "accounts", "users"),
    right_key="target_lists",
    counter="entry_count",
    along={"accounts": "contacts"},
)


def purpose_fits(change: Change[TargetList]) -> None:
    """A newsletter's list says what it is for, and is of the type that does it."""
    after = change.after
    if bool(after.purpose) != bool(after.newsletter):
        missing = "newsletter" if after.purpose else "purpose"
        raise Invalid({missing: (FieldProblem("target_lists.purpose_of_newsletter"),)})
    if after.purpose and after.list_type != TYPE_OF_PURPOSE[after.purpose]:
        raise Invalid({"list_type": (FieldProblem("target_lists.type_of_purpose"),)})


async def only_newsletters_own_lists(work: "Work", change: Change[TargetList]) -> None:
    """Other campaigns have no subscribers."""
    if not change.after.newsletter or not change.touches(TargetList.newsletter):
        return
    campaigns = work.registry["campaigns"]
    found = await work.store.fetch(campaigns, [change.after.newsletter.id], columns=("campaign_type",))
    if found and found[0]["campaign_type"] != "newsletter":
        raise Invalid({"newsletter": (FieldProblem("target_lists.no_newsletter"),)})


async def takes_its_place(work: "Work", change: Change[TargetList]) -> None:
    """A newsletter has one list for each purpose: the one chosen last, which takes part in its mailings from then on."""
    after = change.after
    if not after.newsletter or not (change.touches(TargetList.newsletter) or change.touches(TargetList.purpose)):
        return
    module, owner = work.module(TargetList), after.newsletter.id
    await work.store.link(work.relation("campaigns", "target_lists"), owner, [after.id], {})
    same = both(Condition("newsletter", "eq", owner), Condition("purpose", "eq", after.purpose))
    rows = (await work.store.page(module, ListQuery(filter=same, columns=("name",), limit=10))).rows
    before = [row.id for row in rows if row.id != after.id]
    if before:
        await work.store.update(module, before, {"newsletter": None, "purpose": None})


TARGET_LISTS: Module[Any] = Module(
    key="target_lists",
    record=TargetList,
    icon="list-checks",
    group="marketing",
    before_save=(purpose_fits,),
    with_work=(only_newsletters_own_lists,),
    many_at_once=True,
    after_save=(takes_its_place,),
)
