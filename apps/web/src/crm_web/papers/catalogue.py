"""A catalogue on paper: its offers as the words and pictures of a template, and the PDFs around its pages."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from crm_domain.definition import Blob, Ref
from crm_domain.meaning.voice import Voice
from crm_domain.modules.catalogues import PDF, Catalogue
from crm_domain.modules.catalogues.price_list import Chapter, chapters
from crm_storage.files.door import THUMB
from crm_ui.papers.page import Besides
from crm_web.papers.catalogue_sheet import number_of, offer_of, priced
from crm_web.visit import Visit

OFFERS = "record.offers"
MOST_PICTURES = 600
"""More are drawn without: a page shows about ten."""


async def catalogue_listing(
    visit: Visit, id_: UUID, voice: Voice, named: Collection[str]
) -> tuple[Mapping[str, Any], Besides]:
    """The values of a catalogue's own words, and what goes with them."""
    catalogue = await visit.work.get(Catalogue, id_)
    found = await chapters(visit.work, catalogue) if OFFERS in named else []
    shown = _pictures(found) if catalogue.pictures else {}
    words = {
        OFFERS: _rows(catalogue, found, shown, voice),
        "record.priced": "1" if priced(catalogue) else "",
        "record.pictured": "1" if shown else "",
        "record.columns": str(3 + priced(catalogue) + bool(shown)),
    }
    pictures = {key: await _bytes(visit, blob, THUMB) for key, blob in shown.values()}
    front, back = [await _pdf(visit, ref) for ref in (catalogue.front_page, catalogue.attachment)]
    return words, Besides(pictures=pictures, ahead=front, behind=back)


def _pictures(found: Sequence[Chapter]) -> dict[UUID, tuple[str, Blob]]:
    """By product: the key under which its picture is handed over, and the picture."""
    pictured = [(offer.id, offer.picture) for chapter in found for offer in chapter.offers if offer.picture]
    return {id_: (f"offer{place}", blob) for place, (id_, blob) in enumerate(pictured[:MOST_PICTURES])}


def _rows(
    catalogue: Catalogue, found: Sequence[Chapter], shown: Mapping[UUID, tuple[str, Blob]], voice: Voice
) -> list[dict[str, str]]:
    """A row for each category, followed by those of its products."""
    described = catalogue.content != "prices"
    empty = dict.fromkeys(("part_number", "unit", "price", "usual", "picture"), "")
    rows: list[dict[str, str]] = []
    for chapter in found:
        told = chapter.description if described else ""
        head = {"kind": "chapter", "number": number_of(voice, chapter), "name": chapter.name, "description": told}
        rows.append(empty | head)
        for offer in chapter.offers:
            line = offer_of(voice, offer) | {"kind": "offer", "number": ""}
            line |= {} if described else {"description": ""}
            line |= {} if priced(catalogue) else {"price": "", "usual": ""}
            rows.append(line | {"picture": f"handed:{shown[offer.id][0]}" if offer.id in shown else ""})
    return rows


async def _pdf(visit: Visit, ref: Ref | None) -> bytes:
    """A document's file, where the reader may see it and it is a PDF."""
    documents = visit.module("documents")
    if ref is None or not visit.access.can(documents.key, "view"):
        return b""
    rows = await visit.work.store.fetch(documents, [ref.id], columns=("file",))
    file: Blob | None = rows[0]["file"] if rows else None
    return await _bytes(visit, file) if file and file.media_type == PDF else b""


async def _bytes(visit: Visit, kept: Blob, size: str = "") -> bytes:
    return b"".join([piece async for piece in await visit.installation.files.open(visit.tenant, kept.key, size)])
