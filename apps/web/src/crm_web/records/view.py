"""A record as its pages show it: head, properties panel by panel, long texts, files."""

from typing import Any

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.query.page import Row
from crm_domain.text import format as formats
from crm_storage.records.select_rows import FOLLOWED, STARRED
from crm_ui.cells import Cell, drawer, hue_of, spared
from crm_ui.inputs import DO_NOT_CALL
from crm_ui.templates import initials
from crm_web.calendar.occurrences import choices
from crm_web.calendar.putting_off import put_off_action
from crm_web.letters.writing import writing, written_here
from crm_web.lists.tables import FILES
from crm_web.reach import may_merge, reaches
from crm_web.records.actions import special_actions
from crm_web.records.relations import relation_facts
from crm_web.records.tabs import special_tabs
from crm_web.visit import Visit

INLINE_NOT = (kinds.Computed, kinds.AutoNumber, kinds.Bill, *FILES)


PREVIEWS = 4
"""Files whose first page or picture stands on a record's page."""


async def heading(visit: Visit, module: Module[Any], row: Row) -> dict[str, Any]:
    """The record's head: crumb, avatar, badges, figures, actions, tabs."""
    highlights = [module.field(key) for key in module.layout.highlights if key in row.values]
    status = module.by_key.get(module.open_field) if module.open_field else None
    name = str(row["name"] or "")
    created = row["created_at"]
    actions = await _may(visit, module, row)
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
        "followed": bool(row[FOLLOWED]),
        "state": drawer(status, visit.voice)(row[status.key]) if status else None,
        "highlights": [(visit.voice.label(module, field), _cell(visit, module, field, row)) for field in highlights],
        "may": actions,
        "finish": actions["edit"] and _may_finish(module, row),
        "occurrences": choices(visit, module, row),
        "vcard": any(isinstance(field, kinds.Emails) for field in module.fields),
        "meta": visit.text(
            "record.meta",
            created=formats.format_datetime(created, visit.voice.locale, visit.voice.catalogue),
            author=row["created_by"].name if row["created_by"] else visit.text("record.system"),
            modified=formats.relative_time(
                row["modified_at"], visit.voice.now, visit.voice.locale, visit.voice.catalogue
            ),
        ),
        "actions": [
            action
            for action in (*put_off_action(visit, module, row), *special_actions(visit, module, row))
            if actions["edit"] or action.reads
        ],
        "extra_tabs": special_tabs(visit, module, row),
        **await relation_facts(visit, module, row),
    }


async def _may(visit: Visit, module: Module[Any], row: Row) -> dict[str, bool]:
    """What the reader may do with this record, and whether he may make others."""
    found = {action: await reaches(visit, module, row.id, action) for action in ("edit", "delete", "print", "audit")}
    found["create"] = visit.access.can(module.key, "create")
    if module.closed_to(admin=visit.access.admin):
        found |= {"create": False, "edit": False, "delete": False}
    return found | {"merge": may_merge(visit, module)}


def _photo(module: Module[Any], row: Row) -> str:
    """The record's own picture, small; empty when it has none."""
    pictures = (row[field.key] for field in module.fields if isinstance(field, kinds.Image))
    return next((f"/files/{picture.key}/thumb" for picture in pictures if picture), "")


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


def panels_of(
    visit: Visit, module: Module[Any], row: Row, *, editable: bool = False, texts_apart: bool = False
) -> list[dict[str, Any]]:
    """The properties; `editable` where the reader may change this record."""
    return [
        {
            "label": visit.voice.panel(module, panel),
            "folded": panel.folded,
            "items": [
                property_of(visit, module, module.field(key), row, editable=editable)
                for line in panel.rows
                for key in line
                if key in row.values and not (texts_apart and _is_text(module.field(key), row))
            ],
        }
        for panel in module.layout.panels
    ]


def texts_of(visit: Visit, module: Module[Any], row: Row, *, editable: bool) -> list[dict[str, Any]]:
    """Formatted texts and bills have the width of the page; while they are empty they stand among the properties."""
    texts = (field for field in module.fields if _is_text(field, row))
    return [property_of(visit, module, field, row, editable=editable) for field in texts]


def _is_text(field: Kind, row: Row) -> bool:
    return isinstance(field, kinds.RichText | kinds.Bill) and bool(row.values.get(field.key))


def previews_of(module: Module[Any], row: Row) -> list[tuple[str, str]]:
    """What can be looked at of the record's files: name and key."""
    held = [row[field.key] or () for field in module.fields if isinstance(field, kinds.File | kinds.Files)]
    blobs = (blob for value in held for blob in (value if isinstance(value, tuple) else (value,)))
    return [(blob.name, blob.key) for blob in blobs if blob.pictured][:PREVIEWS]


def _cell(visit: Visit, module: Module[Any], field: Kind, row: Row) -> Cell:
    """A value; a number says when its owner asked not to be called, an address leads to where it is written to."""
    drawn = drawer(field, visit.voice)(row[field.key])
    if isinstance(field, kinds.Emails):
        return written_here(drawn, writing(visit, module, row.id))
    return spared(drawn, visit.voice) if isinstance(field, kinds.Phone) and row.values.get(DO_NOT_CALL) else drawn


def inline(visit: Visit, module: Module[Any], key: str) -> bool:
    """Whether the reader may change this field of such records where its value stands."""
    field = module.by_key.get(key)
    return (
        field is not None
        and key != "name"
        and not field.readonly
        and not isinstance(field, INLINE_NOT)
        and visit.access.can(module.key, "edit")
        and not module.closed_to(admin=visit.access.admin)
        and visit.access.field(module.key, key) == "write"
    )


def property_of(visit: Visit, module: Module[Any], field: Kind, row: Row, *, editable: bool) -> dict[str, Any]:
    """A property: label, value, and whether it may be edited where it stands."""
    return {
        "key": field.key,
        "label": visit.voice.label(module, field),
        "cell": _cell(visit, module, field, row),
        "entries": row[field.key] if isinstance(field, kinds.Emails) else (),
        "write": writing(visit, module, row.id),
        "may_clear": visit.access.special("clear_opt_out"),
        "url": f"/{module.key}/{row.id}/cell/{field.key}",
        "editable": editable
        and not field.readonly
        and not isinstance(field, INLINE_NOT)
        and visit.access.field(module.key, field.key) == "write",
    }
