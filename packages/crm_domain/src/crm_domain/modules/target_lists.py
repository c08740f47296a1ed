"""Target lists: who is addressed, who is spared, and who looks at a mailing first."""

from crm_domain.definition import Arrangement, ManyToAny, Module, Record, panel, required
from crm_domain.definition.kinds import Choice, Integer, Link, LongText, Text
from crm_domain.modules.marketing_options import LIST_PURPOSES, LIST_TYPES


class TargetList(Record):
    """Its type says what it does in a mailing; a newsletter's own lists also have a purpose."""

    name = required(Text(max_length=255, search=True))
    list_type = required(Choice(options=LIST_TYPES, default="default", indexed=True))
    description = LongText()
    entry_count = Integer(readonly=True, audited=False, copied=False, indexed=True, default=0)
    purpose = Choice(options=LIST_PURPOSES, readonly=True, copied=False)
    newsletter = Link(target="campaigns", readonly=True, copied=False)

    layout = Arrangement(
        columns=(name, list_type, entry_count, description, Record.assigned_to, Record.created_at),
        offered=(purpose, newsletter, Record.team, Record.modified_at, Record.created_by),
        panels=(
            panel(
                "overview",
                (name, list_type),
                (description,),
                (entry_count, newsletter),
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

TARGET_LISTS = Module(key="target_lists", record=TargetList, icon="list-checks", group="marketing")
