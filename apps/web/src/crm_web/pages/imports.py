"""The import wizard: a file, its columns, a trial, the run; what came of it, and taking it back."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict, UploadFile

from crm_domain.definition import Module, Ref
from crm_domain.problems import BadValue, FieldProblem, Refused
from crm_domain.records import import_many
from crm_domain.records.gather import gathering
from crm_domain.records.import_match import key_fields, offered, target_label
from crm_domain.records.import_saved import keep_mapping
from crm_domain.records.imports import Import, ImportRow, Mode, Plan
from crm_domain.text import numbers
from crm_storage.files.types import label
from crm_storage.limited import in_child
from crm_web.campaigns.list_choice import NAME_LENGTH, chosen_list, list_picker
from crm_web.files import attachment
from crm_web.import_view import as_csv, counts_of, history_of, import_of, lines_of, mappings_of, samples_of, words_of
from crm_web.visit import Visit

SHOWN = 5
FAULTY = 20
LISTED = 200
HISTORY = 20
MODES: Mapping[str, Mode] = {"create": "create", "update": "update", "upsert": "upsert"}


class ImportPages(Controller):
    """/<module>/import and /<module>/import/<import>."""

    module_key: ClassVar[str]

    @get("/import")
    async def choose_import(self, visit: Visit) -> Response[str]:
        return await _upload(visit, _module(visit, self.module_key))

    @post("/import")
    async def send_import(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        module = _module(visit, self.module_key)
        sent = posted.get("file")
        try:
            if not isinstance(sent, UploadFile) or not sent.filename:
                raise BadValue("problems.required")
            table = await in_child("sheet", await sent.read())
        except BadValue as bad:
            return await _upload(visit, module, bad.problem)
        id_ = await import_many.open_import(visit.work, module, visit.voice, label(sent.filename), table)
        await visit.commit()
        return visit.go(f"/{module.key}/import/{id_}")

    @get("/import/{import_id:uuid}")
    async def show_import(self, visit: Visit, import_id: UUID) -> Response[str]:
        module = _module(visit, self.module_key)
        run = await import_of(visit, module, import_id)
        return await (_mapping(visit, module, run) if run.state == "draft" else _result(visit, module, run))

    @post("/import/{import_id:uuid}")
    async def plan_import(self, visit: Visit, import_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module = _module(visit, self.module_key)
        run = await import_of(visit, module, import_id)
        mapping = tuple(str(posted.get(f"column-{number}", "")) for number in range(len(run.heads)))
        mode = MODES.get(str(posted.get("mode", "")), "create")
        relation = gathering(visit.work, module.key)
        try:
            owner = await chosen_list(visit, relation, posted) if relation else None
            given = Plan(mapping=mapping, mode=mode, key=str(posted.get("key", "")), gather_into=owner)
            await import_many.plan(visit.work, run, given)
            if kept := str(posted.get("keep", "")).strip()[:NAME_LENGTH]:
                await keep_mapping(visit.work, module, run, given, kept, shared=bool(posted.get("shared")))
        except Refused as refused:
            return await _mapping(visit, module, run, mapping, FieldProblem(refused.id, refused.facts))
        await visit.commit()
        return visit.go(f"/{module.key}/import/{import_id}/check")

    @get("/import/{import_id:uuid}/check")
    async def check_import(self, visit: Visit, import_id: UUID) -> Response[Any]:
        """What would come of the first rows."""
        module = _module(visit, self.module_key)
        run = await import_of(visit, module, import_id)
        if run.state != "draft":
            return visit.go(f"/{module.key}/import/{import_id}")
        rows = await import_many.preview(visit.work, run, visit.voice)
        counts: dict[str, int] = {}
        for row in rows:
            counts[row.status] = counts.get(row.status, 0) + 1
        return await _page(
            visit,
            module,
            "records/import_check.html",
            run=run,
            counts=counts_of(visit, counts, "imports.would"),
            of_first=visit.text("imports.of_first", number=_number(visit, len(rows))) if run.total > len(rows) else "",
            faulty=_faulty(visit, module, run, rows),
        )

    @post("/import/mappings/{mapping_id:uuid}/drop")
    async def drop_mapping(self, visit: Visit, mapping_id: UUID) -> Response[Any]:
        """Forgets a mapping that was kept."""
        module = _module(visit, self.module_key)
        await visit.work.store.imports.drop_mapping(mapping_id)
        await visit.commit()
        return visit.go(f"/{module.key}/import")

    @post("/import/{import_id:uuid}/run")
    async def begin_import(self, visit: Visit, import_id: UUID) -> Response[Any]:
        module = _module(visit, self.module_key)
        await import_of(visit, module, import_id)
        job = await import_many.begin(visit.work, import_id)
        await visit.commit()
        return visit.go(f"/jobs/{job}")

    @post("/import/{import_id:uuid}/undo")
    async def undo_import(self, visit: Visit, import_id: UUID) -> Response[Any]:
        module = _module(visit, self.module_key)
        await import_of(visit, module, import_id)
        job = await import_many.undo(visit.work, import_id)
        await visit.commit()
        return visit.go(f"/jobs/{job}")

    @get("/import/{import_id:uuid}/errors")
    async def import_errors(self, visit: Visit, import_id: UUID) -> Response[bytes]:
        """The rows that failed, with their own columns and the reasons: to be mended and sent again."""
        module = _module(visit, self.module_key)
        run = await import_of(visit, module, import_id)
        rows = await visit.work.store.imports.rows(run.id, ("failed",), run.total)
        name = f"{run.file.rpartition('.')[0] or run.file}-{visit.text('imports.errors_name')}.csv"
        return attachment(name, "text/csv; charset=utf-8", as_csv(visit, module, run, rows))


def _module(visit: Visit, key: str) -> Module[Any]:
    """The module, for whoever may import into it. Raises NotFound, Denied."""
    module = visit.module(key)
    import_many.allow(visit.work, module)
    return module


async def _upload(visit: Visit, module: Module[Any], problem: FieldProblem | None = None) -> Response[str]:
    return await _page(
        visit,
        module,
        "records/import_file.html",
        status=422 if problem else 200,
        problem=words_of(visit, problem.id, problem.facts) if problem else "",
        mappings=mappings_of(visit, await visit.work.store.imports.mappings(module.key)),
        history=history_of(visit, module, await visit.work.store.imports.recent(module.key, HISTORY)),
    )


async def _mapping(
    visit: Visit,
    module: Module[Any],
    run: Import,
    mapping: tuple[str, ...] | None = None,
    problem: FieldProblem | None = None,
) -> Response[str]:
    targets = offered(visit.work, module)
    rows = await visit.work.store.imports.rows(run.id, ("waiting",), SHOWN)
    named = {target: target_label(visit.voice, module, target) for target in targets}
    keys = key_fields(module, targets)
    return await _page(
        visit,
        module,
        "records/import_map.html",
        status=422 if problem else 200,
        run=run,
        problem=words_of(visit, problem.id, problem.facts) if problem else "",
        columns=samples_of(run, mapping or run.mapping, rows),
        targets=[(target, named[target], _required(module, target)) for target in targets],
        modes=[(mode, visit.text(f"imports.mode.{mode}"), mode == run.mode) for mode in MODES],
        may_share=visit.access.admin,
        keys=[(key, named[key], key == run.key) for key in keys],
        **await _lists(visit, module, run),
    )


async def _lists(visit: Visit, module: Module[Any], run: Import) -> dict[str, Any]:
    """The list that the file's people may join, with its field; nothing where no list has such records."""
    relation = gathering(visit.work, module.key)
    if relation is None or not visit.access.can(relation.module, "edit"):
        return {"picker": None, "list_href": ""}
    owner = run.gather_into
    named = await visit.work.store.names([Ref(relation.module, owner)]) if owner else {}
    name = next(iter(named.values())).name if named else ""
    return {
        "list_title": visit.text(f"{relation.module}.gather"),
        "picker": list_picker(visit, relation, owner, name),
        "may_create": visit.access.can(relation.module, "create"),
        "list_href": f"/{relation.module}/{owner}" if owner and name else "",
        "list_name": name,
    }


def _required(module: Module[Any], target: str) -> bool:
    field = module.by_key.get(target)
    return bool(field and field.required and field.default is None)


async def _result(visit: Visit, module: Module[Any], run: Import) -> Response[str]:
    counts = await visit.work.store.imports.counts(run.id)
    failed = await visit.work.store.imports.rows(run.id, ("failed",), FAULTY)
    kept = await visit.work.store.imports.rows(run.id, ("kept",), LISTED)
    return await _page(
        visit,
        module,
        "records/import_result.html",
        run=run,
        state=visit.text(f"imports.state.{run.state}"),
        counts=counts_of(visit, counts, "imports.did"),
        faulty=_faulty(visit, module, run, failed),
        kept=await lines_of(visit, module, kept),
        job=run.job if run.state in ("started", "undoing") else None,
        undoable=run.undoable(visit.work.now()),
        **await _lists(visit, module, run),
    )


def _faulty(visit: Visit, module: Module[Any], run: Import, rows: list[ImportRow]) -> list[tuple[str, str, str]]:
    """Line, its first cells, and the reason."""
    failed = [row for row in rows if row.status == "failed"][:FAULTY]
    return [
        (
            _number(visit, row.number),
            " · ".join(cell for cell in row.cells if cell)[:80],
            words_of(visit, row.reason, row.facts, module),
        )
        for row in failed
    ]


def _number(visit: Visit, number: int) -> str:
    return numbers.format_number(number, visit.voice.locale)


async def _page(visit: Visit, module: Module[Any], template: str, *, status: int = 200, **facts: Any) -> Response[str]:
    run = cast("Import | None", facts.get("run"))
    common = {
        "module": module,
        "modules_name": visit.voice.module(module),
        "title": visit.text("imports.title"),
        "url": f"/{module.key}/import" + (f"/{run.id}" if run else ""),
        "about": visit.text("imports.of", file=run.file, number=_number(visit, run.total))
        if run
        else visit.text("imports.intro"),
    }
    return await visit.page(template, status=status, current=module.key, **{**common, **facts})
