"""A run over many records: what to change, what would come of it, what came of it, and taking it back."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.meaning.show import show
from crm_domain.problems import Invalid, NotFound
from crm_domain.records import bulk, run_many
from crm_domain.records.forms import Form, read_form
from crm_domain.records.runs import Item, Run
from crm_domain.text import numbers
from crm_ui.inputs import Draft
from crm_web.pages.forms import currencies, resolve_typed_links
from crm_web.visit import Visit

SAMPLE = 10
LOOKED_AT = 2_000
"""A preview reads so many records; what it says of more is what it found in these."""
LISTED = 200
STATUSES = ("changed", "unchanged", "denied", "refused", "undone", "kept")


class BulkRunPages(Controller):
    """/<module>/bulk/<run>."""

    module_key: ClassVar[str]

    @get("/bulk/{run_id:uuid}")
    async def bulk_run(self, visit: Visit, run_id: UUID, only: str = "", again: str = "") -> Response[str]:
        module = visit.module(self.module_key)
        run = await _run(visit, module, run_id)
        if run.state != "draft":
            return await _result(visit, module, run)
        if run.action == "delete":
            return await _page(visit, module, run, "records/bulk_delete.html")
        if run.changes and not again:
            return await _preview(visit, module, run)
        form = Form(bulk.as_values(module, run.changes), {}, {})
        return await _ask(visit, module, run, form, tuple(run.changes) or ((only,) if only else ()))

    @post("/bulk/{run_id:uuid}")
    async def plan_run(self, visit: Visit, run_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Takes the ticked fields; an empty one is to be cleared."""
        module = visit.module(self.module_key)
        run = await _run(visit, module, run_id)
        ticked = [key for key in posted.getall("change", []) if key in bulk.mass_fields(visit.work, module)]
        form = read_form(module, posted.multi_items(), ticked, visit.voice)
        await resolve_typed_links(visit, module, form)
        values = {key: form.values.get(key) for key in ticked}
        try:
            if form.problems:
                raise Invalid(form.problems)
            await run_many.plan(visit.work, run, values)
        except Invalid as invalid:
            form.problems = {**form.problems, **invalid.fields}
            return await _ask(visit, module, run, form, tuple(ticked), status=422)
        await visit.commit()
        return visit.go(f"/{module.key}/bulk/{run_id}")

    @post("/bulk/{run_id:uuid}/run")
    async def begin_run(self, visit: Visit, run_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        run = await _run(visit, module, run_id)
        if run.action == "delete" and numbers.parse_integer(posted.get("number", "") or "0") != run.total:
            return await _page(visit, module, run, "records/bulk_delete.html", status=422, wrong=True)
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


async def _ask(
    visit: Visit, module: Module[Any], run: Run, form: Form, ticked: tuple[str, ...], *, status: int = 200
) -> Response[str]:
    draft = Draft(
        module,
        visit.voice,
        form.values,
        raw=form.raw,
        problems=form.problems,
        currencies=await currencies(visit),
    )
    offered = sorted(bulk.mass_fields(visit.work, module), key=lambda key: key not in ticked)
    return await _page(
        visit,
        module,
        run,
        "records/bulk_change.html",
        status=status,
        fields=[(draft.input(key), key in ticked) for key in offered],
        nothing=status != 200 and not ticked,
    )


async def _preview(visit: Visit, module: Module[Any], run: Run) -> Response[str]:
    """What would come of it: counts, and the first changes old to new."""
    ids = await visit.work.store.runs.ids(run.id, "waiting", LOOKED_AT)
    values = bulk.as_values(module, run.changes)
    items = await bulk.change_many(visit.work, module, ids, values, dry=True)
    counts = {status: sum(item.status == status for item in items) for status in STATUSES}
    changes = [(_label(visit, module, key), _shown(visit, module, key, value)) for key, value in run.changes.items()]
    return await _page(
        visit,
        module,
        run,
        "records/bulk_preview.html",
        changes=changes,
        counts=_counts(visit, counts, "bulk.would"),
        nothing=not counts["changed"],
        of_first=_number(visit, LOOKED_AT) if run.total > LOOKED_AT else "",
        sample=await _lines(visit, module, [item for item in items if item.status == "changed"][:SAMPLE]),
        refused=await _lines(visit, module, [item for item in items if item.status == "refused"][:SAMPLE]),
    )


async def _result(visit: Visit, module: Module[Any], run: Run) -> Response[str]:
    counts = await visit.work.store.runs.counts(run.id)
    left_alone = await visit.work.store.runs.items(run.id, ("refused", "denied", "kept"), LISTED)
    return await _page(
        visit,
        module,
        run,
        "records/bulk_result.html",
        title=visit.text(f"bulk.{run.state}"),
        counts=_counts(visit, counts, "bulk.did"),
        left_alone=await _lines(visit, module, left_alone),
        undoable=run.undoable(visit.voice.now) and bool(counts.get("changed")),
        job=run.job if run.state in ("started", "undoing") else None,
    )


async def _page(
    visit: Visit, module: Module[Any], run: Run, template: str, *, status: int = 200, **facts: Any
) -> Response[str]:
    title = visit.text("bulk.delete_title" if run.action == "delete" else "bulk.change_title")
    common = {
        "module": module,
        "modules_name": visit.voice.module(module),
        "title": title,
        "total": _number(visit, run.total),
        "url": f"/{module.key}/bulk/{run.id}",
        "wrong": False,
    }
    return await visit.page(template, status=status, current=module.key, **{**common, **facts})


async def _lines(visit: Visit, module: Module[Any], items: list[Item]) -> list[dict[str, Any]]:
    """Records of a run by name, with what changed or why not; those out of reach have no name."""
    rows = await visit.work.store.fetch(module, [item.id for item in items], columns=("name",)) if items else []
    names = {row.id: row["name"] for row in rows}
    return [
        {
            "name": names.get(item.id, ""),
            "href": f"/{module.key}/{item.id}" if item.id in names else "",
            "why": _why(visit, module, item),
            "changes": [
                (
                    _label(visit, module, key),
                    _shown(visit, module, key, item.before.get(key)),
                    _shown(visit, module, key, value),
                )
                for key, value in item.after.items()
                if key in module.by_key
            ],
        }
        for item in items
    ]


def _why(visit: Visit, module: Module[Any], item: Item) -> str:
    if item.status != "refused":
        return visit.text(f"bulk.why.{item.status}")
    said = visit.text(item.reason, **item.facts)
    field = item.facts.get("of_field", "")
    return f"{_label(visit, module, field)}: {said}" if field in module.by_key else said


def _label(visit: Visit, module: Module[Any], key: str) -> str:
    return visit.voice.label(module, module.field(key))


def _shown(visit: Visit, module: Module[Any], key: str, value: Any) -> str:
    return show(module.field(key), bulk.as_values(module, {key: value}).get(key), visit.voice)


def _counts(visit: Visit, counts: Any, place: str) -> list[tuple[str, str]]:
    return [
        (visit.text(f"{place}.{status}"), _number(visit, counts[status])) for status in STATUSES if counts.get(status)
    ]


def _number(visit: Visit, number: int) -> str:
    return numbers.format_number(number, visit.voice.locale)
