"""Accounts: organisations we sell to, buy from, work with or compete against; what every other record points to."""

from crm_domain.definition import Arrangement, DuplicateRule, Module, Record, panel, required
from crm_domain.definition.kinds import Address, Choice, Emails, Integer, Link, LongText, Money, Phone, Text, Url
from crm_domain.modules.blocks.company_names import bare
from crm_domain.modules.blocks.hierarchy import no_cycle
from crm_domain.modules.options import ACCOUNT_TYPES, INDUSTRIES, RATINGS


class Account(Record):
    name = required(Text(max_length=255, search=True))
    brand_name = Text(max_length=150, search=True)
    website = Url()
    emails = Emails()
    phone_office = Phone(search=True)
    phone_alternate = Phone(search=True)
    phone_fax = Phone()
    billing_address = Address(twin="shipping_address")
    shipping_address = Address(twin="billing_address")
    account_type = Choice(options=ACCOUNT_TYPES, indexed=True)
    industry = Choice(options=INDUSTRIES, indexed=True)
    rating = Choice(options=RATINGS)
    annual_revenue = Money(indexed=True)
    employees = Integer(minimum=0)
    ownership = Text(max_length=100)
    parent = Link(target="accounts", inverse="members", indexed=True)
    national_legal_id = Text(max_length=11, check="legal_id", search=True)
    economic_code = Text(max_length=14, check="economic_code", search=True)
    registration_no = Text(max_length=20, check="digits", search=True)
    sic_code = Text(max_length=10)
    ticker_symbol = Text(max_length=10)
    campaign = Link(target="campaigns", inverse="accounts", indexed=True)
    description = LongText()

    layout = Arrangement(
        columns=(
            name,
            "billing_address.city",
            "billing_address.country",
            phone_office,
            Record.assigned_to,
            emails,
            Record.created_at,
        ),
        offered=(
            account_type,
            industry,
            annual_revenue,
            employees,
            rating,
            parent,
            brand_name,
            website,
            phone_alternate,
            phone_fax,
            "billing_address.street",
            "billing_address.state",
            "billing_address.postal_code",
            "shipping_address.street",
            "shipping_address.city",
            "shipping_address.state",
            "shipping_address.postal_code",
            "shipping_address.country",
            national_legal_id,
            economic_code,
            registration_no,
            ownership,
            sic_code,
            ticker_symbol,
            campaign,
            Record.team,
            Record.modified_at,
            Record.created_by,
            Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (name, brand_name),
                (phone_office, phone_fax),
                (website, emails),
                (billing_address, shipping_address),
                (description,),
                (Record.assigned_to, Record.team),
            ),
            panel(
                "more",
                (account_type, industry),
                (annual_revenue, employees),
                (parent, rating),
                (ownership, phone_alternate),
                (campaign,),
            ),
            panel("legal", (national_legal_id, economic_code), (registration_no, ticker_symbol), (sic_code,)),
        ),
        quick=(
            (name,),
            (website, phone_office),
            (emails, phone_fax),
            (industry, account_type),
            (Record.assigned_to,),
        ),
        picker=(
            name,
            account_type,
            "billing_address.city",
            "billing_address.state",
            "billing_address.country",
            Record.assigned_to,
        ),
        basic=(name,),
        advanced=(
            name,
            website,
            phone_office,
            emails,
            "billing_address.street",
            "billing_address.city",
            "billing_address.state",
            "billing_address.postal_code",
            "billing_address.country",
            account_type,
            industry,
            rating,
            annual_revenue,
            employees,
            national_legal_id,
            parent,
            campaign,
            Record.assigned_to,
            Record.team,
        ),
        highlights=(account_type, industry, phone_office, annual_revenue, Record.assigned_to),
        subpanels=(
            "contacts",
            "opportunities",
            "leads",
            "cases",
            "quotes",
            "invoices",
            "contracts",
            "notes",
            "bugs",
            "supplied_products",
            "members",
            "target_lists",
        ),
    )


ACCOUNTS = Module(
    key="accounts",
    mergeable=True,
    record=Account,
    icon="building-2",
    many_at_once=True,
    tells_of=("contacts", "opportunities", "leads", "cases", "quotes", "contracts"),
    with_work=(no_cycle(Account, Account.parent),),
    name_core=bare,
    duplicates=(
        DuplicateRule(same=("name",)),
        DuplicateRule(starts=("name", "billing_address.city")),
        DuplicateRule(starts=("name", "shipping_address.city")),
        DuplicateRule(same=("national_legal_id",)),
        DuplicateRule(same=("website",)),
    ),
)
