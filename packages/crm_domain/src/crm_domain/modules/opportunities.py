"""Opportunities: deals in progress, from first contact to won or lost."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm_domain.definition import (
    Arrangement,
    Change,
    LinkFields,
    ManyToMany,
    Module,
    Option,
    Record,
    panel,
    required,
)
from crm_domain.definition.kinds import Choice, Date, DateTime, Link, LongText, Money, Percent, Text
from crm_domain.modules.options import LEAD_SOURCES, LOST_REASONS, OPPORTUNITY_ROLES, OPPORTUNITY_TYPES, SALES_STAGES
from crm_domain.problems import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class Opportunity(Record):
    name = required(Text(max_length=255, search=True))
    account = required(Link(target="accounts", inverse="opportunities", indexed=True))
    amount = required(Money(positive=True, indexed=True))
    closes_on = required(Date(indexed=True))
    stage = required(Choice(options=SALES_STAGES, default="prospecting", indexed=True))
    probability = Percent(indexed=True)
    weighted_amount = Money(of=("amount", "probability"), readonly=True, audited=False, copied=False)
    opportunity_type = Choice(options=OPPORTUNITY_TYPES)
    lead_source = Choice(options=LEAD_SOURCES, indexed=True)
    campaign = Link(target="campaigns", inverse="opportunities", indexed=True)
    next_step = Text(max_length=255)
    description = LongText()
    lost_reason = Choice(options=LOST_REASONS, copied=False)
    lost_note = LongText(max_length=2_000, copied=False)
    last_stage = Choice(options=SALES_STAGES, readonly=True, copied=False)
    stage_entered_at = DateTime(readonly=True, audited=False, copied=False, since=True)
    closed_at = DateTime(readonly=True, copied=False, indexed=True)

    layout = Arrangement(
        columns=(name, account, stage, amount, closes_on, Record.assigned_to, Record.created_at),
        offered=(
            probability,
            weighted_amount,
            opportunity_type,
            lead_source,
            campaign,
            next_step,
            lost_reason,
            last_stage,
            stage_entered_at,
            closed_at,
            "account.industry",
            Record.team,
            Record.modified_at,
            Record.created_by,
            Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (name, account),
                (amount, closes_on),
                (stage, probability),
                (weighted_amount, stage_entered_at),
                (opportunity_type, lead_source),
                (campaign, next_step),
                (description,),
                (Record.assigned_to, Record.team),
            ),
            panel("outcome", (lost_reason, last_stage), (lost_note,), (closed_at,), folded=True),
        ),
        quick=(
            (name, account),
            (amount, closes_on),
            (stage, probability),
            (opportunity_type, lead_source),
            (next_step, Record.assigned_to),
        ),
        picker=(name, account, opportunity_type, stage, Record.assigned_to),
        basic=(name,),
        advanced=(
            name,
            account,
            amount,
            Record.assigned_to,
            stage,
            lead_source,
            campaign,
            closes_on,
            next_step,
            probability,
            weighted_amount,
            stage_entered_at,
            opportunity_type,
            lost_reason,
            Record.team,
        ),
        highlights=(stage, amount, probability, closes_on, account, Record.assigned_to),
        board=stage,
        board_sum=amount,
        board_weighted=weighted_amount,
        card=(name, account, amount, closes_on, stage_entered_at, Record.assigned_to),
        subpanels=("contacts", "quotes", "contracts", "leads"),
    )


class Involvement(LinkFields):
    """What a contact is to a deal."""

    role = Choice(options=OPPORTUNITY_ROLES, default="primary_decision_maker")


OPPORTUNITY_CONTACTS = ManyToMany(
    key="opportunity_contacts",
    left="opportunities",
    right="contacts",
    left_key="contacts",
    right_key="opportunities",
    fields=Involvement,
)


async def stage_leads(work: "Work", change: Change[Opportunity]) -> None:
    """What a stage brings along, by the tenant's own stages: its probability, the dates, why a deal was lost."""
    stages = _stages(work)
    stage = stages.get(change.after.stage)
    if stage is None:
        return
    moved = change.new or change.touches(Opportunity.stage)
    if moved:
        _stamp(change, stages.get(change.before.stage) if change.before else None, stage)
    _follow_probability(change, stage, moved=moved)
    _ask_why_lost(change, stage)


def _stages(work: "Work") -> Any:
    field = work.module(Opportunity).field("stage")
    return field.options if isinstance(field, Choice) else SALES_STAGES


def _follow_probability(change: Change[Opportunity], stage: Option, *, moved: bool) -> None:
    """A stage brings its usual probability unless the same save names another; an ended deal is certain."""
    if stage.closed:
        change.set(Opportunity.probability, Decimal(100 if stage.kind == "won" else 0))
    elif change.after.probability is None or (moved and not change.touches(Opportunity.probability)):
        change.set(Opportunity.probability, stage.weight)


def _stamp(change: Change[Opportunity], before: Option | None, stage: Option) -> None:
    change.set(Opportunity.stage_entered_at, change.now)
    change.set(Opportunity.closed_at, change.now if stage.closed else None)
    if stage.closed and before and not before.closed:
        change.set(Opportunity.last_stage, before.key)
    if stage.kind != "lost":
        change.set(Opportunity.lost_reason, None)
        change.set(Opportunity.lost_note, None)


def _ask_why_lost(change: Change[Opportunity], stage: Option) -> None:
    if stage.kind == "lost" and not change.after.lost_reason:
        raise Invalid({"lost_reason": (FieldProblem("opportunities.lost_reason_needed"),)})


OPPORTUNITIES = Module(
    key="opportunities",
    mergeable=True,
    record=Opportunity,
    icon="target",
    open_field="stage",
    due_field="closes_on",
    many_at_once=True,
    with_work=(stage_leads,),
)
