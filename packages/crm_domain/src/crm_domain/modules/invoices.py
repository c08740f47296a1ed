"""Invoices: what is owed for what was sold. An issued one is not changed but cancelled and issued anew."""

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_domain.definition import Amount, Arrangement, Change, Module, Record, panel, required
from crm_domain.definition.kinds import Choice, Date, Link, Money, Text
from crm_domain.modules.blocks.document import (
    TAKEN,
    Document,
    addresses_of_the_account,
    amounts_follow_the_bill,
    lines_know_their_products,
)
from crm_domain.modules.selling_options import INVOICE_STATUSES, PAYMENT_TERMS
from crm_domain.problems import FieldProblem, Invalid, Refused
from crm_domain.selling.numbering import numbered

if TYPE_CHECKING:
    from crm_domain.records.work import Work

TERM_DAYS = {"net_15": 15, "net_30": 30, "net_45": 45, "net_60": 60}
"""Days from the invoice's date until it is due; for all other terms it is due at once."""


class Invoice(Document):
    name = required(Text(max_length=255, search=True))
    status = required(Choice(options=INVOICE_STATUSES, default="draft", indexed=True, copied=False))
    account = required(Link(target="accounts", inverse="invoices", indexed=True))
    contact = Link(target="contacts", inverse="invoices", among="account", indexed=True)
    quote = Link(target="quotes", inverse="invoices", among="account", indexed=True, copied=False)
    quote_number = Text(max_length=40, search=True, copied=False)
    quote_date = Date(copied=False)
    invoice_date = Date(indexed=True, copied=False)
    due_on = Date(indexed=True, copied=False)
    payment_term = Choice(options=PAYMENT_TERMS)
    paid_amount = Money(copied=False)
    remaining_amount = Money(readonly=True, copied=False, indexed=True)

    layout = Arrangement(
        columns=(
            Document.number,
            name,
            status,
            contact,
            account,
            Document.total_amount,
            due_on,
            Record.assigned_to,
        ),
        offered=(
            invoice_date,
            paid_amount,
            remaining_amount,
            Document.subtotal_amount,
            Document.tax_amount,
            payment_term,
            quote,
            quote_number,
            quote_date,
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
                (status, payment_term),
                (invoice_date, due_on),
                (quote_number, quote_date),
                (quote, Document.pdf_template),
                (Document.description,),
            ),
            panel("contacts", (account, contact)),
            panel("items", (Document.bill,)),
            panel("payment", (paid_amount, remaining_amount), (Document.terms,)),
            panel("texts", (Document.text_blocks,), folded=True),
            panel("addresses", (Document.billing_address, Document.shipping_address)),
            panel("assignment", (Record.assigned_to, Record.team)),
        ),
        quick=((name, account), (status, invoice_date), (due_on, Record.assigned_to)),
        picker=(name, Document.number, account, status),
        basic=(name,),
        advanced=(
            name,
            Document.number,
            contact,
            account,
            Document.total_amount,
            remaining_amount,
            invoice_date,
            due_on,
            status,
            quote_number,
            Record.assigned_to,
            Record.team,
        ),
        highlights=(status, Document.total_amount, remaining_amount, due_on, account, Record.assigned_to),
        board=status,
        board_sum=Document.total_amount,
        card=(name, account, Document.total_amount, due_on, Record.assigned_to),
    )


def issued_stays_issued(change: Change[Invoice]) -> None:
    """Lines and account of an issued invoice are final, and a cancelled one is not revived."""
    before = change.before
    if before is None or before.status == "draft":
        return
    if change.touches(Invoice.bill) or change.touches(Invoice.account):
        raise Refused("invoices.issued")
    if change.touches(Invoice.status) and "draft" in (before.status, change.after.status):
        raise Refused("invoices.issued")
    if before.status == "cancelled" and change.touches(Invoice.status):
        raise Refused("invoices.cancelled")


async def dated_today(work: "Work", change: Change[Invoice]) -> None:
    """An invoice is of today and due by its payment term, unless dates are given."""
    if not change.after.values.get("invoice_date") and change.new:
        change.set(Invoice.invoice_date, work.now().astimezone(work.locale.zone).date())
    after = change.after
    if after.invoice_date and not after.due_on:
        change.set(Invoice.due_on, after.invoice_date + timedelta(days=TERM_DAYS.get(after.payment_term or "", 0)))
    if after.due_on and after.invoice_date and after.due_on < after.invoice_date:
        raise Invalid({"due_on": (FieldProblem("invoices.due_early"),)})


async def paid_says_so(_work: "Work", change: Change[Invoice]) -> None:
    """What remains follows from what was paid, and so does the status of an issued invoice."""
    after = change.after
    total, paid = after.values.get("total_amount"), after.paid_amount
    if total is None:
        change.set(Invoice.remaining_amount, None)
        return
    if paid and paid.currency != total.currency:
        raise Invalid({"paid_amount": (FieldProblem("problems.other_currency", {"currency": total.currency}),)})
    remaining = total.value - (paid.value if paid else 0)
    if (
        after.status == "paid"
        and change.touches(Invoice.status)
        and remaining > 0
        and not change.touches(Invoice.paid_amount)
    ):
        change.set(Invoice.paid_amount, total)
        remaining = total.value * 0
    change.set(Invoice.remaining_amount, Amount(remaining, total.currency))
    if after.status in ("unpaid", "partly_paid", "paid") and change.touches(Invoice.paid_amount):
        settled = "paid" if remaining <= 0 else "partly_paid" if paid and paid.value > 0 else "unpaid"
        change.set(Invoice.status, settled)


async def only_drafts_go(_work: "Work", record: Record) -> None:
    """An issued invoice is cancelled, not deleted."""
    if record.values.get("status") != "draft":
        raise Refused("invoices.kept")


INVOICES = Module(
    key="invoices",
    record=Invoice,
    icon="banknote",
    number_field="number",
    open_field="status",
    due_field="due_on",
    takes=TAKEN,
    before_save=(issued_stays_issued,),
    with_work=(
        addresses_of_the_account,
        lines_know_their_products,
        amounts_follow_the_bill,
        dated_today,
        paid_says_so,
        numbered(Document.number, lambda _change: "INV"),
    ),
    before_remove=(only_drafts_go,),
)
