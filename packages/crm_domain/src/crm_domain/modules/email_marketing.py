"""Marketing records: one mailing within a campaign, with its sender, template, lists and date."""

from typing import TYPE_CHECKING

from crm_domain.definition import Arrangement, Change, ManyToMany, Module, Record, panel, required
from crm_domain.definition.kinds import Boolean, Choice, DateTime, Link, Text
from crm_domain.modules.marketing_options import MARKETING_STATUSES, RUN_STATES
from crm_domain.problems import Refused

if TYPE_CHECKING:
    from crm_domain.records.work import Work

SETTLED = ("draft", "finished", "cancelled", "failed")
"""States in which a marketing record may be changed or removed."""


class EmailMarketing(Record):
    """`run_state` is written by the engine; `all_lists` means every list of the campaign, else those chosen;
    with `ignore_cap` it also goes to those who were mailed as often as the company allows.
    """

    name = required(Text(max_length=255, search=True))
    campaign = required(Link(target="campaigns", inverse="email_marketing", indexed=True, on_delete="cascade"))
    template = required(Link(target="email_templates", inverse="email_marketing", on_delete="block"))
    starts_at = required(DateTime(indexed=True, now=True))
    status = required(Choice(options=MARKETING_STATUSES, default="active", indexed=True))
    run_state = Choice(options=RUN_STATES, default="draft", readonly=True, audited=False, copied=False, indexed=True)
    outbound_account = Link(target="outbound_accounts", inverse="email_marketing", on_delete="block")
    bounce_account = required(Link(target="bounce_accounts", inverse="email_marketing", on_delete="block"))
    from_name = required(Text(max_length=255))
    from_addr = required(Text(max_length=254, check="email_address"))
    reply_to_name = Text(max_length=255)
    reply_to_addr = Text(max_length=254, check="email_address")
    all_lists = Boolean(default=True)
    ignore_cap = Boolean()
    track_opens = Boolean(default=True)
    track_clicks = Boolean(default=True)

    layout = Arrangement(
        columns=(name, campaign, template, starts_at, run_state, status),
        offered=(
            from_name,
            from_addr,
            outbound_account,
            bounce_account,
            all_lists,
            ignore_cap,
            Record.assigned_to,
            Record.created_at,
        ),
        panels=(
            panel("overview", (name, campaign), (template, starts_at), (status, run_state)),
            panel(
                "sender",
                (from_name, from_addr),
                (reply_to_name, reply_to_addr),
                (outbound_account, bounce_account),
            ),
            panel("audience", (all_lists, ignore_cap), (track_opens, track_clicks), (Record.assigned_to, Record.team)),
        ),
        quick=(
            (name, campaign),
            (template, starts_at),
            (from_name, from_addr),
            (outbound_account, bounce_account),
            (all_lists, status),
        ),
        picker=(name, campaign, starts_at, run_state),
        basic=(name,),
        advanced=(name, campaign, template, starts_at, run_state, status, from_addr, Record.assigned_to),
        highlights=(campaign, run_state, starts_at, template, from_addr),
        subpanels=("target_lists",),
        sort="-starts_at",
    )


MARKETING_LISTS = ManyToMany(
    key="email_marketing_lists",
    left="email_marketing",
    right="target_lists",
    left_key="target_lists",
    right_key="email_marketing",
)


async def settled_before_removal(_work: "Work", record: Record) -> None:
    """A mailing under way is cancelled before its record goes."""
    marketing = EmailMarketing(record.id, record.values)
    if marketing.run_state and marketing.run_state not in SETTLED:
        raise Refused("email_marketing.under_way", name=marketing.name)


def campaign_is_final(change: Change[EmailMarketing]) -> None:
    """A mailing that was sent stays with its campaign."""
    if not change.new and change.touches(EmailMarketing.campaign) and change.after.run_state != "draft":
        raise Refused("email_marketing.campaign_final")


EMAIL_MARKETING = Module(
    key="email_marketing",
    record=EmailMarketing,
    icon="send",
    group="marketing",
    before_save=(campaign_is_final,),
    before_remove=(settled_before_removal,),
)
