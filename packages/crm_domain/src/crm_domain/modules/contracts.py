"""Contracts: what was agreed, for how long, and when to speak about going on."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.definition import Arrangement, Change, Expiry, Module, Record, Ref, Set, panel, required
from crm_domain.definition.kinds import Choice, Date, DateTime, Link, Money, Text, UserLink
from crm_domain.modules.blocks.document import (
    TAKEN,
    Document,
    addresses_of_the_account,
    amounts_follow_the_bill,
    begins_with_texts,
    has_its_texts,
    lines_know_their_products,
)
from crm_domain.modules.selling_options import (
    CONTRACT_ABBREVIATIONS,
    CONTRACT_STATUSES,
    CONTRACT_TYPES,
    NOTICE_PERIODS,
    PAYMENT_TERMS,
    SHIPMENT_TERMS,
)
from crm_domain.problems import FieldProblem, Invalid, Refused
from crm_domain.selling.numbering import numbered
from crm_domain.text.jalali import add_months

if TYPE_CHECKING:
    from crm_domain.records.work import Work

REMIND_DAYS = 14
"""How long before its end a contract's renewal is spoken about, at noon."""
NOON = time(12)
NOTICE_MONTHS = {"1month": 1, "3months": 3, "6months": 6}
PREFIXES = {"cnt": "CNT", "ex_cnt": "EXCNT", "in_cnt": "INCNT"}


class Contract(Document):
    name = required(Text(max_length=255, search=True))
    reference_code = Text(max_length=255, search=True)
    abbreviation = required(Choice(options=CONTRACT_ABBREVIATIONS, default="cnt"))
    status = required(Choice(options=CONTRACT_STATUSES, default="not_started", indexed=True, copied=False))
    contract_type = Choice(options=CONTRACT_TYPES, indexed=True)
    account = required(Link(target="accounts", inverse="contracts", indexed=True))
    contact = Link(target="contacts", inverse="contracts", among="account", indexed=True)
    client_technical_contact = Link(target="contacts", among="account")
    contact_person = UserLink(mine=True)
    technical_contact = UserLink()
    opportunity = Link(target="opportunities", inverse="contracts", among="account", indexed=True)
    quote = Link(target="quotes", inverse="contracts", among="account", indexed=True, copied=False)
    renewed_from = Link(target="contracts", inverse="renewals", readonly=True, copied=False, indexed=True)
    starts_on = Date(indexed=True)
    ends_on = Date(indexed=True)
    renewal_reminder_at = DateTime(copied=False, indexed=True)
    notice_period = Choice(options=NOTICE_PERIODS, default="6months")
    notice_by = Date(readonly=True, copied=False, indexed=True)
    customer_signed_on = Date(copied=False)
    company_signed_on = Date(copied=False)
    contract_value = Money(indexed=True)
    payment_term = Choice(options=PAYMENT_TERMS)
    shipment_terms = Choice(options=SHIPMENT_TERMS)
    lead_time = Text(max_length=255)
    warranty = Text(max_length=255)

    layout = Arrangement(
        columns=(Document.number, name, status, account, contract_value, starts_on, ends_on, Record.assigned_to),
        offered=(
            reference_code,
            contract_type,
            contact,
            opportunity,
            quote,
            renewal_reminder_at,
            notice_by,
            customer_signed_on,
            company_signed_on,
            Document.total_amount,
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
                (status, contract_type),
                (contract_value, reference_code),
                (abbreviation, opportunity),
                (quote, renewed_from),
                (Document.description,),
            ),
            panel("contacts", (account, contact), (contact_person, client_technical_contact), (technical_contact,)),
            panel(
                "term",
                (starts_on, ends_on),
                (renewal_reminder_at, notice_period),
                (notice_by,),
                (customer_signed_on, company_signed_on),
            ),
            panel("items", (Document.bill,)),
            panel(
                "terms",
                (payment_term, shipment_terms),
                (warranty, lead_time),
                (Document.terms,),
                (Document.pdf_template,),
            ),
            panel("texts", (Document.text_blocks,)),
            panel("addresses", (Document.billing_address, Document.shipping_address), folded=True),
            panel("assignment", (Record.assigned_to, Record.team)),
        ),
        quick=(
            (name, status),
            (account, contract_type),
            (starts_on, ends_on),
            (reference_code, renewal_reminder_at),
            (opportunity, abbreviation),
            (customer_signed_on, company_signed_on),
        ),
        picker=(name, Document.number, account, status),
        basic=(name,),
        advanced=(
            name,
            Document.number,
            reference_code,
            account,
            opportunity,
            starts_on,
            ends_on,
            contract_value,
            status,
            contract_type,
            renewal_reminder_at,
            notice_by,
            Record.assigned_to,
            Record.team,
        ),
        highlights=(status, contract_value, account, starts_on, ends_on, notice_by),
        board=status,
        board_sum=contract_value,
        card=(name, account, contract_value, ends_on, Record.assigned_to),
        subpanels=("cases", "renewals"),
    )


def ends_after_it_starts(change: Change[Contract]) -> None:
    """A contract ends on or after the day it starts."""
    after = change.after
    if after.starts_on and after.ends_on and after.ends_on < after.starts_on:
        raise Invalid({"ends_on": (FieldProblem("contracts.ends_early"),)})


async def dates_follow_the_end(work: "Work", change: Change[Contract]) -> None:
    """The last day to give notice and, unless it is given, the reminder of renewal follow from the end."""
    after, moved = change.after, change.touches(Contract.ends_on)
    if not (moved or change.touches(Contract.notice_period)):
        return
    end = after.ends_on
    months = NOTICE_MONTHS.get(after.notice_period or "")
    change.set(Contract.notice_by, add_months(end, -months, work.locale.calendar) if end and months else None)
    if end and moved and not change.touches(Contract.renewal_reminder_at):
        noon = datetime.combine(end - timedelta(days=REMIND_DAYS), NOON, work.locale.zone)
        change.set(Contract.renewal_reminder_at, noon.astimezone(UTC))


async def worth_its_lines(_work: "Work", change: Change[Contract]) -> None:
    """A contract is worth what its lines come to, unless another value is given."""
    total = change.after.values.get("total_amount")
    if total and not change.after.contract_value:
        change.set(Contract.contract_value, total)


def _prefix(change: Change[Contract]) -> str:
    return PREFIXES.get(change.after.abbreviation, "CNT")


RENEWED = (
    "name", "reference_code", "abbreviation", "contract_type", "account", "contact", "client_technical_contact",
    "contact_person", "technical_contact", "opportunity", "notice_period", "contract_value", "payment_term",
    "shipment_terms", "lead_time", "warranty", "bill", "terms", "text_blocks", "description", "billing_address", "shipping_address",
    "assigned_to", "team",
)  # fmt: skip


async def renew(work: "Work", contract_id: UUID) -> UUID:
    """The contract once more, for as long again from the day after its end; the caller commits.

    Raises NotFound, Denied, or Refused where it has no dates or was renewed already.
    """
    contract = await work.get(Contract, contract_id, lock=True)
    start, end = contract.starts_on, contract.ends_on
    if start is None or end is None:
        raise Refused("contracts.no_dates")
    if (await work.store.related_counts([work.relation("contracts", "renewals")], contract_id))["renewals"].number:
        raise Refused("contracts.renewed_already")
    kept = {key: contract.values.get(key) for key in RENEWED}
    begins, ends = _next_term(start, end, work)
    facts = {**kept, "starts_on": begins, "ends_on": ends}
    sets = [Set(key, value) for key, value in facts.items() if value is not None]
    made = await work.create(Contract, *sets)
    await work.update(Contract, made, Contract.renewed_from.to(Ref("contracts", contract_id)))
    return made


def _next_term(start: date, end: date, work: "Work") -> tuple[date, date]:
    """As many whole months as before where there were whole months, else as many days."""
    begins = end + timedelta(days=1)
    for months in range(1, 121):
        if add_months(start, months, work.locale.calendar) - timedelta(days=1) == end:
            return begins, add_months(begins, months, work.locale.calendar) - timedelta(days=1)
    return begins, begins + (end - start)


CONTRACTS = Module(
    key="contracts",
    record=Contract,
    icon="file-signature",
    number_field="number",
    open_field="status",
    due_field="ends_on",
    expiry=Expiry(day="ends_on", becomes="expired", warn_at="renewal_reminder_at"),
    takes=TAKEN,
    begins=begins_with_texts,
    before_save=(ends_after_it_starts,),
    with_work=(
        has_its_texts,
        addresses_of_the_account,
        lines_know_their_products,
        amounts_follow_the_bill,
        worth_its_lines,
        dates_follow_the_end,
        numbered(Document.number, _prefix),
    ),
)
