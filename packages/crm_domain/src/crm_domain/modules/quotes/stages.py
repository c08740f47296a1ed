"""How a quote moves: what was sent is not changed any more, an older edition not at all."""

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_domain.definition import Change
from crm_domain.modules.quotes.fields import Quote
from crm_domain.modules.selling_options import QUOTE_STAGES
from crm_domain.problems import FieldProblem, Invalid, Refused

if TYPE_CHECKING:
    from crm_domain.records.work import Work

VALID_DAYS = 30
"""How long an offer holds unless its date is given."""
BINDING = (Quote.bill, Quote.account, Quote.abbreviation, Quote.text_blocks)
"""What the customer was told: after sending it only a new edition changes it."""


def sent_stays_sent(change: Change[Quote]) -> None:
    """An older edition is kept as it was; lines and account of a sent one too."""
    before = change.before
    if before is None:
        return
    if not before.is_latest and not change.touches(Quote.is_latest):
        raise Refused("quotes.older_edition")
    stage = QUOTE_STAGES.get(before.stage)
    if stage and stage.kind != "open" and any(change.touches(field) for field in BINDING):
        raise Refused("quotes.locked")


def dates_in_order(change: Change[Quote]) -> None:
    """Nothing ends before it starts."""
    after = change.after
    if after.starts_on and after.ends_on and after.ends_on < after.starts_on:
        raise Invalid({"ends_on": (FieldProblem("quotes.ends_early"),)})


async def new_quotes_hold_a_month(work: "Work", change: Change[Quote]) -> None:
    """A new quote is its own latest edition, and holds for some days unless its end is given."""
    if change.new:
        change.set(Quote.is_latest, True)
        change.set(Quote.edition, change.after.edition or 1)
        if change.after.values.get("expires_on") is None:
            today = work.now().astimezone(work.locale.zone).date()
            change.set(Quote.expires_on, today + timedelta(days=VALID_DAYS))


def ends_when_answered(change: Change[Quote]) -> None:
    """An accepted, lost or dropped quote is over; opening it again is not."""
    if not change.touches(Quote.stage):
        return
    stage = QUOTE_STAGES.get(change.after.stage)
    change.set(Quote.closed_at, change.now if stage and stage.closed else None)
