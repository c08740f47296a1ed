"""Contacts: people we deal with, usually working for an account."""

from crm_domain.definition import Arrangement, Credit, DuplicateRule, LinkFields, ManyToMany, Module, Record, panel
from crm_domain.definition.kinds import Boolean, Choice, Date, Integer, Link, Text
from crm_domain.modules.blocks.hierarchy import no_cycle
from crm_domain.modules.blocks.person import Person
from crm_domain.modules.options import LEAD_SOURCES


class Contact(Person):
    account = Link(target="accounts", indexed=True)
    reports_to = Link(target="contacts", inverse="direct_reports", indexed=True)
    lead_source = Choice(options=LEAD_SOURCES, indexed=True)
    campaign = Link(target="campaigns", inverse="contacts", indexed=True)

    layout = Arrangement(
        columns=(
            Person.name,
            Person.title,
            account,
            Person.emails,
            Person.phone_work,
            Record.assigned_to,
            Record.created_at,
        ),
        offered=(
            Person.first_name,
            Person.last_name,
            Person.salutation,
            Person.department,
            Person.phone_mobile,
            Person.phone_home,
            Person.phone_other,
            Person.phone_fax,
            Person.do_not_call,
            "primary_address.street",
            "primary_address.city",
            "primary_address.state",
            "primary_address.postal_code",
            "primary_address.country",
            "alt_address.city",
            "alt_address.state",
            "alt_address.country",
            "account.industry",
            lead_source,
            campaign,
            reports_to,
            Person.birthdate,
            Person.assistant,
            Person.assistant_phone,
            Person.name_latin,
            Record.team,
            Record.modified_at,
            Record.created_by,
            Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (Person.salutation,),
                (Person.first_name, Person.last_name),
                (account, Person.title),
                (Person.phone_work, Person.phone_mobile),
                (Person.department, Person.phone_fax),
                (Person.emails,),
                (Person.primary_address, Person.alt_address),
                (Person.description,),
                (Record.assigned_to, Record.team),
            ),
            panel(
                "more",
                (lead_source, reports_to),
                (Person.birthdate, Person.gender),
                (Person.assistant, Person.assistant_phone),
                (Person.phone_home, Person.phone_other),
                (Person.do_not_call, Person.photo),
                (campaign,),
            ),
            panel("identity", (Person.national_id, Person.name_latin), folded=True),
            panel(
                "privacy",
                (Person.lawful_basis, Person.lawful_basis_source),
                (Person.date_reviewed,),
                folded=True,
            ),
        ),
        quick=(
            (Person.salutation, account),
            (Person.first_name, Person.last_name),
            (Person.title, Person.phone_work),
            (Person.phone_mobile, Person.phone_fax),
            (Person.emails, Person.do_not_call),
            (lead_source, Record.assigned_to),
        ),
        picker=(Person.name, account, Person.title, lead_source),
        basic=(Person.name,),
        advanced=(
            Person.first_name,
            Person.last_name,
            account,
            Person.emails,
            Person.phone_work,
            Person.phone_mobile,
            "primary_address.street",
            "primary_address.city",
            "primary_address.state",
            "primary_address.postal_code",
            "primary_address.country",
            lead_source,
            campaign,
            Record.assigned_to,
            Record.team,
        ),
        highlights=(account, Person.title, Person.phone_mobile, Person.emails, Record.assigned_to),
        subpanels=(
            "accounts",
            "opportunities",
            "leads",
            "cases",
            "bugs",
            "quotes",
            "invoices",
            "contracts",
            "direct_reports",
            "target_lists",
        ),
    )


class Employment(LinkFields):
    """What a contact is at one of his accounts."""

    is_primary = Boolean()
    title = Text(max_length=100)
    rank = Integer(minimum=1)
    is_former = Boolean()
    from_date = Date()
    to_date = Date()


ACCOUNT_CONTACTS = ManyToMany(
    key="account_contacts",
    left="accounts",
    right="contacts",
    left_key="contacts",
    right_key="accounts",
    fields=Employment,
    primary="is_primary",
    mirrors="account",
)

CONTACTS = Module(
    key="contacts",
    mergeable=True,
    credit=Credit("campaign", "contact"),
    record=Contact,
    icon="users",
    person=True,
    sort_field="last_name",
    many_at_once=True,
    tells_of=("opportunities", "cases"),
    takes={"account": {"primary_address": "billing_address", "assigned_to": "assigned_to"}},
    with_work=(no_cycle(Contact, Contact.reports_to),),
    duplicates=(DuplicateRule(same=("last_name",), starts=("first_name",)), DuplicateRule(same=("national_id",))),
)
