"""One record: its page, history, star, single values edited in place, deletion and its undoing."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, Ref, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.show import show_stored
from crm_domain.modules.activities.spread import read_which
from crm_domain.modules.activities.spread import remove as remove_occurrences
from crm_domain.modules.activities.spread import update as update_occurrences
from crm_domain.ports import FieldChange, HistoryEntry
from crm_domain.problems import Denied, Invalid, NotFound
from crm_domain.query.page import Row
from crm_domain.records import remove
from crm_domain.records.stream import is_activity
from crm_domain.text import format as formats
from crm_domain.text import numbers
from crm_domain.vcard import cards
from crm_storage.columns import leading
from crm_storage.records.select_rows import STARRED
from crm_ui.cells import drawer, hue_of
from crm_ui.inputs import Draft
from crm_ui.templates import initials
from crm_web.files import attachment
from crm_web.occurrences import choices
from crm_web.pages.forms import currencies, read_posted
from crm_web.reach import may_merge, one
from crm_web.specials import row_panels, special_actions, special_panels, special_tabs
from crm_web.tables import FILES
from crm_web.visit import Visit

INLINE_NOT = (kinds.Computed, kinds.AutoNumber, kinds.Bill, *FILES)
HISTORY_PAGE = 50
PREVIEWS = 4
"""Files whose first page or picture stands on a record's page."""


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
        panels = special_panels(module)
        instead = {panel.instead_of for panel in panels}
        shown = [r for r in visit.work.registry.relations(module.key).values() if visit.access.can(r.target, "list")]
        guests = module.schedule.guests if module.schedule else ()
        relations = [
            r for r in shown if not is_activity(visit.work.registry, r) and r.key not in guests and r.key not in instead
        ]
        counts = await visit.work.store.related_counts(relations, record_id)
        facts = {
            **heading(visit, module, row),
            "panels": _panels(visit, module, row, texts_apart=True),
            "texts": _texts(visit, module, row),
            "previews": _previews(module, row),
            "activities": any(is_activity(visit.work.registry, relation) for relation in shown),
            "guests": bool(guests),
            "specials": [(panel.key, visit.text(f"{module.key}.{panel.key}")) for panel in panels],
            "own_panels": row_panels(visit, module, row),
            "relations": [
                (
                    relation.key,
                    visit.voice.relation(relation),
                    _count(visit, counts[relation.key].number),
                )
                for relation in relations
            ],
        }
        response = await visit.page("records/detail.html", current=module.key, tab="overview", **facts)
        await visit.commit()
        return response

    @get("/{record_id:uuid}/history")
    async def history(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        if visit.access.scope(module.key, "audit") < 1:
            raise Denied
        await _reach(visit, module, record_id, "audit")
        entries = await visit.work.store.history(module, record_id, limit=HISTORY_PAGE)
        facts = {**heading(visit, module, row), "entries": [_entry(visit, module, entry) for entry in entries]}
        return await visit.page("records/history.html", current=module.key, tab="history", **facts)

    @get("/{record_id:uuid}/print")
    async def print_record(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id, "print")
        await visit.work.store.note(module, record_id, "print", {})
        facts = {**heading(visit, module, row), "panels": _panels(visit, module, row)}
        response = await visit.page(
            "records/print_detail.html", current=module.key, tab="", **facts, printed=print_line(visit)
        )
        await visit.commit()
        return response

    @get("/{record_id:uuid}/vcard")
    async def vcard(self, visit: Visit, record_id: UUID) -> Response[bytes]:
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        card = cards(module, [module.record(row.id, row.values)], visit.voice.text)
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
    async def cell(self, visit: Visit, record_id: UUID, key: str, edit: bool = False) -> Response[str]:
        """One value as it stands on the page; with `edit`, its input."""
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        field = _inline_field(visit, module, key)
        if not edit:
            return visit.part("records/cell.html", item=_item(visit, module, field, row))
        await _reach(visit, module, record_id, "edit")
        draft = Draft(module, visit.voice, row.values, currencies=await currencies(visit))
        return visit.part("records/cell_edit.html", **_editor(module, row, draft, key))

    @post("/{record_id:uuid}/cell/{key:str}")
    async def set_cell(self, visit: Visit, record_id: UUID, key: str, posted: FormMultiDict) -> Response[str]:
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
                return visit.part(
                    "records/cell.html",
                    headers=visit.say(visit.text("record.saved")),
                    item=_item(visit, module, field, row),
                )
            except Invalid as invalid:
                problems = dict(invalid.fields)
        row = await one(visit, module, record_id)
        draft = Draft(
            module, visit.voice, row.values, raw=form.raw, problems=problems, currencies=await currencies(visit)
        )
        return visit.part("records/cell_edit.html", status=422, **_editor(module, row, draft, key))


async def _reach(visit: Visit, module: Module[Any], id_: UUID, action: str) -> None:
    if not await visit.work.store.fetch(module, [id_], action=action, columns=("name",)):
        raise Denied


def _editor(module: Module[Any], row: Row, draft: Draft, key: str) -> dict[str, Any]:
    return {"f": draft.input(key), "url": f"/{module.key}/{row.id}/cell/{key}", "version": row["version"]}


def _version(posted: FormMultiDict) -> int | None:
    text = posted.get("version", "")
    return int(text) if text.isdigit() else None


def _inline_field(visit: Visit, module: Module[Any], key: str) -> Kind:
    field = module.by_key.get(key)
    if field is None or visit.access.field(module.key, key) == "hidden":
        raise NotFound
    return field


def heading(visit: Visit, module: Module[Any], row: Row) -> dict[str, Any]:
    """The record's head: crumb, avatar, badges, figures, actions."""
    highlights = [module.field(key) for key in module.layout.highlights if key in row.values]
    status = module.by_key.get(module.open_field) if module.open_field else None
    name = str(row["name"] or "")
    created = row["created_at"]
    actions = {
        action: visit.access.can(module.key, action) for action in ("create", "edit", "delete", "print", "audit")
    }
    if module.closed_to(admin=visit.access.admin):
        actions |= {"create": False, "edit": False, "delete": False}
    actions["merge"] = may_merge(visit, module)
    return {
        "module": module,
        "row": row,
        "name": name,
        "number": _number(visit, module, row),
        "modules_name": visit.voice.module(module),
        "monogram": initials(name),
        "photo": _photo(module, row),
        "hue": hue_of(row.id.int),
        "starred": bool(row[STARRED]),
        "state": drawer(status, visit.voice)(row[status.key]) if status else None,
        "highlights": [
            (visit.voice.label(module, field), drawer(field, visit.voice)(row[field.key])) for field in highlights
        ],
        "may": actions,
        "finish": actions["edit"] and _may_finish(module, row),
        "occurrences": choices(visit, module, row),
        "card": any(isinstance(field, kinds.Emails) for field in module.fields),
        "meta": visit.text(
            "record.meta",
            created=formats.format_datetime(created, visit.voice.locale, visit.voice.catalogue),
            author=row["created_by"].name if row["created_by"] else visit.text("record.system"),
            modified=formats.relative_time(
                row["modified_at"], visit.voice.now, visit.voice.locale, visit.voice.catalogue
            ),
        ),
        "actions": special_actions(visit, module, row) if actions["edit"] else [],
        "extra_tabs": special_tabs(visit, module, row),
    }


def _photo(module: Module[Any], row: Row) -> str:
    """The record's own picture, small; empty when it has none."""
    pictures = (row[field.key] for field in module.fields if isinstance(field, kinds.Image))
    return next((f"/files/{picture.key}/thumb" for picture in pictures if picture), "")


def _previews(module: Module[Any], row: Row) -> list[tuple[str, str]]:
    """What can be looked at of the record's files: name and key."""
    held = [row[field.key] or () for field in module.fields if isinstance(field, kinds.File | kinds.Files)]
    blobs = (blob for value in held for blob in (value if isinstance(value, tuple) else (value,)))
    return [(blob.name, blob.key) for blob in blobs if blob.pictured][:PREVIEWS]


def _may_finish(module: Module[Any], row: Row) -> bool:
    """Whether the record is planned and one tick would complete it."""
    status = module.by_key.get(module.open_field)
    if module.schedule is None or not module.schedule.done or not isinstance(status, kinds.Choice):
        return False
    return row[status.key] not in status.options.closed_keys()


def _number(visit: Visit, module: Module[Any], row: Row) -> str:
    """The number people call the record by."""
    key = module.number_field
    return drawer(module.field(key), visit.voice)(row[key]).text if key in row.values else ""


def _panels(visit: Visit, module: Module[Any], row: Row, *, texts_apart: bool = False) -> list[dict[str, Any]]:
    return [
        {
            "label": visit.text(f"{module.key}.panel.{panel.key}")
            if panel.key != "custom"
            else visit.text("record.panel.custom"),
            "folded": panel.folded,
            "items": [
                _item(visit, module, module.field(key), row)
                for line in panel.rows
                for key in line
                if key in row.values and not (texts_apart and _is_text(module.field(key), row))
            ],
        }
        for panel in module.layout.panels
    ]


def _texts(visit: Visit, module: Module[Any], row: Row) -> list[dict[str, Any]]:
    """Formatted texts and bills have the width of the page; while they are empty they stand among the properties."""
    return [_item(visit, module, field, row) for field in module.fields if _is_text(field, row)]


def _is_text(field: Kind, row: Row) -> bool:
    return isinstance(field, kinds.RichText | kinds.Bill) and bool(row.values.get(field.key))


def _item(visit: Visit, module: Module[Any], field: Kind, row: Row) -> dict[str, Any]:
    """A property: label, value, and whether it may be edited where it stands."""
    editable = (
        not field.readonly
        and not isinstance(field, INLINE_NOT)
        and visit.access.field(module.key, field.key) == "write"
        and visit.access.can(module.key, "edit")
        and not module.closed_to(admin=visit.access.admin)
    )
    return {
        "key": field.key,
        "label": visit.voice.label(module, field),
        "cell": drawer(field, visit.voice)(row[field.key]),
        "entries": row[field.key] if isinstance(field, kinds.Emails) else (),
        "url": f"/{module.key}/{row.id}/cell/{field.key}",
        "editable": editable,
    }


def _entry(visit: Visit, module: Module[Any], entry: HistoryEntry) -> dict[str, Any]:
    icons = {
        "create": "plus",
        "update": "pencil",
        "delete": "trash-2",
        "restore": "undo-2",
        "link": "link",
        "unlink": "unlink",
        "merge": "merge",
        "merged": "merge",
    }
    changes = [found for change in entry.changes if (found := _change(visit, module, entry, change))]
    locale, catalogue = visit.voice.locale, visit.voice.catalogue
    known = visit.voice.catalogue.has(f"history.{entry.action}")
    return {
        "icon": icons.get(entry.action, "info"),
        "who": entry.actor.name if entry.actor and entry.actor.name else visit.text("record.system"),
        "what": visit.text(f"history.{entry.action}") if known else entry.action,
        "source": visit.text(f"history.source.{entry.source}")
        if catalogue.has(f"history.source.{entry.source}")
        else entry.source,
        "time": formats.format_datetime(entry.at, locale, catalogue),
        "iso": entry.at.isoformat(),
        "changes": changes,
    }


def _change(visit: Visit, module: Module[Any], entry: HistoryEntry, change: FieldChange) -> tuple[str, str, str] | None:
    """A changed column as its field's label with the values in words; columns that only accompany another are left out."""
    field = module.by_key.get(change.key) or _owner_of(module, change.key)
    if field is None:
        return None if entry.action in ("link", "unlink") else (_fact_label(visit, change.key), "", str(change.new))
    if change.key != field.key and change.key != leading(field) and not isinstance(field, kinds.Address):
        return None
    if change.key == f"{field.key}_base":
        return None
    label = visit.voice.label(module, field)
    if isinstance(field, kinds.Address):
        label = visit.voice.path_label(module, f"{field.key}.{change.key.removeprefix(field.key + '_')}", None)
    return label, show_stored(field, change.old, visit.voice), show_stored(field, change.new, visit.voice)


def _fact_label(visit: Visit, key: str) -> str:
    """What an event names besides fields: records of a module that moved, or a fact that has a word."""
    if key in visit.work.registry:
        return visit.voice.module(visit.work.registry[key])
    return visit.text(f"history.fact.{key}") if visit.voice.catalogue.has(f"history.fact.{key}") else key


def _owner_of(module: Module[Any], column: str) -> Kind | None:
    return next(
        (
            field
            for field in module.fields
            if column.startswith(f"{field.key}_") and isinstance(field, kinds.Address | kinds.Money | kinds.AnyLink)
        ),
        None,
    )


def print_line(visit: Visit) -> str:
    """Who printed and when, for the head of a printed page."""
    when = formats.format_datetime(visit.voice.now, visit.voice.locale, visit.voice.catalogue)
    return visit.text("record.printed", who=visit.actor.name, when=when)


def _count(visit: Visit, number: int) -> str:
    return numbers.format_number(number, visit.voice.locale)
