"""What a campaign holds, and the rules of its own fields."""

from typing import TYPE_CHECKING, Any

from crm_domain.definition import Arrangement, Change, ManyToMany, Module, Record, panel, required
from crm_domain.definition.kinds import Choice, Date, DateTime, Integer, LongText, Money, Text
from crm_domain.modules.campaigns.newsletters import newsletters_have_lists
from crm_domain.modules.marketing_options import (
    CAMPAIGN_STATUSES,
    CAMPAIGN_TYPES,
    CONSENT_POLICIES,
    NEWSLETTER_FREQUENCIES,
)
from crm_domain.problems import FieldProblem, Invalid, Refused
from crm_domain.query.filter import Condition, Filter, both

if TYPE_CHECKING:
    from crm_domain.records.work import Work

LIVE_STATES = ("scheduled", "overdue", "filling", "ready", "sending", "paused", "halted", "cancelling")
"""States of a mailing that is under way."""


class Campaign(Record):
    name = required(Text(max_length=255, search=True))
    status = required(Choice(options=CAMPAIGN_STATUSES, default="planning", indexed=True))
    campaign_type = required(Choice(options=CAMPAIGN_TYPES, default="email", indexed=True))
    frequency = Choice(options=NEWSLETTER_FREQUENCIES)
    start_date = Date(indexed=True)
    end_date = required(Date(indexed=True))
    impressions = Integer(minimum=0)
    budget = Money(indexed=True)
    expected_cost = Money()
    actual_cost = Money(indexed=True)
    expected_revenue = Money(indexed=True)
    objective = LongText()
    description = LongText()
    consent_policy = required(Choice(options=CONSENT_POLICIES, default="none"))
    marked_at = DateTime(readonly=True, audited=False, copied=False)

    layout = Arrangement(
        columns=(name, campaign_type, status, start_date, end_date, budget, Record.assigned_to),
        offered=(
            frequency,
            expected_cost,
            actual_cost,
            expected_revenue,
            impressions,
            consent_policy,
            Record.team,
            Record.created_at,
            Record.modified_at,
            Record.created_by,
        ),
        panels=(
            panel(
                "overview",
                (name, status),
                (campaign_type, frequency),
                (start_date, end_date),
                (description,),
                (consent_policy, marked_at),
                (Record.assigned_to, Record.team),
            ),
            panel(
                "money",
                (budget, impressions),
                (expected_cost, actual_cost),
                (expected_revenue,),
                (objective,),
            ),
        ),
        quick=((name, campaign_type), (status, frequency), (start_date, end_date), (Record.assigned_to, consent_policy)),
        picker=(name, campaign_type, status, end_date),
        basic=(name,),
        advanced=(
            name,
            campaign_type,
            status,
            frequency,
            start_date,
            end_date,
            budget,
            actual_cost,
            expected_revenue,
            Record.assigned_to,
            Record.team,
        ),
        highlights=(campaign_type, status, start_date, end_date, budget, Record.assigned_to),
        board=status,
        board_sum=budget,
        card=(name, campaign_type, end_date, budget, Record.assigned_to),
        subpanels=(
            "target_lists", "tracker_urls", "email_marketing", "web_forms", "leads", "contacts", "accounts", "opportunities", "targets",
        ),
    )  # fmt: skip


CAMPAIGN_LISTS = ManyToMany(
    key="campaign_target_lists",
    left="campaigns",
    right="target_lists",
    left_key="target_lists",
    right_key="campaigns",
)


def dates_in_order(change: Change[Campaign]) -> None:
    """A campaign does not end before it starts."""
    start, end = change.after.start_date, change.after.end_date
    if start and end and end < start and (change.touches(Campaign.start_date) or change.touches(Campaign.end_date)):
        raise Invalid({"end_date": (FieldProblem("campaigns.ends_before_start"),)})


def only_newsletters_recur(change: Change[Campaign]) -> None:
    """A newsletter says how often it appears; nothing else does."""
    if change.after.campaign_type != "newsletter":
        if change.after.frequency:
            change.set(Campaign.frequency, None)
    elif not change.after.frequency and (change.new or change.named(Campaign.frequency)):
        raise Invalid({"frequency": (FieldProblem("campaigns.frequency_missing"),)})


async def type_is_final_once_sent(work: "Work", change: Change[Campaign]) -> None:
    """What was mailed as one type does not become another."""
    if change.new or not change.touches(Campaign.campaign_type):
        return
    if await _mailings(work, change.after.id, Condition("run_state", "ne", "draft")):
        raise Invalid({"campaign_type": (FieldProblem("campaigns.type_final"),)})


async def not_while_sending(work: "Work", record: Record) -> None:
    """A campaign goes to the trash only when none of its mailings is under way."""
    if await _mailings(work, record.id, Condition("run_state", "in", LIVE_STATES)):
        raise Refused("campaigns.still_sending", name=str(record.values.get("name", "")))


async def _mailings(work: "Work", campaign: Any, state: Filter) -> bool:
    module = work.registry["email_marketing"]
    found = await work.store.count(module, both(Condition("campaign", "eq", campaign), state), cap=1)
    return found.number > 0


CAMPAIGNS = Module(
    key="campaigns",
    record=Campaign,
    icon="megaphone",
    group="marketing",
    open_field="status",
    before_save=(dates_in_order, only_newsletters_recur),
    with_work=(type_is_final_once_sent,),
    many_at_once=True,
    after_save=(newsletters_have_lists,),
    before_remove=(not_while_sending,),
)
