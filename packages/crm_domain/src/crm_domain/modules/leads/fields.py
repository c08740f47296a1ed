"""What a lead holds: everything we know of a person and his company before it is worth an account."""

from crm_domain.definition import Arrangement, Record, panel, required
from crm_domain.definition.kinds import Boolean, Choice, DateTime, Link, LongText, Money, MultiChoice, Text, Url
from crm_domain.modules.blocks.person import Person
from crm_domain.modules.options import CONVERSION_PARTS, INDUSTRIES, LEAD_SOURCES, LEAD_STATUSES


class Lead(Person):
    status = required(Choice(options=LEAD_STATUSES, default="new", indexed=True))
    status_description = LongText()
    lead_source = Choice(options=LEAD_SOURCES, indexed=True)
    campaign = Link(target="campaigns", inverse="leads", indexed=True)
    lead_source_description = LongText()
    referred_by = Text(max_length=100)
    account_name = Text(max_length=255, search=True)
    account_description = LongText()
    website = Url()
    industry = Choice(options=INDUSTRIES)
    opportunity_name = Text(max_length=255)
    opportunity_amount = Money(positive=True, indexed=True)
    reports_to = Link(target="contacts")
    converted = Boolean(readonly=True, copied=False, mass=False)
    converted_at = DateTime(readonly=True, copied=False, indexed=True)
    converted_contact = Link(target="contacts", inverse="leads", readonly=True, copied=False, indexed=True)
    converted_account = Link(target="accounts", inverse="leads", readonly=True, copied=False, indexed=True)
    converted_opportunity = Link(target="opportunities", inverse="leads", readonly=True, copied=False, indexed=True)
    converted_new = MultiChoice(options=CONVERSION_PARTS, readonly=True, audited=False, copied=False, mass=False)
    converted_along = LongText(readonly=True, audited=False, copied=False, mass=False, max_length=262_144)
    """What the conversion did to activities and lists, as `traces.py` writes it."""
    converted_without = LongText(readonly=True, audited=False, copied=False, mass=False)
    """Values that were not taken over, since who converted may not write them: `contact.description`, one a line."""

    layout = Arrangement(
        columns=(
            Person.name,
            status,
            account_name,
            Person.phone_work,
            Person.emails,
            Record.assigned_to,
            Record.created_at,
        ),
        offered=(
            Person.first_name,
            Person.last_name,
            Person.salutation,
            Person.title,
            Person.department,
            Person.phone_mobile,
            Person.phone_home,
            Person.phone_other,
            Person.phone_fax,
            Person.do_not_call,
            lead_source,
            campaign,
            referred_by,
            website,
            industry,
            opportunity_name,
            opportunity_amount,
            "primary_address.street",
            "primary_address.city",
            "primary_address.state",
            "primary_address.postal_code",
            "primary_address.country",
            converted_at,
            converted_contact,
            converted_account,
            converted_opportunity,
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
                (account_name, Person.title),
                (Person.phone_work, Person.phone_mobile),
                (Person.department, Person.phone_fax),
                (website, Person.emails),
                (Person.primary_address, Person.alt_address),
                (Person.description,),
            ),
            panel(
                "more",
                (status, lead_source),
                (status_description, lead_source_description),
                (opportunity_name, opportunity_amount),
                (referred_by, campaign),
                (industry,),
                (account_description,),
                (reports_to, Person.do_not_call),
                (Person.birthdate, Person.gender),
                (Person.phone_home, Person.phone_other),
                (Person.assistant, Person.assistant_phone),
                (Person.photo,),
            ),
            panel("assignment", (Record.assigned_to, Record.team)),
            panel("identity", (Person.national_id, Person.name_latin), folded=True),
            panel(
                "privacy",
                (Person.lawful_basis, Person.lawful_basis_source),
                (Person.date_reviewed,),
                folded=True,
            ),
            panel(
                "conversion", (converted_contact, converted_account), (converted_opportunity, converted_at), folded=True
            ),
        ),
        quick=(
            (Person.salutation, status),
            (Person.first_name, Person.last_name),
            (Person.title, Person.phone_work),
            (Person.phone_mobile, Person.phone_fax),
            (Person.department, account_name),
            (Person.emails, Person.do_not_call),
            (lead_source, referred_by),
            (Record.assigned_to,),
        ),
        picker=(Person.name, account_name, status, lead_source, Record.assigned_to),
        basic=(Person.name,),
        advanced=(
            Person.first_name,
            Person.last_name,
            Person.emails,
            Person.phone_work,
            Person.phone_mobile,
            account_name,
            "primary_address.street",
            "primary_address.city",
            "primary_address.state",
            "primary_address.country",
            status,
            lead_source,
            campaign,
            industry,
            opportunity_amount,
            Record.assigned_to,
            Record.team,
        ),
        highlights=(status, account_name, Person.phone_mobile, Person.emails, lead_source, Record.assigned_to),
        board=status,
        board_sum=opportunity_amount,
        card=(Person.name, account_name, opportunity_amount, Person.phone_mobile, Record.assigned_to),
        subpanels=("target_lists",),
    )
