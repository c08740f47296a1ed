"""A catalogue as its page shows it: chapters of products with prices in the reader's words."""

from typing import Any
from uuid import UUID

from crm_domain.definition import Amount
from crm_domain.meaning.voice import Voice
from crm_domain.modules.catalogues import Catalogue
from crm_domain.modules.catalogues.price_list import Chapter, Offer, chapters
from crm_domain.modules.selling_options import UNITS
from crm_domain.text import format as formats
from crm_domain.text.money import format_money
from crm_domain.text.numbers import format_number
from crm_web.visit import Visit


async def sheet_of(visit: Visit, id_: UUID, voice: Voice) -> dict[str, Any]:
    """What `catalogues/sheet.html` draws, in the words and digits of a voice."""
    catalogue = await visit.work.get(Catalogue, id_)
    return {
        "name": catalogue.name,
        "introduction": catalogue.introduction or "",
        "validity": voice.text(
            "catalogues.validity",
            first=formats.format_date(catalogue.valid_from, voice.locale, voice.catalogue),
            last=formats.format_date(catalogue.valid_to, voice.locale, voice.catalogue),
        ),
        "priced": priced(catalogue),
        "described": catalogue.content != "prices",
        "pictured": catalogue.pictures,
        "chapters": [_chapter(voice, chapter) for chapter in await chapters(visit.work, catalogue)],
        "heads": {key: voice.text(f"catalogues.{key}") for key in ("part_number", "product", "unit", "price")},
    }


def _chapter(voice: Voice, chapter: Chapter) -> dict[str, Any]:
    return {
        "number": number_of(voice, chapter),
        "name": chapter.name,
        "description": chapter.description,
        "top": len(chapter.places) == 1,
        "offers": [offer_of(voice, offer) for offer in chapter.offers],
    }


def offer_of(voice: Voice, offer: Offer) -> dict[str, str]:
    """A product's line; the price without discount stands beside it only where there is one."""
    unit = UNITS.get(offer.unit)
    return {
        "href": f"/products/{offer.id}",
        "name": offer.name,
        "part_number": offer.part_number,
        "description": offer.description,
        "unit": voice.option_label(UNITS, unit) if unit else "",
        "price": _money(voice, offer.price),
        "usual": _money(voice, offer.usual) if offer.usual != offer.price else "",
        "picture": f"/files/{offer.picture.key}/thumb" if offer.picture else "",
    }


def priced(catalogue: Catalogue) -> bool:
    """Whether prices stand in it."""
    return catalogue.content != "descriptions"


def number_of(voice: Voice, chapter: Chapter) -> str:
    """Its place from the top, such as 2.1."""
    return ".".join(format_number(place, voice.locale) for place in chapter.places)


def _money(voice: Voice, amount: Amount) -> str:
    return format_money(amount.value, amount.currency, voice.locale, voice.catalogue)
