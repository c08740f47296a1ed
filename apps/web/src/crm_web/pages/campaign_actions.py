"""What is done with a campaign as a whole: its mailings at a glance, trials erased, marked as sent, and that taken back."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post

from crm_domain.modules.campaigns import Campaign
from crm_domain.modules.marketing_options import MAILED_TYPES, RUN_STATES
from crm_domain.problems import Denied, NotFound, Refused
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Sort
from crm_domain.text import format as formats
from crm_storage.marketing import mark
from crm_storage.sending.trial import delete_test_entries
from crm_web.campaigns.frame import MOST_MAILINGS, facts, frame, number
from crm_web.reach import one
from crm_web.visit import Visit


class CampaignActionPages(Controller):
    """/campaigns/<id>/send and the actions on a campaign."""

    path = "/campaigns"

    @get("/{record_id:uuid}/send")
    async def mailings(self, visit: Visit, record_id: UUID) -> Response[str]:
        """Every mailing of the campaign with its state and the way to send it."""
        found = await frame(visit, record_id, "all")
        if found.campaign.campaign_type not in MAILED_TYPES:
            raise NotFound
        module = visit.module("email_marketing")
        query = ListQuery(
            filter=Condition("campaign", "eq", record_id),
            columns=("name", "run_state", "starts_at", "template", "from_addr"),
            sort=(Sort("starts_at", descending=True),),
            limit=MOST_MAILINGS,
        )
        page = await visit.work.store.page(module, query)
        return await visit.page(
            "campaigns/send.html",
            current="campaigns",
            **await facts(visit, found, "send"),
            active=found.campaign.status == "active",
            records=[_record(visit, row) for row in page.rows],
            may_send=visit.access.special("send_campaigns"),
            may_create=visit.access.can(module.key, "create"),
        )

    @post("/{record_id:uuid}/delete-test-entries")
    async def forget_tests(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """Erases what trials left behind: mails, log, hits and figures."""
        await sendable(visit, record_id)
        number_ = await delete_test_entries(visit.session, record_id, by=visit.access.user)
        if number_ is None:
            raise Refused("campaigns.test_on_the_wire")
        await visit.commit()
        said = visit.text("campaigns.tests_deleted", number=number(visit, number_))
        return visit.go(f"/campaigns/{record_id}/send", said)

    @post("/{record_id:uuid}/mark-as-sent")
    async def mark(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """A campaign without e-mail has gone out: everybody of its lists is logged, once."""
        campaign = await sendable(visit, record_id)
        if campaign.campaign_type in MAILED_TYPES:
            raise NotFound
        done = await mark.mark_as_sent(visit.session, record_id, visit.access.user)
        await visit.work.store.note(visit.work.module(Campaign), record_id, "mark_as_sent", {"number": done})
        await visit.commit()
        undo = f"/campaigns/{record_id}/unmark" if done else ""
        return visit.go(
            f"/campaigns/{record_id}/status", visit.text("campaigns.marked", number=number(visit, done)), undo
        )

    @post("/{record_id:uuid}/unmark")
    async def unmark(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """Takes the last marking back, within a day."""
        await sendable(visit, record_id)
        done = await mark.unmark(visit.session, record_id, visit.access.user)
        if not done:
            raise Refused("campaigns.too_late_to_unmark")
        await visit.commit()
        return visit.go(f"/campaigns/{record_id}/status", visit.text("campaigns.unmarked", number=number(visit, done)))


async def sendable(visit: Visit, id_: UUID) -> Campaign:
    """The campaign, for somebody who may send."""
    if not visit.access.special("send_campaigns"):
        raise Denied
    row = await one(visit, visit.work.module(Campaign), id_, "edit")
    return Campaign(id_, row.values)


def _record(visit: Visit, row: Any) -> dict[str, Any]:
    state = RUN_STATES[str(row["run_state"] or "draft")]
    return {
        "name": row["name"],
        "href": f"/email_marketing/{row.id}",
        "state": visit.voice.option_label(RUN_STATES, state),
        "hue": state.hue,
        "starts": formats.format_datetime(row["starts_at"], visit.voice.locale, visit.voice.catalogue),
        "template": row["template"].name if row["template"] else "",
        "sender": row["from_addr"],
    }
