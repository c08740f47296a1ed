"""What becomes of a quote: an invoice, a contract, an opportunity. Lines are copied, so none changes the other's."""

from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from crm_domain.definition import Record, Ref, Set
from crm_domain.modules.contracts import Contract
from crm_domain.modules.invoices import Invoice
from crm_domain.modules.opportunities import Opportunity
from crm_domain.modules.quotes.fields import Quote
from crm_domain.problems import Refused
from crm_domain.records.take_over import in_common

if TYPE_CHECKING:
    from crm_domain.records.work import Work

R = TypeVar("R", bound=Record)


async def invoice_from(work: "Work", quote_id: UUID) -> UUID:
    """A draft of an invoice with the quote's lines; the quote is marked as invoiced. The caller commits.

    Raises NotFound, Denied, or Refused for an older edition or a quote that is invoiced already.
    """
    quote = await _latest(work, quote_id)
    if quote.invoice_status == "invoiced":
        raise Refused("quotes.invoiced_already", number=quote.number or "")
    made = await _made(
        work,
        Invoice,
        quote,
        quote=Ref("quotes", quote.id),
        quote_number=quote.number,
        quote_date=quote.values["created_at"].astimezone(work.locale.zone).date(),
    )
    await work.update(Quote, quote.id, Quote.invoice_status.to("invoiced"))
    return made


async def contract_from(work: "Work", quote_id: UUID) -> UUID:
    """A contract with the quote's people, terms and lines, worth what the quote comes to. The caller commits.

    Raises NotFound, Denied, or Refused for an older edition.
    """
    quote = await _latest(work, quote_id)
    return await _made(
        work, Contract, quote, quote=Ref("quotes", quote.id), contract_value=quote.values.get("total_amount")
    )


async def opportunity_from(work: "Work", quote_id: UUID) -> UUID:
    """A deal of the quote's worth that closes when the quote ends, linked to it. The caller commits.

    Raises NotFound, Denied, or Refused where the quote has one or comes to nothing.
    """
    quote = await _latest(work, quote_id)
    if quote.opportunity:
        raise Refused("quotes.has_opportunity", name=quote.opportunity.name)
    amount = quote.values.get("total_amount")
    if amount is None or amount.value <= 0:
        raise Refused("quotes.worth_nothing")
    deal = await work.create(
        Opportunity,
        Opportunity.name.to(quote.name),
        Opportunity.account.to(quote.account),
        Opportunity.amount.to(amount),
        Opportunity.stage.to("proposal"),
        Opportunity.lead_source.to("self_generated"),
        Opportunity.closes_on.to(quote.expires_on),
        Opportunity.assigned_to.to(quote.assigned_to),
    )
    await work.update(Quote, quote.id, Quote.opportunity.to(Ref("opportunities", deal)))
    return deal


async def _latest(work: "Work", quote_id: UUID) -> Quote:
    quote = await work.get(Quote, quote_id, action="edit", lock=True)
    if not quote.is_latest:
        raise Refused("quotes.older_edition")
    return quote


async def _made(work: "Work", record: type[R], origin: Quote, **facts: Any) -> UUID:
    """The new document with what it has in common with the quote."""
    taken = in_common(work.module(Quote), work.module(record), origin)
    for key in ("abbreviation", "status"):
        taken.pop(key, None)
    sets = [Set(key, value) for key, value in {**taken, **facts}.items() if value is not None]
    return await work.create(record, *sets)
