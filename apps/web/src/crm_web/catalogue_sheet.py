"""A catalogue as its page and its paper show it: chapters of products with prices in words of the reader or of the paper."""

from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Amount
from crm_domain.meaning.voice import Voice
from crm_domain.modules.catalogues import Catalogue
from crm_domain.modules.catalogues.price_list import Chapter, Offer, chapters
from crm_domain.modules.selling_options import UNITS
from crm_domain.text import format as formats
from crm_domain.text.money import format_money
from crm_domain.text.numbers import format_number
from crm_storage.limited import in_child
from crm_ui.papers.page import Source, sheets_of
from crm_web.papers import paper_voice
from crm_web.visit import Visit


async def sheet_of(visit: Visit, id_: UUID, voice: Voice) -> dict[str, Any]:
    """What `catalogues/chapters.html` draws, in the words and digits of a voice."""
    catalogue = await visit.work.get(Catalogue, id_)
    return {
        "name": catalogue.name,
        "introduction": catalogue.introduction or "",
        "validity": voice.text(
            "catalogues.validity",
            first=formats.format_date(catalogue.valid_from, voice.locale, voice.catalogue),
            last=formats.format_date(catalogue.valid_to, voice.locale, voice.catalogue),
        ),
        "priced": catalogue.content != "descriptions",
        "described": catalogue.content != "prices",
        "chapters": [_chapter(voice, chapter) for chapter in await chapters(visit.work, catalogue)],
        "heads": {key: voice.text(f"catalogues.{key}") for key in ("part_number", "product", "unit", "price")},
    }


async def catalogue_pdf(visit: Visit, id_: UUID) -> tuple[str, bytes]:
    """Its name and its PDF, in the reader's language."""
    voice = paper_voice(visit, visit.voice.language)
    facts = await sheet_of(visit, id_, voice)
    body = visit.part("catalogues/paper.html", **facts, company=visit.tenant.name).content
    footer = visit.part("catalogues/paper_footer.html", company=visit.tenant.name, name=facts["name"]).content
    source = Source(language="fa" if voice.language == "fa" else "en")
    drawn = await in_child("paper", msgspec.msgpack.encode([sheets_of(source, facts["name"], "", body, footer)]))
    return f"{facts['name']}.pdf", drawn


def _chapter(voice: Voice, chapter: Chapter) -> dict[str, Any]:
    return {
        "number": ".".join(format_number(place, voice.locale) for place in chapter.places),
        "name": chapter.name,
        "description": chapter.description,
        "top": len(chapter.places) == 1,
        "offers": [_offer(voice, offer) for offer in chapter.offers],
    }


def _offer(voice: Voice, offer: Offer) -> dict[str, str]:
    unit = UNITS.get(offer.unit)
    return {
        "href": f"/products/{offer.id}",
        "name": offer.name,
        "part_number": offer.part_number,
        "description": offer.description,
        "unit": voice.option_label(UNITS, unit) if unit else "",
        "price": _money(voice, offer.price),
        "usual": _money(voice, offer.usual) if offer.usual != offer.price else "",
    }


def _money(voice: Voice, amount: Amount) -> str:
    return format_money(amount.value, amount.currency, voice.locale, voice.catalogue)
