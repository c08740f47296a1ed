"""A file taken in over the API: a job with counts, and the rows that failed as a file to mend and send again."""

from typing import Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict, UploadFile

from crm_domain.definition import Module
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.records import import_many
from crm_domain.records.imports import Import, Plan
from crm_storage.files.types import label
from crm_storage.limited import in_child
from crm_web.api.records import answer
from crm_web.files import attachment
from crm_web.idempotency import once
from crm_web.import_view import as_csv, import_of
from crm_web.job_view import job_json
from crm_web.visit import Visit


class ImportApi(Controller):
    """/api/v1/<module>/import: multipart with `file`, and if wanted `mapping` (JSON: head to field), `mode`, `key`, `list`."""

    module_key: ClassVar[str]

    @post("/import", status_code=202)
    async def send(self, visit: Visit, posted: FormMultiDict) -> Response[bytes]:
        """202 with the job. Columns that `mapping` does not name are matched by their heads; an empty field leaves one out."""
        module = visit.module(self.module_key)
        import_many.allow(visit.work, module)
        sent = posted.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise Invalid({"file": (FieldProblem("problems.required"),)})
        try:
            table = await in_child("sheet", await sent.read())
        except BadValue as bad:
            raise Invalid({"file": (bad.problem,)}) from None
        name = label(sent.filename)

        async def make() -> Any:
            id_ = await import_many.open_import(visit.work, module, visit.voice, name, table)
            await import_many.plan(visit.work, run := await visit.work.store.imports.get(id_), _plan(run, posted))
            job = await import_many.begin(visit.work, id_)
            return {**job_json(visit, await visit.work.store.jobs.get(job)), "import": str(id_)}

        done = await once(visit, make)
        await visit.commit()
        return answer(done, status=202)

    @get("/import/{import_id:uuid}")
    async def show(self, visit: Visit, import_id: UUID) -> Response[bytes]:
        """Its state, its mapping, and how many rows came to what."""
        run = await import_of(visit, _module(visit, self.module_key), import_id)
        counts = await visit.work.store.imports.counts(run.id)
        facts = {name: getattr(run, name) for name in ("id", "file", "state", "mode", "key", "total", "job")}
        return answer({**facts, "mapping": dict(zip(run.heads, run.mapping, strict=True)), "counts": counts})

    @get("/import/{import_id:uuid}/errors")
    async def errors(self, visit: Visit, import_id: UUID) -> Response[bytes]:
        module = _module(visit, self.module_key)
        run = await import_of(visit, module, import_id)
        rows = await visit.work.store.imports.rows(run.id, ("failed",), run.total)
        return attachment(f"{module.key}-errors.csv", "text/csv; charset=utf-8", as_csv(visit, module, run, rows))

    @post("/import/{import_id:uuid}/undo", status_code=202)
    async def undo(self, visit: Visit, import_id: UUID) -> Response[bytes]:
        """Takes it back, within 30 days, as far as nobody changed its records since."""
        run = await import_of(visit, _module(visit, self.module_key), import_id)
        job = await import_many.undo(visit.work, run.id)
        await visit.commit()
        return answer(job_json(visit, await visit.work.store.jobs.get(job)), status=202)


def _module(visit: Visit, key: str) -> Module[Any]:
    module = visit.module(key)
    import_many.allow(visit.work, module)
    return module


def _plan(run: Import, posted: FormMultiDict) -> Plan:
    """What was asked for, beside what the heads say by themselves. Raises Invalid."""
    try:
        named = msgspec.json.decode(str(posted.get("mapping") or "{}"), type=dict[str, str])
        facts = {
            "mode": posted.get("mode") or "create",
            "key": posted.get("key") or "",
            "gather_into": posted.get("list"),
        }
        mapping = [named.get(head, target) for head, target in zip(run.heads, run.mapping, strict=True)]
        given = msgspec.convert({**facts, "mapping": mapping}, Plan)
    except msgspec.MsgspecError:
        raise Invalid({"mapping": (FieldProblem("problems.not_an_object"),)}) from None
    if unknown := set(named) - set(run.heads):
        raise Invalid({head: (FieldProblem("problems.unknown_field", {"field": head}),) for head in unknown})
    return given
