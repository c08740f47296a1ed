"""A run over many records: what it is to do, what would come of it, what came of it, and taking it back."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.problems import NotFound
from crm_domain.records import run_many
from crm_domain.records.runs import Run
from crm_domain.text import numbers
from crm_web.lists.run_forms import ask, take
from crm_web.lists.run_view import preview, result, run_page
from crm_web.visit import Visit


class BulkRunPages(Controller):
    """/<module>/bulk/<run>."""

    module_key: ClassVar[str]

    @get("/bulk/{run_id:uuid}")
    async def bulk_run(self, visit: Visit, run_id: UUID, only: str = "", again: str = "") -> Response[str]:
        module = visit.module(self.module_key)
        run = await _run(visit, module, run_id)
        if run.state != "draft":
            return await result(visit, module, run)
        if run.action == "delete":
            return await run_page(visit, module, run, "records/bulk_delete.html")
        if run.changes and not again:
            return await preview(visit, module, run)
        return await ask(visit, module, run, only)

    @post("/bulk/{run_id:uuid}")
    async def plan_run(self, visit: Visit, run_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        run = await _run(visit, module, run_id)
        if again := await take(visit, module, run, posted):
            return again
        await visit.commit()
        return visit.go(f"/{module.key}/bulk/{run_id}")

    @post("/bulk/{run_id:uuid}/run")
    async def begin_run(self, visit: Visit, run_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        run = await _run(visit, module, run_id)
        if run.action == "delete" and numbers.parse_integer(posted.get("number", "") or "0") != run.total:
            return await run_page(visit, module, run, "records/bulk_delete.html", status=422, wrong=True)
        job = await run_many.begin(visit.work, run_id)
        await visit.commit()
        return visit.go(f"/jobs/{job}" if job else f"/{module.key}/bulk/{run_id}")

    @post("/bulk/{run_id:uuid}/undo")
    async def undo_run(self, visit: Visit, run_id: UUID) -> Response[Any]:
        module = visit.module(self.module_key)
        await _run(visit, module, run_id)
        job = await run_many.undo(visit.work, run_id)
        await visit.commit()
        return visit.go(f"/jobs/{job}" if job else f"/{module.key}/bulk/{run_id}", visit.text("bulk.taken_back"))


async def _run(visit: Visit, module: Module[Any], id_: UUID) -> Run:
    run = await visit.work.store.runs.get(id_)
    if run.module != module.key:
        raise NotFound
    return run
