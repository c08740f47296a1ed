"""Long work as its owner sees it: the list, one job with live progress, the wish to end it."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.response import Stream

from crm_domain.people.actor import Actor
from crm_storage.database import Session
from crm_storage.jobs.rows import find
from crm_web.events import follow
from crm_web.job_view import job_view
from crm_web.visit import Visit


class JobPages(Controller):
    """/jobs."""

    path = "/jobs"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        """My own jobs, newest first."""
        jobs = [job_view(visit, job) for job in await visit.work.store.jobs.recent()]
        return await visit.page("jobs/list.html", current="jobs", jobs=jobs)

    @get("/{job_id:uuid}")
    async def show(self, visit: Visit, job_id: UUID) -> Response[str]:
        """The job's page, or its card alone for a page that follows it."""
        job = job_view(visit, await visit.work.store.jobs.get(job_id))
        if visit.fragment:
            return visit.part("jobs/card.html", job=job)
        return await visit.page("jobs/job.html", current="jobs", job=job)

    @get("/{job_id:uuid}/events")
    async def events(self, visit: Visit, job_id: UUID) -> Stream:
        """Tells of every step of the job."""
        await visit.work.store.jobs.get(job_id)

        async def watch(session: Session, _reader: Actor) -> tuple[str, bool]:
            job = await find(session, job_id)
            if job is None:
                return "", True
            return f"{job.state} {job.done} {job.moved_at.isoformat()} {job.cancelling}", job.ended

        return follow(visit, visit.installation.jobs, f"{visit.tenant.schema}:{job_id}", watch)

    @post("/{job_id:uuid}/cancel")
    async def cancel(self, visit: Visit, job_id: UUID) -> Response[Any]:
        await visit.work.store.jobs.cancel(job_id)
        await visit.commit()
        return visit.go(f"/jobs/{job_id}", visit.text("jobs.cancel_heard"))
