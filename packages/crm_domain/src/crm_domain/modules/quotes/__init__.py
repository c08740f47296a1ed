"""Quotes: offers, from the first draft to the customer's answer."""

from crm_domain.definition import Change, DuplicateRule, Expiry, Module
from crm_domain.modules.blocks.document import (
    TAKEN,
    Document,
    addresses_of_the_account,
    amounts_follow_the_bill,
    begins_with_texts,
    has_its_texts,
    lines_know_their_products,
)
from crm_domain.modules.quotes.fields import Quote
from crm_domain.modules.quotes.stages import (
    dates_in_order,
    ends_when_answered,
    new_quotes_hold_a_month,
    sent_stays_sent,
)
from crm_domain.selling.numbering import numbered

PREFIXES = {"qt": "QT", "ex_qt": "EXQT", "in_qt": "INQT"}


def prefix(change: Change[Quote]) -> str:
    """The letters before the number say what kind of quote it is."""
    return PREFIXES.get(change.after.abbreviation, "QT")


QUOTES = Module(
    key="quotes",
    record=Quote,
    icon="receipt-text",
    number_field="number",
    open_field="stage",
    due_field="expires_on",
    sent={"stage": "delivered"},
    expiry=Expiry(day="expires_on", warn_days=3),
    takes=TAKEN,
    begins=begins_with_texts,
    before_save=(sent_stays_sent, dates_in_order, ends_when_answered),
    with_work=(
        has_its_texts,
        new_quotes_hold_a_month,
        addresses_of_the_account,
        lines_know_their_products,
        amounts_follow_the_bill,
        numbered(Document.number, prefix),
    ),
    duplicates=(DuplicateRule(same=("name",)),),
)

__all__ = ["QUOTES", "Quote"]
