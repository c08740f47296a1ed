"""Writing a PDF template: its parts beside a real record's document, and the tags they may hold."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.enums import MediaType

from crm_domain.definition import Module, kinds
from crm_domain.modules.pdf_templates import PdfTemplate
from crm_domain.modules.text_blocks import TextBlock
from crm_domain.problems import BadValue
from crm_domain.query.page import ListQuery, Row
from crm_ui.papers.shipped import LEFT_OUT, shipped
from crm_ui.papers.words import BILLED, LINE, LISTED, TOTAL
from crm_web.pages.papers import pictures_of
from crm_web.papers.document import paper_voice, printed, source_of, text_blocks
from crm_web.records.view import heading
from crm_web.visit import Visit
from crm_web.written import keep_written, tag, writable

FIELDS = ("cover", "header", "body", "footer")
SAMPLES = 20
"""Records to look at the template with."""
FRAME = (
    '<!doctype html><html><meta charset="utf-8"><body style="margin:0;padding:12px;background:#e9edf0">{}</body></html>'
)
SHEET = '<img src="{}" alt="" style="display:block;inline-size:100%;margin-block-end:12px;box-shadow:0 1px 4px #0003">'
TOLD = '<p dir="auto" style="font:15px/1.8 Vazirmatn,Tahoma,sans-serif">{}</p>'
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; base-uri 'none'; frame-ancestors 'self'"
)


class PaperEditorPages(Controller):
    """/pdf_templates/<id>/editor."""

    path = "/pdf_templates"

    @get("/{record_id:uuid}/editor")
    async def editor(self, visit: Visit, record_id: UUID) -> Response[str]:
        row = await _template(visit, record_id)
        return await _page(visit, row, dict(row.values), [])

    @post("/{record_id:uuid}/editor")
    async def keep(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        row = await _template(visit, record_id)
        return await keep_written(visit, visit.work.module(PdfTemplate), row, posted, FIELDS, _page)

    @post("/{record_id:uuid}/preview")
    async def show(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[str]:
        """The chosen record's document by what is being written; for the frame beside it."""
        row = await _template(visit, record_id)
        module = visit.module(row["used_for"])
        try:
            sample = UUID(posted.get("sample", ""))
            source = await source_of(visit, module, {**row.values, **{key: posted.get(key, "") for key in FIELDS}})
            pages = await pictures_of((await printed(visit, module, sample, source)).body)
            body = "".join(SHEET.format(page) for page in pages)
        except BadValue as fault:
            body = TOLD.format(escape(visit.text(fault.problem.id, **fault.problem.facts)))
        except ValueError:
            body = TOLD.format(escape(visit.text("pdf_templates.no_sample")))
        headers = {"Content-Security-Policy": POLICY}
        return Response(FRAME.format(body), media_type=MediaType.HTML, headers=headers)


async def _template(visit: Visit, id_: UUID) -> Row:
    return await writable(visit, visit.work.module(PdfTemplate), id_)


async def _page(visit: Visit, row: Row, values: dict[str, Any], problems: list[str]) -> Response[str]:
    module = visit.module(row["used_for"])
    usual = shipped(module, paper_voice(visit, row["language"]))
    written = {key: values.get(key) or "" for key in FIELDS}
    if not written["body"].strip():
        written |= {"body": usual.body, "footer": written["footer"] or usual.footer}
    return await visit.page(
        "pdf_templates/editor.html",
        current="pdf_templates",
        **await heading(visit, visit.work.module(PdfTemplate), row),
        tab="editor",
        parts=[(key, written[key], rows) for key, rows in (("cover", 3), ("header", 3), ("body", 18), ("footer", 3))],
        version=row["version"],
        problems=problems,
        samples=await _samples(visit, module),
        tags=[*_tags(visit, module), *await _blocks(visit)],
    )


async def _samples(visit: Visit, module: Module[Any]) -> list[tuple[str, str]]:
    if not visit.access.can(module.key, "list"):
        return []
    columns = ("name", *((module.number_field,) if module.number_field else ()))
    page = await visit.work.store.page(module, ListQuery(columns=columns, limit=SAMPLES))
    return [(str(row.id), f"{row[module.number_field] or ''} {row['name']}".strip()) for row in page.rows]


async def _blocks(visit: Visit) -> list[tuple[str, list[tuple[str, str]]]]:
    found = [(name, tag(key)) for name, key in await text_blocks(visit)]
    return [(visit.voice.module(visit.work.module(TextBlock)), found)] if found else []


def _tags(visit: Visit, module: Module[Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The picker: groups of a label and what a click puts in."""
    fields = [field for field in module.fields if not isinstance(field, LEFT_OUT)]
    groups = [(visit.voice.module(module, "one"), [_field(visit, module, field, "record") for field in fields])]
    for link in fields:
        if isinstance(link, kinds.Link) and visit.access.can(link.target, "view"):
            target = visit.module(link.target)
            own = [field for field in target.own_fields() if not isinstance(field, LEFT_OUT)]
            groups.append((visit.voice.label(module, link), [_field(visit, target, f, link.key) for f in own]))
    if any(isinstance(field, kinds.Bill) for field in module.fields):
        groups.append((visit.text("papers.tag.bill"), _billed(visit)))
    if listed := LISTED.get(module.key):
        groups.append((visit.text(f"papers.tag.{module.key}"), _listed(visit, listed)))
    others = [
        (visit.text(f"papers.tag.{name}"), tag(name))
        for name in ("company.name", "company.details", "system.title", "system.today")
    ]
    logo = (visit.text("papers.tag.company.logo"), f'<img src="{tag("company.logo")}" alt="">')
    pages = [(visit.text(f"papers.tag.{name}"), f'<span class="{name}"></span>') for name in ("page", "pages")]
    return [*groups, (visit.text("papers.tag.others"), [*others, logo, *pages])]


def _listed(visit: Visit, listed: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Rows as a block that repeats."""
    found: list[tuple[str, str]] = []
    for name, keys in listed.items():
        words = " ".join(tag(f"row.{key}") for key in keys)
        block = f"{{% each row in record.{name} %}}|{words}{{% endeach %}}"
        found.append((visit.text(f"papers.tag.{name}"), block if keys else tag(f"record.{name}")))
    return found


def _field(visit: Visit, module: Module[Any], field: kinds.Kind, group: str) -> tuple[str, str]:
    return visit.voice.label(module, field), tag(f"{group}.{field.key}")


def _billed(visit: Visit) -> list[tuple[str, str]]:
    """The lines and totals as blocks that repeat, and what the whole comes to."""
    line = " ".join(tag(f"line.{key}") for key in LINE)
    total = " ".join(tag(f"total.{key}") for key in TOTAL[:2])
    blocks = {
        "lines": f"{{% each line in record.lines %}}|{line}{{% endeach %}}",
        "totals": f"{{% each total in record.totals %}}|{total}{{% endeach %}}",
    }
    return [(visit.text(f"papers.tag.{key}"), blocks.get(key) or tag(f"record.{key}")) for key in BILLED]
