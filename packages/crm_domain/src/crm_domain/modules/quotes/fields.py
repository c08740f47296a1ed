"""What a quote holds: an offer of products and prices with its terms, the people it is between, and its deadlines."""

from crm_domain.definition import Arrangement, Record, panel, required
from crm_domain.definition.kinds import Boolean, Choice, Date, DateTime, Integer, Link, LongText, Text, UserLink
from crm_domain.modules.blocks.document import Document
from crm_domain.modules.selling_options import (
    APPROVALS,
    INVOICING,
    PAYMENT_TERMS,
    QUOTE_ABBREVIATIONS,
    QUOTE_STAGES,
    SHIPMENT_TERMS,
)


class Quote(Document):
    name = required(Text(max_length=255, search=True))
    abbreviation = required(Choice(options=QUOTE_ABBREVIATIONS, default="qt"))
    stage = required(Choice(options=QUOTE_STAGES, default="draft", indexed=True, copied=False))
    account = required(Link(target="accounts", inverse="quotes", indexed=True))
    contact = Link(target="contacts", inverse="quotes", among="account", indexed=True)
    client_technical_contact = Link(target="contacts", among="account")
    contact_person = UserLink(mine=True)
    technical_contact = UserLink()
    opportunity = Link(target="opportunities", inverse="quotes", among="account", indexed=True)
    starts_on = Date()
    ends_on = Date()
    answer_by = Date()
    expires_on = required(Date(indexed=True))
    lead_time = Text(max_length=255)
    warranty = Text(max_length=255)
    validity = Text(max_length=255)
    payment_term = Choice(options=PAYMENT_TERMS)
    shipment_terms = Choice(options=SHIPMENT_TERMS)
    approval_status = Choice(options=APPROVALS, copied=False)
    approval_issue = LongText(copied=False)
    invoice_status = Choice(options=INVOICING, default="not_invoiced", readonly=True, copied=False)
    edition = Integer(readonly=True, copied=False)
    original = Link(target="quotes", inverse="editions", readonly=True, copied=False, indexed=True)
    is_latest = Boolean(readonly=True, copied=False)
    closed_at = DateTime(readonly=True, copied=False)

    layout = Arrangement(
        columns=(
            Document.number,
            name,
            stage,
            contact,
            account,
            Document.total_amount,
            expires_on,
            Record.assigned_to,
        ),
        offered=(
            abbreviation,
            Document.subtotal_amount,
            Document.discount_amount,
            Document.tax_amount,
            starts_on,
            ends_on,
            answer_by,
            contact_person,
            opportunity,
            payment_term,
            shipment_terms,
            approval_status,
            invoice_status,
            edition,
            is_latest,
            Record.team,
            Record.created_at,
            Record.modified_at,
            Record.created_by,
            Record.modified_by,
        ),
        panels=(
            panel(
                "general", (name,), (abbreviation, stage), (Document.pdf_template, opportunity), (Document.description,)
            ),
            panel("contacts", (account, contact), (contact_person, client_technical_contact), (technical_contact,)),
            panel("deadlines", (starts_on, ends_on), (answer_by, expires_on), (warranty, lead_time), (validity,)),
            panel("items", (Document.bill,)),
            panel("terms", (payment_term, shipment_terms), (Document.terms,)),
            panel("addresses", (Document.billing_address, Document.shipping_address)),
            panel("texts", (Document.text_blocks,)),
            panel("approval", (approval_status, invoice_status), (approval_issue,), folded=True),
            panel("assignment", (Record.assigned_to, Record.team), (edition, original)),
        ),
        quick=((name, account), (abbreviation, stage), (expires_on, Record.assigned_to)),
        picker=(name, Document.number, account, stage),
        basic=(name,),
        advanced=(
            name,
            Document.number,
            account,
            contact,
            Document.total_amount,
            expires_on,
            stage,
            payment_term,
            starts_on,
            ends_on,
            contact_person,
            opportunity,
            invoice_status,
            is_latest,
            Record.assigned_to,
            Record.team,
        ),
        highlights=(stage, Document.total_amount, account, contact, expires_on, Record.assigned_to),
        board=stage,
        board_sum=Document.total_amount,
        card=(name, account, Document.total_amount, expires_on, Record.assigned_to),
        subpanels=("contracts", "invoices", "editions"),
    )
