"""The actions of mailings and campaigns over the API: sending, trying, holding, letting go on."""

from uuid import UUID

from litestar import Controller, Response, post

from crm_domain.access.rights import Special
from crm_domain.modules.campaigns import Campaign
from crm_domain.modules.email_marketing import EmailMarketing
from crm_domain.problems import Denied, Refused
from crm_storage.sending import states
from crm_storage.sending.draft import House, RunKind
from crm_storage.sending.schedule import preview, schedule
from crm_storage.sending.trial import delete_test_entries
from crm_web.api.records import answer
from crm_web.visit import Visit


class MailingActions(Controller):
    """/api/v1/email_marketing/<id>/actions/…: each answers the run it concerns."""

    path = "/v1/email_marketing"

    @post("/{record_id:uuid}/actions/send", status_code=200)
    async def send(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        """Schedules the mailing for its time; pressed again while it is under way it is refused."""
        return await _schedule(visit, record_id, "live")

    @post("/{record_id:uuid}/actions/send_test", status_code=200)
    async def send_test(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        return await _schedule(visit, record_id, "test")

    @post("/{record_id:uuid}/actions/audience", status_code=200)
    async def audience(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        """Whom it would reach, and why others not; changes nothing."""
        await _may(visit, record_id, "send_campaigns")
        now = visit.work.now()
        report = await preview(visit.session, house(visit), record_id, kind="live", by=visit.access.user, now=now)
        return answer(report)

    @post("/{record_id:uuid}/actions/{verb:str}", status_code=200)
    async def change(self, visit: Visit, record_id: UUID, verb: str) -> Response[bytes]:
        """`pause`, `resume`, `cancel`, `unschedule` or `send_now` for the run under way."""
        right: Special = "resume_sending" if verb == "resume" else "send_campaigns"
        await _may(visit, record_id, right)
        run = await states.under_way(visit.session, record_id)
        change = VERBS.get(verb)
        if change is None or run is None or not await change(visit.session, run):
            raise Refused("sending.not_now")
        await visit.work.store.note(visit.module("email_marketing"), record_id, verb, {})
        await visit.commit()
        return answer({"run": run, "state": await states.state_of(visit.session, run)})


class CampaignActions(Controller):
    """/api/v1/campaigns/<id>/actions/delete_test_entries."""

    path = "/v1/campaigns"

    @post("/{record_id:uuid}/actions/delete_test_entries", status_code=200)
    async def delete_test_entries(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        if not visit.access.special("send_campaigns"):
            raise Denied
        await visit.work.get(Campaign, record_id, action="edit")
        mails = await delete_test_entries(visit.session, record_id, by=visit.access.user)
        if mails is None:
            raise Refused("sending.under_way")
        await visit.commit()
        return answer({"mails": mails})


VERBS = {
    "pause": states.pause,
    "resume": states.resume,
    "cancel": states.cancel,
    "unschedule": states.unschedule,
    "send_now": states.send_now,
}


def house(visit: Visit) -> House:
    """What scheduling must know of the tenant."""
    tracker = visit.installation.settings.tracker_url

    async def opened(key: str) -> bytes:
        return b"".join([piece async for piece in await visit.installation.files.open(visit.tenant, key)])

    return House(visit.tenant.number, visit.tenant.name, tracker, visit.work.registry, opened)


async def _may(visit: Visit, record_id: UUID, right: Special) -> None:
    """Raises Denied without the right, NotFound for a record out of reach."""
    await visit.work.get(EmailMarketing, record_id, action="edit")
    if not visit.access.special(right):
        raise Denied


async def _schedule(visit: Visit, record_id: UUID, kind: RunKind) -> Response[bytes]:
    await _may(visit, record_id, "send_campaigns")
    now = visit.work.now()
    run = await schedule(visit.session, house(visit), record_id, kind=kind, by=visit.access.user, now=now)
    await visit.commit()
    return answer({"run": run, "state": "scheduled"})
