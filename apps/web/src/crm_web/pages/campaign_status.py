"""View Status: what became of a campaign's mails, by chart, by figure, and person by person."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.response import Stream

from crm_domain.modules.campaigns.figures import ACTIVITIES, COUNTED, Sum, bars
from crm_domain.modules.email_marketing import SETTLED
from crm_domain.modules.marketing_options import MAILED_TYPES
from crm_domain.people.actor import Actor
from crm_domain.text import format as formats
from crm_storage.database import Session
from crm_storage.marketing import responses
from crm_storage.marketing.responses import Run
from crm_web.campaigns.figures import funnel, kpis, kpis_unmailed
from crm_web.campaigns.frame import Frame, facts, frame, number, shares
from crm_web.campaigns.links import public_links, told
from crm_web.campaigns.progress import how_far
from crm_web.events import follow
from crm_web.visit import Visit

MODULES = ("targets", "contacts", "leads", "accounts", "users")
"""The colours of the chart, in order."""
PAGE = 50


class CampaignStatusPages(Controller):
    """/campaigns/<id>/status and the lists behind its bars."""

    path = "/campaigns"

    @get("/{record_id:uuid}/status")
    async def status(self, visit: Visit, record_id: UUID, marketing: str = "") -> Response[str]:
        found = await frame(visit, record_id, marketing)
        body = await _figures(visit, found)
        body["mailed"] = found.campaign.campaign_type in MAILED_TYPES
        body["may_mark"] = found.campaign.campaign_type not in MAILED_TYPES and visit.access.special("send_campaigns")
        if visit.fragment and visit.request.headers.get("hx-target") == "status-body":
            return visit.part("campaigns/status_body.html", **await facts(visit, found, "status"), **body)
        return await visit.page(
            "campaigns/status.html", current="campaigns", **await facts(visit, found, "status"), **body
        )

    @get("/{record_id:uuid}/status/events")
    async def events(self, visit: Visit, record_id: UUID, marketing: str = "") -> Stream:
        """Tells that a figure moved, while something is being sent."""
        found = await frame(visit, record_id, marketing)

        async def watch(session: Session, _reader: Actor) -> tuple[str, bool]:
            live = await responses.runs(session, record_id, found.marketing)
            sums = await responses.sums(session, record_id, found.marketing)
            mark = f"{sum(item.hits + item.rows for item in sums)} {[(run.state, run.attempted, run.skipped) for run in live]}"
            return mark, all(run.state in SETTLED for run in live)

        return follow(visit, visit.installation.jobs, f"{visit.tenant.schema}:{record_id}", watch)


async def _figures(visit: Visit, found: Frame) -> dict[str, Any]:
    campaign = found.campaign.id
    sums = await responses.sums(visit.session, campaign, found.marketing)
    live = await responses.runs(visit.session, campaign, found.marketing)
    figures = responses.figures_of(sums, live)
    links, mailed = await public_links(visit, campaign), found.campaign.campaign_type in MAILED_TYPES
    return {
        "kpis": kpis(visit, figures) if mailed else kpis_unmailed(visit, figures, links),
        "funnel": funnel(visit, figures, live) if mailed else [],
        "chart": _chart(visit, found, sums),
        "legend": [(key, visit.voice.module(visit.module(key)), place) for place, key in enumerate(MODULES, start=1)],
        "runs": [_run(visit, found, run) for run in live],
        "skipped": _skipped(visit, found, live),
        "apart": _apart(visit, sums),
        "links": [told(visit, link) for link in links],
        "follow": _is_moving(live),
        "machines": number(visit, figures.machines) if figures.machines else "",
    }


def _is_moving(live: list[Run]) -> bool:
    return any(run.state not in SETTLED for run in live)


def _chart(visit: Visit, found: Frame, sums: list[Sum]) -> list[dict[str, Any]]:
    """One bar for each activity, its parts by module, each leading to the people behind it."""
    counted = bars(sums)
    whole = max((sum(modules.values()) for modules in counted.values()), default=0)
    return [
        {
            "label": visit.voice.option(ACTIVITIES, activity),
            "href": f"/campaigns/{found.campaign.id}/status/{activity}?marketing={_chosen(found)}",
            "total": number(visit, sum(modules.values())),
            "parts": [
                (MODULES.index(key) + 1, start, width)
                for key, start, width in shares(
                    dict(sorted(modules.items(), key=lambda item: MODULES.index(item[0]))), whole
                )
            ],
            "by_module": [number(visit, modules.get(key, 0)) for key in MODULES],
        }
        for activity, modules in ((name, _known(modules)) for name, modules in counted.items())
    ]


def _known(modules: Any) -> dict[str, int]:
    return {key: value for key, value in modules.items() if key in MODULES}


def _chosen(found: Frame) -> str:
    return str(found.chosen.id) if found.chosen else "all"


def _run(visit: Visit, found: Frame, run: Run) -> dict[str, Any]:
    """A run's progress, for the panel above the figures."""
    name = next((mailing.name for mailing in found.mailings if mailing.id == run.marketing), "")
    when = run.finished_at or run.started_at or run.scheduled_for
    return {
        "name": name,
        "href": f"/email_marketing/{run.marketing}",
        "state": run.state,
        "label": visit.text(f"run_state.{run.state}"),
        "done": run.done,
        "total": run.total,
        "told": how_far(visit, run),
        "when": formats.format_datetime(when, visit.voice.locale, visit.voice.catalogue) if when else "",
        "reason": visit.text(f"run_reason.{run.reason}") if run.reason else "",
        "counts": [
            (visit.text(f"queue_state.{key}"), number(visit, value))
            for key, value in (
                ("sent", run.sent),
                ("failed", run.failed),
                ("skipped", run.skipped),
                ("uncertain", run.uncertain),
                ("cancelled", run.cancelled),
            )
            if value
        ],
    }


def _skipped(visit: Visit, found: Frame, live: list[Run]) -> list[tuple[str, str, str]]:
    """How many were left out and why, over all runs: reason, figure, address of those people."""
    reasons: dict[str, int] = {}
    for run in live:
        for reason, count in dict(run.audience.get("skipped", {})).items():
            reasons[str(reason)] = reasons.get(str(reason), 0) + int(count)
    url = f"/campaigns/{found.campaign.id}/left-out?marketing={_chosen(found)}&reason="
    return [
        (visit.text(f"skip_reason.{reason}"), number(visit, count), url + reason)
        for reason, count in reasons.items()
        if count
    ]


def _apart(visit: Visit, sums: list[Sum]) -> list[tuple[str, list[str]]]:
    """Seeds and tests, which stand outside the statistics: mails, opens, clicks."""
    found: list[tuple[str, list[str]]] = []
    for recipients in ("seed", "test"):
        own = [item for item in sums if item.recipients == recipients != COUNTED]
        counts = [
            sum(item.rows for item in own if item.activity == activity) for activity in ("targeted", "viewed", "link")
        ]
        if any(counts):
            found.append((visit.text(f"target_list_type.{recipients}"), [number(visit, count) for count in counts]))
    return found
