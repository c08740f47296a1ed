"""A job as its owner reads it: what it does, how far it is, how long it may take, what came of it."""

from typing import Any

import msgspec

from crm_domain.jobs import Job
from crm_domain.text import format as formats
from crm_domain.text import numbers
from crm_web.visit import Visit

HUES = {"waiting": "gray", "running": "blue", "done": "green", "failed": "red", "cancelled": "amber"}
GLYPHS = {
    "waiting": "clock",
    "running": "loader-circle",
    "done": "circle-check",
    "failed": "circle-alert",
    "cancelled": "circle-slash",
}
SOONEST_S = 2
"""Before so long a rate tells nothing."""


class JobView(msgspec.Struct, frozen=True, kw_only=True):
    """Every text of a job's card and its row."""

    id: str
    name: str
    state: str
    label: str
    hue: str
    glyph: str
    ended: bool
    cancelling: bool
    done: int
    total: int
    progress: str
    left: str
    message: str
    counts: tuple[tuple[str, str], ...]
    href: str
    created: str
    owner: str = ""


def job_view(visit: Visit, job: Job, owner: str = "") -> JobView:
    """The job in the reader's words."""
    state = "cancelling" if job.cancelling and not job.ended else job.state
    return JobView(
        id=str(job.id),
        name=visit.text(f"jobs.kind.{job.kind}"),
        state=job.state,
        label=visit.text(f"jobs.state.{state}"),
        hue=HUES[job.state],
        glyph=GLYPHS[job.state],
        ended=job.ended,
        cancelling=job.cancelling,
        done=job.done,
        total=job.total or 0,
        progress=_progress(visit, job),
        left=_left(visit, job),
        message=visit.text(job.message, **job.facts) if job.message else "",
        counts=tuple(
            (visit.text(f"jobs.count.{name}"), _number(visit, count)) for name, count in job.outcome.counts.items()
        ),
        href=job.outcome.href if job.outcome.href.startswith("/") else "",
        created=formats.relative_time(job.created_at, visit.voice.now, visit.voice.locale, visit.voice.catalogue),
        owner=owner,
    )


def job_json(visit: Visit, job: Job) -> dict[str, Any]:
    """The job as the API tells it."""
    return {
        "id": str(job.id),
        "kind": job.kind,
        "state": job.state,
        "cancelling": job.cancelling and not job.ended,
        "done": job.done,
        "total": job.total,
        "message": visit.text(job.message, **job.facts) if job.message else None,
        "counts": dict(job.outcome.counts),
        "href": job.outcome.href or None,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }


def _progress(visit: Visit, job: Job) -> str:
    if job.total:
        return visit.text("jobs.done_of", done=_number(visit, job.done), total=_number(visit, job.total))
    return visit.text("jobs.done_so_far", done=_number(visit, job.done)) if job.done else ""


def _left(visit: Visit, job: Job) -> str:
    """The time to go at the pace so far."""
    if job.state != "running" or not (job.total and job.done and job.started_at):
        return ""
    spent = (visit.voice.now - job.started_at).total_seconds()
    left = spent * max(0, job.total - job.done) / job.done
    if spent < SOONEST_S:
        return ""
    if left < 60:
        return visit.text("jobs.under_a_minute_left")
    span = formats.format_duration(int(left), visit.voice.locale, visit.voice.catalogue)
    return visit.text("jobs.left", span=span)


def _number(visit: Visit, number: int) -> str:
    return numbers.format_number(number, visit.voice.locale)
