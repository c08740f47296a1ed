"""One record: its page, history, star, single values edited in place, deletion and its undoing."""

from typing import Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, Ref, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.modules.activities.spread import read_which
from crm_domain.modules.activities.spread import remove as remove_occurrences
from crm_domain.modules.activities.spread import update as update_occurrences
from crm_domain.problems import Denied, Invalid, NotFound
from crm_domain.query.page import Row
from crm_domain.records import remove
from crm_domain.records.stream import stream
from crm_domain.text import format as formats
from crm_domain.text import numbers
from crm_domain.text.digits import plain_number
from crm_domain.vcard import Version, cards
from crm_storage.records.select_rows import FOLLOWED, STARRED
from crm_ui.cells import Cell
from crm_ui.inputs import Draft
from crm_web.calendar.putting_off import moves_panel
from crm_web.files import attachment
from crm_web.lists.tables import columns_for, lines_for
from crm_web.pages.forms import currencies, read_posted
from crm_web.reach import one, reaches
from crm_web.records.panels import row_panels
from crm_web.records.printed import printed_parts
from crm_web.records.sections import arranged, sections_of, wanted
from crm_web.records.starting import given_ref
from crm_web.records.view import heading, panels_of, previews_of, property_of, texts_of
from crm_web.visit import Visit

PREVIEWED = 3
"""Activities shown beside a list."""


class DetailPages(Controller):
    """GET /<module>/<id> and what can be done there."""

    module_key: ClassVar[str]

    @get("/{record_id:uuid}")
    async def show(self, visit: Visit, record_id: UUID) -> Response[Any]:
        module = visit.module(self.module_key)
        try:
            row = await one(visit, module, record_id)
        except NotFound:
            if survivor := await visit.work.store.merged_into(module, record_id):
                return visit.go(f"/{module.key}/{survivor}")
            raise
        await visit.work.store.shelf.seen(Ref(module.key, record_id))
        head = await heading(visit, module, row)
        editable = head["may"]["edit"]
        sections = sections_of(
            visit,
            module,
            f"/{module.key}/{record_id}",
            activities=head["activities"],
            own=[*row_panels(visit, module, row), *moves_panel(visit, module, row)],
            relations=head["relations"],
        )
        shown, offered = arranged(sections, (await visit.desk(module.key)).state)
        facts = {
            **head,
            "panels": panels_of(visit, module, row, editable=editable, texts_apart=True),
            "texts": texts_of(visit, module, row, editable=editable),
            "previews": previews_of(module, row),
            "sections": shown,
            "offered_sections": offered,
        }
        response = await visit.page("records/detail.html", current=module.key, tab="overview", **facts)
        await visit.commit()
        return response

    @post("/arrange")
    async def arrange(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """The reader's own order of what stands beside a record, for all records of the module; `reset` goes back."""
        module = visit.module(self.module_key)
        visit.allow(module, "view")
        order, left = wanted(
            *(() if posted.get("reset") else posted.getall(name, []) for name in ("section", "offered"))
        )
        state = (await visit.desk(module.key)).state
        state = msgspec.structs.replace(state, sections=order, left_out=left)
        await visit.work.store.shelf.keep_state(module.key, state)
        await visit.commit()
        here = given_ref(kinds.Link(target=module.key), posted.get("record", ""))
        return visit.go(f"/{module.key}/{here.id}" if here else f"/{module.key}", visit.text("settings.saved"))

    @get("/{record_id:uuid}/print")
    async def print_record(self, visit: Visit, record_id: UUID) -> Response[str]:
        """The parts that `part` names, or the properties alone."""
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id, "print")
        await visit.work.store.note(module, record_id, "print", {})
        head = await heading(visit, module, row)
        asked = visit.request.query_params.getall("part", [])
        facts = {**head, **await printed_parts(visit, module, row, head, panels_of(visit, module, row), asked)}
        response = await visit.page(
            "records/print_detail.html", current=module.key, tab="", **facts, printed=print_line(visit)
        )
        await visit.commit()
        return response

    @get("/{record_id:uuid}/glance")
    async def glance(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """What tells most of a record, beside the list it stands in; without a script its own page."""
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        if not visit.fragment:
            return visit.go(f"/{module.key}/{record_id}")
        head = await heading(visit, module, row)
        found = await stream(visit.work, module.key, record_id) if head["activities"] else None
        latest = [(item, visit.module(item.module).icon) for item in (*found.planned, *found.done)] if found else []
        return visit.part("records/preview.html", **head, latest=latest[:PREVIEWED])

    @get("/{record_id:uuid}/vcard")
    async def vcard(self, visit: Visit, record_id: UUID, version: str = "") -> Response[bytes]:
        """The record as an address card, in version 4.0 or, for older programs, 3.0."""
        module = visit.module(self.module_key)
        with visit.names_as_stored():
            row = await one(visit, module, record_id)
        older: Version = "3.0" if version == "3.0" else "4.0"
        card = cards(module, [module.record(row.id, row.values)], visit.voice.text, older)
        return attachment(f"{row['name']}.vcf", "text/vcard; charset=utf-8", card.encode())

    @post("/{record_id:uuid}/star")
    async def star(self, visit: Visit, record_id: UUID) -> Response[Any]:
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        on = not row[STARRED]
        await visit.work.store.shelf.star(Ref(module.key, record_id), on=on)
        await visit.commit()
        if not visit.fragment:
            return visit.go(f"/{module.key}/{record_id}")
        url = f"/{module.key}/{record_id}/star"
        said = visit.say(visit.text("list.starred_on" if on else "list.starred_off"), "" if on else url)
        return visit.part(
            "records/star.html", headers=said, url=url, on=on, label=visit.text("list.star", name=row["name"])
        )

    @post("/{record_id:uuid}/follow")
    async def follow(self, visit: Visit, record_id: UUID) -> Response[Any]:
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        on = not row[FOLLOWED]
        await visit.work.store.shelf.follow(Ref(module.key, record_id), on=on)
        await visit.commit()
        said = visit.text("record.follow_on" if on else "record.follow_off")
        if not visit.fragment:
            return visit.go(f"/{module.key}/{record_id}", said)
        url, label = f"/{module.key}/{record_id}/follow", visit.text("record.follow", name=row["name"])
        return visit.part("records/follow.html", headers=visit.say(said), url=url, on=on, label=label)

    @get("/{record_id:uuid}/changed")
    async def changed(self, visit: Visit, record_id: UUID, since: int = 0) -> Response[str]:
        """Who changed the record after that version, unless it was the reader himself."""
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        who = row["modified_by"] if "modified_by" in row.values else None
        mine = bool(who and who.id == visit.access.user)
        name = who.name if who else visit.text("record.system")
        url = f"/{module.key}/{record_id}"
        return visit.part("records/changed.html", show=row["version"] > since and not mine, who=name, url=url)

    @post("/{record_id:uuid}/delete")
    async def delete(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        which = read_which(posted.get("occurrences", ""))
        removal = await remove_occurrences(visit.work, module, record_id, which, company=visit.tenant.name)
        await visit.commit()
        said = visit.text("record.deleted_toast", name=row["name"])
        return visit.go(f"/{module.key}", said, f"/{module.key}/undo/{removal}")

    @post("/undo/{removal:uuid}")
    async def undo(self, visit: Visit, removal: UUID) -> Response[Any]:
        module = visit.module(self.module_key)
        number = await remove.undo(visit.work, module, removal)
        if not number:
            raise NotFound
        await visit.commit()
        return visit.go(
            f"/{module.key}",
            visit.text("record.restored_toast", number=numbers.format_number(number, visit.voice.locale)),
        )

    @get("/{record_id:uuid}/cell/{key:str}")
    async def cell(
        self, visit: Visit, record_id: UUID, key: str, edit: bool = False, list: bool = False
    ) -> Response[str]:
        """One value as it stands on the page, or in a list; with `edit`, its input."""
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        field = _inline_field(visit, module, key)
        if not edit and list:
            return visit.part("records/list_cell.html", cell=_in_list(visit, module, key, row))
        if not edit:
            editable = await reaches(visit, module, record_id, "edit")
            return visit.part("records/cell.html", item=property_of(visit, module, field, row, editable=editable))
        await reach_for(visit, module, record_id, "edit")
        draft = Draft(module, visit.voice, row.values, currencies=await currencies(visit))
        return visit.part("records/cell_edit.html", **_editor(module, row, draft, key, in_list=list))

    @post("/{record_id:uuid}/cell/{key:str}")
    async def set_cell(
        self, visit: Visit, record_id: UUID, key: str, posted: FormMultiDict, list: bool = False
    ) -> Response[str]:
        """Saves one value by the same rules as the form."""
        module = visit.module(self.module_key)
        field = _inline_field(visit, module, key)
        form = await read_posted(visit, module, posted, [key])
        problems = dict(form.problems)
        if not problems:
            try:
                await update_occurrences(visit.work, module, record_id, form.values, version=_version(posted))
                await visit.commit()
                row = await one(visit, module, record_id)
                if list:
                    said = visit.say(visit.text("record.saved"))
                    return visit.part("records/list_cell.html", headers=said, cell=_in_list(visit, module, key, row))
                return visit.part(
                    "records/cell.html",
                    headers=visit.say(visit.text("record.saved")),
                    item=property_of(visit, module, field, row, editable=True),
                )
            except Invalid as invalid:
                problems = dict(invalid.fields)
        row = await one(visit, module, record_id)
        draft = Draft(
            module, visit.voice, row.values, raw=form.raw, problems=problems, currencies=await currencies(visit)
        )
        return visit.part("records/cell_edit.html", status=422, **_editor(module, row, draft, key, in_list=list))


async def reach_for(visit: Visit, module: Module[Any], id_: UUID, action: str) -> None:
    if not await visit.work.store.fetch(module, [id_], action=action, columns=("name",)):
        raise Denied


def _editor(module: Module[Any], row: Row, draft: Draft, key: str, *, in_list: bool = False) -> dict[str, Any]:
    """The input; in a list many of them may be open at once, so that each has an id of its own."""
    f, url = draft.input(key), f"/{module.key}/{row.id}/cell/{key}"
    if in_list:
        f, url = msgspec.structs.replace(f, id=f"{f.id}-{row.id}"), f"{url}?list=true"
    return {"f": f, "url": url, "version": row["version"]}


def _in_list(visit: Visit, module: Module[Any], key: str, row: Row) -> Cell:
    columns = columns_for(visit, module, (key,))
    return lines_for(visit, module, columns, [row])[0].cells[0]


def _version(posted: FormMultiDict) -> int | None:
    return plain_number(posted.get("version", ""))


def _inline_field(visit: Visit, module: Module[Any], key: str) -> Kind:
    field = module.by_key.get(key)
    if field is None or visit.access.field(module.key, key) == "hidden":
        raise NotFound
    return field


def print_line(visit: Visit) -> str:
    """Who printed and when, for the head of a printed page."""
    when = formats.format_datetime(visit.voice.now, visit.voice.locale, visit.voice.catalogue)
    return visit.text("record.printed", who=visit.actor.name, when=when)
