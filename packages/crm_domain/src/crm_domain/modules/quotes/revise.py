"""Editions of a quote: what was sent stays as it was, and a new draft under the same number goes on from it."""

from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.definition import Ref, Set
from crm_domain.modules.quotes.fields import Quote
from crm_domain.problems import Refused

if TYPE_CHECKING:
    from crm_domain.records.work import Work


async def revise(work: "Work", quote_id: UUID) -> UUID:
    """The next edition, a draft with everything of this one, which is kept unchanged. The caller commits.

    Raises NotFound, Denied, or Refused for an older edition or a draft, which can be changed as it is.
    """
    quote = await work.get(Quote, quote_id, action="edit", lock=True)
    if not quote.is_latest:
        raise Refused("quotes.older_edition")
    if quote.stage == "draft":
        raise Refused("quotes.still_draft")
    module = work.module(Quote)
    copied = {field.key for field in module.own_fields() if field.copied and not field.readonly}
    values = {key: value for key in (*copied, "assigned_to", "team") if (value := quote.values.get(key)) is not None}
    first = quote.original or Ref("quotes", quote.id)
    edition = (quote.edition or 1) + 1
    number = f"{(quote.number or '').partition('/')[0]}/{edition}"
    made = await work.create(
        Quote,
        *(Set(key, value) for key, value in values.items()),
        Quote.number.to(number),
        Quote.edition.to(edition),
        Quote.original.to(first),
    )
    await work.update(Quote, quote_id, Quote.is_latest.to(False))
    return made
