"""What is done to many records at once: delete with undo, move on a board; and the trash they go to."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, kinds
from crm_domain.problems import FieldProblem, Invalid, NotFound
from crm_domain.query.page import ListQuery, Sort
from crm_domain.records import remove, save
from crm_domain.records.forms import read_form
from crm_domain.records.merge import MOST
from crm_domain.records.run_many import open_run
from crm_domain.records.runs import Action
from crm_domain.text import numbers
from crm_domain.text.digits import plain_number
from crm_ui.inputs import Draft
from crm_web.lists.board import lane_figures
from crm_web.lists.listing import cursor_text, read_cursor
from crm_web.lists.selection import selected
from crm_web.lists.tables import columns_for, lines_for
from crm_web.pages.exports import PROOF_ROWS, export_ids, print_ids
from crm_web.pages.forms import currencies, resolve_typed_links
from crm_web.proof import prove
from crm_web.reach import one
from crm_web.visit import Visit

ASK_FROM = 50
"""More records than these go to the trash only when their number was typed."""
TRASH_PAGE = 50
RIGHTS = {
    "export": "export",
    "change": "mass_update",
    "assign": "mass_update",
    "team": "mass_update",
    "deal": "mass_update",
    "tasks": "list",
    "print": "print",
    "star": "list",
    "merge": "merge",
    "delete": "delete",
}
"""What each action on a selection asks for."""
ONE_FIELD = {"assign": "?only=assigned_to", "team": "?only=team"}


class BulkPages(Controller):
    """/<module>/bulk, /<module>/move, /<module>/trash."""

    module_key: ClassVar[str]

    @post("/bulk")
    async def bulk(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        action = posted.get("action", "")
        if action not in RIGHTS:
            raise NotFound
        visit.allow(module, RIGHTS[action])
        ids = await selected(visit, module, posted)
        match action:
            case "export":
                if len(ids) > PROOF_ROWS:
                    await prove(visit, posted)
                return await export_ids(visit, module, ids)
            case "print":
                return await print_ids(visit, module, ids)
            case "change" | "assign" | "team":
                return await _opened(visit, module, "update", ids, ONE_FIELD.get(action, ""))
            case "deal" | "tasks":
                return await _opened(visit, module, action, ids)
            case "star":
                number = await visit.work.store.shelf.star_many(module.key, ids)
                await visit.commit()
                return visit.go(f"/{module.key}", visit.text("bulk.starred", number=_number(visit, number)))
            case "merge":
                return visit.go(f"/{module.key}/merge?" + "&".join(f"id={id_}" for id_ in ids[: MOST + 1]))
            case "delete" if len(ids) > ASK_FROM:
                await prove(visit, posted)
                return await _opened(visit, module, "delete", ids)
            case _:
                removal = await remove.remove(visit.work, module, ids)
                await visit.commit()
                said = visit.text("list.deleted", number=_number(visit, len(ids)))
                return visit.go(f"/{module.key}", said, f"/{module.key}/undo/{removal}")

    @post("/move")
    async def move(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """A card to another lane: one field saved by all its rules."""
        module = visit.module(self.module_key)
        visit.allow(module, "edit")
        field = _axis(module)
        axis, lane, id_ = field.key, posted.get("lane", ""), _id(posted.get("card", ""))
        row = await one(visit, module, id_)
        before = row[axis]
        try:
            await save.update(visit.work, module, id_, {axis: lane}, version=plain_number(posted.get("version", "")))
        except Invalid as invalid:
            if set(invalid.fields) <= {axis}:
                raise
            keys = ",".join(invalid.fields)
            return Response({"ask_url": f"/{module.key}/{id_}/ask?axis={axis}&to={lane}&keys={keys}"})
        await visit.commit()
        if not posted.get("before") and "before" not in posted:
            return visit.go(f"/{module.key}?mode=board")
        after = await one(visit, module, id_)
        layout, query = module.layout, ListQuery(columns=("name",), limit=1)
        lanes = await visit.work.store.lanes(module, query, axis, layout.board_sum, layout.board_weighted)
        touched = {
            found.option: lane_figures(visit, field.options[found.option], found)
            for found in lanes
            if found.option in (before, lane)
        }
        said = visit.text("board.moved", name=row["name"], lane=visit.voice.option(field.options, lane))
        return Response({"version": after["version"], "lanes": touched, "toast": {"text": said}})

    @get("/{record_id:uuid}/ask")
    async def ask(self, visit: Visit, record_id: UUID, to: str = "", keys: str = "") -> Response[str]:
        """What a move still needs: a short form of the fields its rules asked for."""
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id, "edit")
        return await _ask(visit, module, row, to, tuple(keys.split(",")), None)

    @post("/{record_id:uuid}/ask")
    async def answer_asked(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        axis = _axis(module)
        row = await one(visit, module, record_id, "edit")
        keys = tuple(posted.get("keys", "").split(","))
        form = read_form(module, posted.multi_items(), [key for key in keys if key in module.by_key], visit.voice)
        await resolve_typed_links(visit, module, form)
        to = posted.get("to", "")
        problems = dict(form.problems)
        if not problems:
            try:
                await save.update(visit.work, module, record_id, {**form.values, axis.key: to})
                await visit.commit()
                return visit.go(f"/{module.key}?mode=board", visit.text("record.saved"))
            except Invalid as invalid:
                problems = dict(invalid.fields)
        draft = Draft(
            module, visit.voice, row.values, raw=form.raw, problems=problems, currencies=await currencies(visit)
        )
        return await _ask(visit, module, row, to, keys, draft)

    @get("/trash")
    async def trash(self, visit: Visit, cursor: str = "") -> Response[str]:
        module = visit.module(self.module_key)
        visit.allow(module, "delete")
        columns = columns_for(visit, module, ("name", "deleted_at", "deleted_by"))
        query = ListQuery(
            columns=("name", "deleted_at", "deleted_by"),
            sort=(Sort("deleted_at", descending=True),),
            limit=TRASH_PAGE,
            deleted=True,
            cursor=read_cursor(cursor) if cursor else None,
        )
        page = await visit.work.store.page(module, query, action="delete")
        return await visit.page(
            "records/trash.html",
            current=module.key,
            module=module,
            modules_name=visit.voice.module(module),
            columns=columns,
            lines=lines_for(visit, module, columns, page.rows),
            next=f"?cursor={cursor_text(page.after)}" if page.after else "",
            previous=f"?cursor={cursor_text(page.before)}" if page.before else "",
            may_purge=visit.access.special("purge_trash"),
        )

    @post("/trash")
    async def empty(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Restores or purges the ticked records."""
        module = visit.module(self.module_key)
        visit.allow(module, "delete")
        ids = [_id(text) for text in posted.getall("id", [])]
        if not ids:
            raise Invalid({"id": (FieldProblem("list.nothing_selected"),)})
        purging = posted.get("action") == "purge"
        if purging:
            await prove(visit, posted)
        number = await (remove.purge if purging else remove.restore)(visit.work, module, ids)
        await visit.commit()
        said = "record.purged_toast" if purging else "record.restored_toast"
        return visit.go(
            f"/{module.key}/trash", visit.text(said, number=numbers.format_number(number, visit.voice.locale))
        )


async def _opened(visit: Visit, module: Module[Any], action: Action, ids: list[UUID], only: str = "") -> Response[Any]:
    """A run over these records, which asks first what it is to do."""
    run = await open_run(visit.work, module, action, ids)
    await visit.commit()
    return visit.go(f"/{module.key}/bulk/{run}{only}")


async def _ask(
    visit: Visit, module: Module[Any], row: Any, to: str, keys: tuple[str, ...], draft: Draft | None
) -> Response[str]:
    axis = _axis(module)
    shown = draft or Draft(module, visit.voice, row.values, currencies=await currencies(visit))
    return visit.part(
        "records/ask.html",
        status=422 if draft else 200,
        title=visit.text("board.ask_title", lane=visit.voice.option(axis.options, to)),
        fields=[shown.input(key) for key in keys if key in module.by_key],
        url=f"/{module.key}/{row.id}/ask",
        to=to,
        keys=",".join(keys),
    )


def _axis(module: Module[Any]) -> kinds.Choice | kinds.DependentChoice:
    """The field that a module's board has its lanes by. Raises NotFound for one without a board."""
    field = module.by_key.get(module.layout.board)
    if not isinstance(field, kinds.Choice | kinds.DependentChoice):
        raise NotFound
    return field


def _number(visit: Visit, number: int) -> str:
    return numbers.format_number(number, visit.voice.locale)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"id": (FieldProblem("problems.unknown_record"),)}) from None
