"""A record's form as a page: its sections, what is wrong, what two people changed."""

from typing import Any

from litestar import Response
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.show import show
from crm_domain.problems import Conflict
from crm_domain.query.page import Row
from crm_ui.inputs import Draft, Input
from crm_web.calendar.new_guests import NO_GUESTS, new_guest_facts
from crm_web.calendar.occurrences import choices
from crm_web.letters.begin import letter_behind
from crm_web.records.link_rows import link_sections
from crm_web.records.mistakes import errors
from crm_web.visit import Visit

WIDE = ("long_text", "rich_text", "emails", "multi_choice", "files", "bill")


HALF = ("address",)


FILE_KINDS = ("file", "files", "image")


async def form_page(
    visit: Visit,
    module: Module[Any],
    draft: Draft,
    row: Row | None,
    *,
    conflict: Conflict | None = None,
    refused: str = "",
    status: int = 200,
    posted: FormMultiDict | None = None,
    version: str = "",
    kept: str = "",
) -> Response[str]:
    """The page. `version` is the edition that what is typed was begun with, `kept` says of when there is a draft."""
    sections = _sections(visit, module, draft)
    shown = [field for section in sections for field, _ in section["fields"]]
    name = str(row["name"] or "") if row else ""
    return await visit.page(
        "records/form.html",
        status=status,
        current=module.key,
        module=module,
        row=row,
        title=visit.text("form.edit_title", name=name) if row else visit.text(f"{module.key}.new"),
        modules_name=visit.voice.module(module),
        sections=sections,
        linked_sections=await link_sections(visit, module, row, posted),
        errors=[*errors(visit, draft, shown), *([("", refused)] if refused else [])],
        action=f"/{module.key}/{row.id}" if row else f"/{module.key}",
        uploads=any(field.kind in FILE_KINDS for field in shown),
        version=conflict.version if conflict else version or (row["version"] if row else ""),
        kept=kept,
        clashes=clashes(visit, module, conflict) if conflict else [],
        back=f"/{module.key}/{row.id}" if row else f"/{module.key}",
        occurrences=choices(visit, module, row) if row else [],
        which=posted.get("occurrences", "one") if posted else "one",
        letter=None if row else await letter_behind(visit, module, posted),
        **(NO_GUESTS if row else await new_guest_facts(visit, module, draft.values, posted)),
    )


def _sections(visit: Visit, module: Module[Any], draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "label": visit.voice.panel(module, panel),
            "fields": [
                (field, span_of(field))
                for line in panel.rows
                for key in line
                if (field := _input(visit, module, draft, key))
            ],
        }
        for panel in module.layout.panels
    ]


def _input(visit: Visit, module: Module[Any], draft: Draft, key: str) -> Input | None:
    """The field's input; None where the user may not even read it, or a rule alone writes it."""
    field = module.field(key)
    right = visit.access.field(module.key, key)
    if right == "hidden" or field.readonly or isinstance(field, kinds.Computed | kinds.AutoNumber):
        return None
    return draft.input(key, readonly=right == "read")


def span_of(field: Input) -> str:
    """How many of the six columns a field takes, as a class; empty for half of them."""
    return "x6" if field.kind in WIDE else "x3" if field.kind in HALF else ""


def clashes(visit: Visit, module: Module[Any], conflict: Conflict) -> list[tuple[str, str, str, str, str]]:
    """Each field two people changed: key, label, original, theirs, mine."""
    found: list[tuple[str, str, str, str, str]] = []
    for key, clash in conflict.fields.items():
        field = module.field(key)
        label = visit.voice.label(module, field)
        original, theirs, mine = (_shown(field, value, visit) for value in (clash.original, clash.theirs, clash.mine))
        found.append((key, label, original, theirs, mine))
    return found


def _shown(field: Kind, value: Any, visit: Visit) -> str:
    return show(field, value, visit.voice) or visit.text("components.nothing")
