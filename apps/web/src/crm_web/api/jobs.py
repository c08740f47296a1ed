"""Long work over the API."""

from uuid import UUID

from litestar import Controller, Response, get, post

from crm_web.api.records import answer
from crm_web.job_view import job_json
from crm_web.visit import Visit


class JobApi(Controller):
    """/api/v1/jobs: the caller's own, one of them, the wish to end it."""

    path = "/v1/jobs"

    @get("/")
    async def index(self, visit: Visit) -> Response[bytes]:
        return answer({"items": [job_json(visit, job) for job in await visit.work.store.jobs.recent()]})

    @get("/{job_id:uuid}")
    async def show(self, visit: Visit, job_id: UUID) -> Response[bytes]:
        return answer(job_json(visit, await visit.work.store.jobs.get(job_id)))

    @post("/{job_id:uuid}/cancel", status_code=200)
    async def cancel(self, visit: Visit, job_id: UUID) -> Response[bytes]:
        job = await visit.work.store.jobs.cancel(job_id)
        await visit.commit()
        return answer(job_json(visit, job))
