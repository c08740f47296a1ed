"""Targets: people known only as marketing material, before any interest of theirs."""

from crm_domain.definition import Arrangement, DuplicateRule, Module, Record, panel
from crm_domain.definition.kinds import Boolean, Link, Text
from crm_domain.modules.blocks.person import Person


class Target(Person):
    account_name = Text(max_length=150, search=True)
    campaign = Link(target="campaigns", inverse="targets", indexed=True)
    converted = Boolean(readonly=True, copied=False, mass=False)
    lead = Link(target="leads", inverse="targets", readonly=True, copied=False, indexed=True)

    layout = Arrangement(
        columns=(Person.name, Person.title, Person.emails, Person.phone_work, account_name, Record.created_at),
        offered=(
            Person.first_name,
            Person.last_name,
            Person.salutation,
            Person.department,
            Person.phone_mobile,
            Person.do_not_call,
            "primary_address.street",
            "primary_address.city",
            "primary_address.state",
            "primary_address.postal_code",
            "primary_address.country",
            campaign,
            lead,
            Record.assigned_to,
            Record.team,
            Record.modified_at,
            Record.created_by,
        ),
        panels=(
            panel(
                "overview",
                (Person.salutation,),
                (Person.first_name, Person.last_name),
                (account_name, Person.title),
                (Person.phone_work, Person.phone_mobile),
                (Person.department, Person.phone_fax),
                (Person.emails,),
                (Person.primary_address, Person.alt_address),
                (Person.description,),
            ),
            panel(
                "more",
                (campaign, lead),
                (Person.do_not_call, Person.birthdate),
                (Person.phone_home, Person.phone_other),
                (Person.assistant, Person.assistant_phone),
                (Person.photo,),
                (Record.assigned_to, Record.team),
            ),
            panel("privacy", (Person.lawful_basis, Person.lawful_basis_source), (Person.date_reviewed,), folded=True),
        ),
        quick=(
            (Person.first_name, Person.last_name),
            (Person.phone_work, Person.phone_mobile),
            (account_name, Person.title),
            (Person.department, Person.phone_fax),
            (Person.emails, Person.do_not_call),
            (Record.assigned_to,),
        ),
        picker=(Person.name, account_name, Person.title),
        basic=(Person.name,),
        advanced=(
            Person.first_name,
            Person.last_name,
            Person.emails,
            Person.phone_work,
            Person.phone_mobile,
            Person.assistant,
            Person.do_not_call,
            "primary_address.street",
            "primary_address.city",
            "primary_address.state",
            "primary_address.postal_code",
            "primary_address.country",
            account_name,
            campaign,
            Record.assigned_to,
            Record.team,
        ),
        highlights=(account_name, Person.title, Person.phone_mobile, Person.emails, Record.assigned_to),
        subpanels=("target_lists",),
    )


TARGETS = Module(
    key="targets",
    mergeable=True,
    record=Target,
    icon="user-search",
    group="marketing",
    person=True,
    sort_field="last_name",
    duplicates=(DuplicateRule(same=("last_name",), starts=("first_name",)),),
)
