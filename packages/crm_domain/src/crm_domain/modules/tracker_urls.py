"""Tracker URLs: named links of a campaign, written `{name}` in its templates and counted when followed."""

from typing import TYPE_CHECKING

from crm_domain.definition import Arrangement, Change, Module, Record, panel, required
from crm_domain.definition.kinds import AutoNumber, Boolean, Link, Text, Url
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery

if TYPE_CHECKING:
    from crm_domain.records.work import Work


TELL = "tracking.public"
"""The job that tells the trackers where a public link leads."""


class TrackerUrl(Record):
    """One that opts out leads to the page for leaving, whatever its address says. By `link_number` it is followed outside a
    mail."""

    name = required(Text(max_length=80, check="tracker_name", search=True))
    label = Text(max_length=255)
    campaign = required(Link(target="campaigns", inverse="tracker_urls", indexed=True, on_delete="cascade"))
    url = Url(max_length=2000)
    is_opt_out = Boolean()
    link_number = AutoNumber(readonly=True, copied=False, audited=False, unique=True)

    layout = Arrangement(
        columns=(name, url, is_opt_out, label, campaign, Record.created_at),
        offered=(Record.assigned_to, Record.modified_at, Record.created_by),
        panels=(panel("overview", (name, label), (url, is_opt_out), (campaign, Record.assigned_to)),),
        quick=((name, label), (url, is_opt_out), (campaign,)),
        picker=(name, url, campaign),
        basic=(name,),
        advanced=(name, url, campaign, is_opt_out),
        highlights=(campaign, url, is_opt_out),
        sort="-created_at",
    )


def leads_somewhere(change: Change[TrackerUrl]) -> None:
    """Without an address only opting out makes sense; other than web addresses are followed by nobody."""
    url = change.after.url
    if change.after.is_opt_out:
        return
    if not url:
        raise Invalid({"url": (FieldProblem("problems.required"),)})
    if change.touches(TrackerUrl.url) and not url.lower().startswith(("http://", "https://")):
        raise Invalid({"url": (FieldProblem("tracker_urls.not_web"),)})


async def named_once(work: "Work", change: Change[TrackerUrl]) -> None:
    """A name stands for one link in a campaign."""
    if not (change.touches(TrackerUrl.name) or change.touches(TrackerUrl.campaign)) or not change.after.campaign:
        return
    same = both(Condition("name", "eq", change.after.name), Condition("campaign", "eq", change.after.campaign.id))
    found = await work.store.page(work.module(TrackerUrl), ListQuery(filter=same, columns=("name",), limit=2))
    if any(row.id != change.after.id for row in found.rows):
        raise Invalid({"name": (FieldProblem("tracker_urls.name_taken"),)})


async def trackers_hear(work: "Work", change: Change[TrackerUrl]) -> None:
    """What is printed already leads where it leads now."""
    if not change.new and ("url" in change.values or "is_opt_out" in change.values):
        await work.store.enqueue(TELL, {"tracker_url": str(change.after.id)})


TRACKER_URLS = Module(
    key="tracker_urls",
    record=TrackerUrl,
    icon="link",
    group="",
    before_save=(leads_somewhere,),
    with_work=(named_once,),
    after_save=(trackers_hear,),
)
