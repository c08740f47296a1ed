"""A record's document: which template it takes, what the template says of it, and the PDF of that."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec

from crm_domain.definition import Blob, Module, Ref
from crm_domain.meaning.voice import Voice
from crm_domain.meaning.wording import catalogue_of
from crm_domain.modules.pdf_templates import PAPER_MODULES, PdfTemplate
from crm_domain.modules.text_blocks import TextBlock, blocks_named, with_blocks
from crm_domain.problems import BadValue, NotFound, Refused
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery, Row, parse_sort
from crm_domain.text.locale import ENGLISH, PERSIAN
from crm_domain.text.merge_tags import BadTemplate, Missing, TooMuch
from crm_domain.text.numbers import format_number
from crm_storage.files.door import PREVIEW
from crm_storage.limited import in_child
from crm_ui.papers.page import LOGO_ADDRESS, NOTHING, Besides, Sheets, Source, body_of, sheets, tags_of, with_texts
from crm_ui.papers.shipped import shipped
from crm_ui.papers.words import columns_of, values_of, vocabulary
from crm_web.papers.catalogue import catalogue_listing
from crm_web.reach import one
from crm_web.visit import Visit

T = TypeVar("T")
LISTINGS = {"catalogues": catalogue_listing}
"""By module: what its documents have besides their records' fields, of the names that a template uses."""
CHOSEN = "pdf_template"
"""The field by which a record says which template is its own."""
OFFERED = 50
"""Templates in a choice."""
MOST_TOGETHER = 30
"""Documents in one file: the renderer draws them within its 20 seconds."""
PARTS = ("language", "page_size", "orientation", "company", "cover", "header", "body", "footer")
SOURCES = ("cover", "header", "body", "footer")
MOST_BLOCKS = 200
MARGINS = ("margin_top", "margin_right", "margin_bottom", "margin_left")


class Printed(msgspec.Struct, frozen=True):
    """A record as PDF. `name` is a label for the file, `facts` say by which template it was made."""

    name: str
    body: bytes
    facts: Mapping[str, str] = {}


def printable(visit: Visit, key: str) -> Module[Any]:
    """The module, where its records are printed on paper of their own. Raises NotFound."""
    if key not in PAPER_MODULES:
        raise NotFound
    return visit.module(key)


async def templates_for(visit: Visit, module: Module[Any]) -> list[tuple[str, str]]:
    """The active templates that the reader may use, as id and name."""
    if not visit.access.can("pdf_templates", "list"):
        return []
    asked = both(Condition("used_for", "eq", module.key), Condition("active", "eq", True))
    query = ListQuery(filter=asked, columns=("name",), sort=parse_sort("name"), limit=OFFERED)
    page = await visit.work.store.page(visit.work.module(PdfTemplate), query)
    return [(str(row.id), row["name"]) for row in page.rows]


async def source_for(visit: Visit, module: Module[Any], row: Row, asked: UUID | None) -> Source:
    """The template asked for, or the first of these that there is for the reader: the record's own, any, the product's.

    Raises NotFound for one that is asked for and not there.
    """
    if asked is not None:
        if (source := await _written(visit, module, asked)) is None:
            raise NotFound
        return source
    own = row[CHOSEN]
    if isinstance(own, Ref) and (source := await _written(visit, module, own.id)):
        return source
    for id_, _ in await templates_for(visit, module):
        if source := await _written(visit, module, UUID(id_)):
            return source
    return shipped(module, paper_voice(visit, visit.voice.language))


async def _written(visit: Visit, module: Module[Any], id_: UUID) -> Source | None:
    """A template for this module that the reader may use."""
    templates = visit.work.module(PdfTemplate)
    if not visit.access.can(templates.key, "view"):
        return None
    found = await visit.work.store.fetch(
        templates, [id_], columns=("name", "used_for", "logo", "appendix", "version", *PARTS, *MARGINS)
    )
    if not found or found[0]["used_for"] != module.key:
        return None
    return await source_of(visit, module, found[0].values)


async def source_of(visit: Visit, module: Module[Any], values: Mapping[str, Any]) -> Source:
    """A template's values as what is printed; one without a body says what the product's own does."""
    facts = {key: values.get(key) for key in PARTS if values.get(key)}
    margins = cast("tuple[int, int, int, int]", tuple(values.get(key) or 0 for key in MARGINS))
    files = {"logo": await _picture(visit, values.get("logo")), "appendix": await _file(visit, values.get("appendix"))}
    named = {"template": values.get("name") or "", "version": values.get("version") or 0}
    facts |= await _with_blocks(visit, {key: str(facts[key]) for key in SOURCES if key in facts})
    source = msgspec.convert({**facts, **files, **named, "margins": margins}, Source)
    if source.body.strip():
        return source
    usual = shipped(module, paper_voice(visit, source.language))
    return msgspec.structs.replace(source, body=usual.body, footer=source.footer or usual.footer)


async def _with_blocks(visit: Visit, sources: Mapping[str, str]) -> dict[str, str]:
    """Sources with the text blocks that they name and the reader may see."""
    if not blocks_named(sources.values()) or not visit.access.can("text_blocks", "list"):
        return dict(sources)
    query = ListQuery(filter=Condition("active", "eq", True), columns=("tag", "body"), limit=MOST_BLOCKS)
    page = await visit.work.store.page(visit.work.module(TextBlock), query)
    blocks = {str(row["tag"]).lower(): str(row["body"] or "") for row in page.rows}
    return {key: with_blocks(source, blocks) for key, source in sources.items()}


async def text_blocks(visit: Visit) -> list[tuple[str, str]]:
    """Those that templates may name, by their names and tags."""
    if not visit.access.can("text_blocks", "list"):
        return []
    asked = Condition("active", "eq", True)
    query = ListQuery(filter=asked, columns=("name", "tag"), sort=parse_sort("name"), limit=MOST_BLOCKS)
    page = await visit.work.store.page(visit.work.module(TextBlock), query)
    return [(str(row["name"]), f"text.{row['tag']}") for row in page.rows]


async def _picture(visit: Visit, kept: Blob | None) -> bytes:
    """The picture at the size of a preview, which is plenty on paper."""
    return await _file(visit, kept, PREVIEW)


async def _file(visit: Visit, kept: Blob | None, size: str = "") -> bytes:
    if kept is None:
        return b""
    return b"".join([piece async for piece in await visit.installation.files.open(visit.tenant, kept.key, size)])


def paper_voice(visit: Visit, language: str) -> Voice:
    """How a document speaks: its own language, calendar and digits, whoever prints it."""
    locale = ENGLISH if language == "en" else PERSIAN
    words = catalogue_of(visit.work.registry, locale.language)
    return msgspec.structs.replace(visit.voice, catalogue=words, locale=locale)


async def printed(visit: Visit, module: Module[Any], id_: UUID, source: Source) -> Printed:
    """The record as PDF, with what its reader may see of it. Raises BadValue where the template is no good."""
    name, pages = await _dressed(visit, module, id_, source)
    facts = {"template": source.label} if source.label else {}
    return Printed(f"{name}.pdf", await _drawn(pages), facts)


async def taken_out(visit: Visit, module: Module[Any], ids: Sequence[UUID]) -> list[Row]:
    """Those whose documents the reader may print and take out, in their order. Raises Refused for too many, NotFound for none."""
    if len(ids) > MOST_TOGETHER:
        raise Refused("papers.too_many", most=format_number(MOST_TOGETHER, visit.voice.locale))
    columns = ("name", CHOSEN) if CHOSEN in module.by_key else ("name",)
    reached = {row.id for row in await visit.work.store.fetch(module, ids, action="export", columns=("name",))}
    found = {row.id: row for row in await visit.work.store.fetch(module, ids, action="print", columns=columns)}
    rows = [found[id_] for id_ in ids if id_ in found and id_ in reached]
    if not rows:
        raise NotFound
    return rows


async def printed_together(visit: Visit, module: Module[Any], rows: Sequence[Row]) -> Printed:
    """Their documents in one file, each by its own template. Raises BadValue."""
    dressed = [await _dressed(visit, module, row.id, await source_for(visit, module, row, None)) for row in rows]
    return Printed(f"{visit.voice.module(module)}.pdf", await _drawn([page for _, pages in dressed for page in pages]))


async def _drawn(pages: list[Sheets]) -> bytes:
    return await in_child("paper", msgspec.msgpack.encode(pages))


async def worded(visit: Visit, module: Module[Any], id_: UUID, source: Source) -> str:
    """The document's own text as HTML for a letter, without its letterhead. Raises BadValue where the template is no good."""
    bare = msgspec.structs.replace(source, cover="", header="", footer="", logo=b"", appendix=b"")
    return await _made_of(visit, module, id_, bare, lambda source, words, values, _, __: body_of(source, words, values))


async def _dressed(visit: Visit, module: Module[Any], id_: UUID, source: Source) -> tuple[str, list[Sheets]]:
    """The record's name and its filled template."""
    return await _made_of(
        visit,
        module,
        id_,
        source,
        lambda source, words, values, name, besides: (name, sheets(source, words, values, name, besides)),
    )


async def _made_of(visit: Visit, module: Module[Any], id_: UUID, source: Source, make: Callable[..., T]) -> T:
    """What `make` makes of the template, its vocabulary, the record's values and name, and what stands around."""
    voice = paper_voice(visit, source.language)
    try:
        row = await one(visit, module, id_, "print")
        source = with_texts(source, module, row.values)
        columns = columns_of(visit.work.registry, module, tags_of(source), _readable(visit))
        with visit.names_as_stored():
            found = await visit.work.store.fetch(module, [id_], columns=tuple(dict.fromkeys(columns.values())))
        logo = LOGO_ADDRESS if source.logo else ""
        company = {"name": visit.tenant.name, "details": source.company, "logo": logo}
        values = values_of(module, columns, found[0].values, voice, company)
        name = f"{row[module.number_field] or ''} {row['name']}".strip()
        with visit.names_as_stored():
            extra, besides = await _listed(visit, module, id_, source, voice)
        words = vocabulary(visit.work.registry, module, voice)
        return make(source, words, {**values, **extra}, name, besides)
    except (BadTemplate, Missing) as fault:
        raise BadValue(fault.problem.id, **fault.problem.facts) from None
    except TooMuch:
        raise BadValue("papers.too_much") from None


async def _listed(
    visit: Visit, module: Module[Any], id_: UUID, source: Source, voice: Voice
) -> tuple[Mapping[str, Any], Besides]:
    """What the document has besides its record's fields, where its module has such and the template names it."""
    listing = LISTINGS.get(module.key)
    return await listing(visit, id_, voice, tags_of(source)) if listing else ({}, NOTHING)


def _readable(visit: Visit) -> Any:
    """Whether the reader may see a field of a module."""

    def readable(module: str, field: str) -> bool:
        return visit.access.can(module, "view") and visit.access.field(module, field) != "hidden"

    return readable
