"""Sending a marketing record: what stands against it, whom it reaches, the trial, the word to go, and the brakes."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post

from crm_domain.access.rights import Special
from crm_domain.modules.email_marketing import SETTLED, EmailMarketing
from crm_domain.problems import Denied, FieldProblem, NotFound, Refused
from crm_domain.query.page import Row
from crm_domain.records import save
from crm_domain.sending.audience import AudienceReport
from crm_domain.sending.judge import warnings
from crm_domain.text import format as formats
from crm_storage.marketing import responses
from crm_storage.marketing.responses import Run
from crm_storage.sending import states
from crm_storage.sending.draft import Draft, RunKind, obstacles, read
from crm_storage.sending.schedule import preview, schedule
from crm_web.api.sending import house
from crm_web.campaigns.frame import number
from crm_web.campaigns.progress import how_far
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit

MANY_SKIPPED = 0.2
"""Share of members left out at which somebody should look at the reasons."""
BRAKES = {
    "pause": states.pause,
    "resume": states.resume,
    "cancel": states.cancel,
    "unschedule": states.unschedule,
    "send-now": states.send_now,
}
COPIED = (
    "name", "campaign", "template", "outbound_account", "bounce_account", "from_name", "from_addr", "reply_to_name", "reply_to_addr",
    "all_lists", "ignore_cap", "track_opens", "track_clicks", "assigned_to", "team", "starts_at",
)  # fmt: skip
"""What a new issue takes over."""


class MailingPages(Controller):
    """/email_marketing/<id>/send and what follows."""

    path = "/email_marketing"

    @get("/{record_id:uuid}/send")
    async def ask(self, visit: Visit, record_id: UUID) -> Response[str]:
        """Everything to know before the word to go: checks, audience with reasons, what happens to whom."""
        row = await mailing(visit, record_id, "send_campaigns")
        told = await sending_facts(visit, row)
        return await visit.page(
            "email_marketing/send.html",
            current="campaigns",
            **await heading(visit, visit.work.module(EmailMarketing), row),
            tab="send",
            **told,
        )

    @post("/{record_id:uuid}/send")
    async def send(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """Schedules it. What it says, to whom and from where is settled now."""
        row = await mailing(visit, record_id, "send_campaigns")
        await start(visit, record_id, "live")
        await visit.commit()
        return visit.go(
            f"/campaigns/{row['campaign'].id}/status?marketing={record_id}", visit.text("mailing.scheduled")
        )

    @post("/{record_id:uuid}/test")
    async def test(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """Sends it to the test lists alone."""
        await mailing(visit, record_id, "send_campaigns")
        await start(visit, record_id, "test")
        await visit.commit()
        return visit.go(f"/email_marketing/{record_id}/send", visit.text("mailing.test_sent"))

    @post("/{record_id:uuid}/{brake:str}")
    async def brake(self, visit: Visit, record_id: UUID, brake: str) -> Response[Any]:
        """Holds, moves on or ends the run that is under way."""
        right: Special = "send_campaigns"
        row = await mailing(visit, record_id, right)
        live = await responses.runs(visit.session, row["campaign"].id, record_id)
        run = next((run for run in live if run.state not in SETTLED), None)
        if run is None or brake not in BRAKES:
            raise NotFound
        if brake == "resume" and run.state == "halted" and not visit.access.special("resume_sending"):
            raise Denied
        moved = await BRAKES[brake](visit.session, run.id)
        if not moved:
            raise Refused("mailing.not_now")
        await visit.work.store.note(visit.work.module(EmailMarketing), record_id, brake, {})
        await visit.commit()
        return visit.go(f"/email_marketing/{record_id}/send", visit.text("mailing.brake_done"))

    @post("/{record_id:uuid}/issue")
    async def issue(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """A new issue: a record of its own with its own keys, so that everybody gets it."""
        module = visit.work.module(EmailMarketing)
        row = await mailing(visit, record_id, "send_campaigns")
        values = {key: row[key] for key in COPIED if row[key] is not None}
        values["name"] = visit.text("mailing.issue_name", name=row["name"])
        new = await save.create(visit.work, module, values)
        await visit.commit()
        return visit.go(f"/email_marketing/{new}/edit", visit.text("mailing.issue_made"))


async def mailing(visit: Visit, id_: UUID, right: Special) -> Row:
    """The record within reach, for somebody who may send."""
    if not visit.access.special(right):
        raise Denied
    return await one(visit, visit.work.module(EmailMarketing), id_, "edit")


async def sending_facts(visit: Visit, row: Row) -> dict[str, Any]:
    """What `email_marketing/sending.html` says of a marketing record, for somebody who may send it."""
    draft = await read(visit.session, row.id, "live")
    live = await responses.runs(visit.session, row["campaign"].id, row.id)
    found = obstacles(house(visit), draft, "live", visit.voice.now)
    tests = obstacles(house(visit), draft, "test", visit.voice.now)
    report = await _audience(visit, row.id, draft)
    return {
        "mailing": row,
        "obstacles": [_said(visit, problem) for problem in found],
        "test_obstacles": [_said(visit, problem) for problem in tests],
        "warnings": _warnings(visit, draft, report),
        "audience": _told(visit, report) if report else None,
        "starts": formats.format_datetime(row["starts_at"], visit.voice.locale, visit.voice.catalogue, "medium"),
        "now": row["starts_at"] <= visit.voice.now,
        "topup": any(run.state == "finished" for run in live),
        "run": _open_run(visit, live),
        "cap": _cap(visit, draft),
        "may_set_cap": visit.access.special("manage_suppression"),
        "may_resume": visit.access.special("resume_sending"),
    }


async def start(visit: Visit, id_: UUID, kind: RunKind) -> UUID:
    """Schedules a run, which the caller commits; its id. Raises Refused with the first obstacle."""
    return await schedule(visit.session, house(visit), id_, kind=kind, by=visit.access.user, now=visit.voice.now)


async def _audience(visit: Visit, id_: UUID, draft: Draft) -> AudienceReport | None:
    """Whom it would reach; None while there is no letter to send."""
    if draft.facts["template"] is None:
        return None
    return await preview(visit.session, house(visit), id_, kind="live", by=visit.access.user, now=visit.voice.now)


def _said(visit: Visit, problem: FieldProblem) -> str:
    return visit.text(problem.id, **problem.facts)


def _warnings(visit: Visit, draft: Draft, report: AudienceReport | None) -> list[str]:
    told = warnings(draft.letter, draft.trackers) if draft.facts["template"] else ()
    found = [_said(visit, problem) for problem in told]
    if report and report.memberships and sum(report.skipped.values()) > MANY_SKIPPED * report.memberships:
        found.append(visit.text("mailing.many_skipped"))
    return found


def _told(visit: Visit, report: AudienceReport) -> dict[str, Any]:
    """The report in words; memberships are what the rows add up to."""
    skipped = [
        (visit.text(f"skip_reason.{reason}"), number(visit, count)) for reason, count in report.skipped.items() if count
    ]
    return {
        "number": report.audience,
        "audience": number(visit, report.audience),
        "already": number(visit, report.already) if report.already else "",
        "memberships": number(visit, report.memberships),
        "skipped": skipped,
    }


def _cap(visit: Visit, draft: Draft) -> str:
    """How often somebody may be mailed, where that holds for this mailing."""
    cap = draft.facts["cap"]
    return visit.text("mailing.cap", most=number(visit, cap["most"]), days=number(visit, cap["days"])) if cap else ""


def _open_run(visit: Visit, live: list[Run]) -> dict[str, Any] | None:
    run = next((run for run in live if run.state not in SETTLED), None)
    if run is None:
        return None
    return {
        "state": run.state,
        "label": visit.text(f"run_state.{run.state}"),
        "done": run.done,
        "total": run.total,
        "told": how_far(visit, run),
        "reason": visit.text(f"run_reason.{run.reason}") if run.reason else "",
    }
