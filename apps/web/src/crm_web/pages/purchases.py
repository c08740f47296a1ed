"""What an account bought, and who bought a product."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.definition import Ref, kinds
from crm_domain.modules.accounts import Account
from crm_domain.modules.products import Product
from crm_domain.modules.purchases import Purchase, bought_by, bought_of
from crm_domain.text import format as formats
from crm_ui.bills import sheet
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit


class PurchasePages(Controller):
    """/accounts/<id>/purchases and /products/<id>/purchases."""

    path = "/"

    @get("/accounts/{record_id:uuid}/purchases")
    async def by_account(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.work.module(Account)
        row = await one(visit, module, record_id)
        found = await bought_by(visit.work, record_id)
        return await _page(visit, await heading(visit, module, row), found, of_account=True)

    @get("/products/{record_id:uuid}/purchases")
    async def of_product(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.work.module(Product)
        row = await one(visit, module, record_id)
        found = await bought_of(visit.work, record_id)
        return await _page(visit, await heading(visit, module, row), found, of_account=False)


async def _page(visit: Visit, head: dict[str, Any], found: list[Purchase], *, of_account: bool) -> Response[str]:
    return await visit.page(
        "purchases/page.html",
        current=head["module"].key,
        **head,
        tab="purchases",
        lines=[line for purchase in found for line in _lines(visit, purchase)],
        of_account=of_account,
    )


def _lines(visit: Visit, purchase: Purchase) -> list[dict[str, Any]]:
    """The lines that are meant, in the reader's words."""
    voice = visit.voice
    kind = visit.module(purchase.document.module).field("bill")
    assert isinstance(kind, kinds.Bill)
    shown = sheet(purchase.bill, kind, voice)
    day = purchase.day.astimezone(voice.locale.zone).date() if isinstance(purchase.day, datetime) else purchase.day
    document = purchase.document
    return [
        {
            "day": formats.format_date(day, voice.locale, voice.catalogue) if day else "",
            "document": (f"/{document.module}/{document.id}", f"{purchase.number} {document.name}".strip()),
            "who": [
                _link(ref) for ref in (purchase.account, purchase.contact, purchase.opportunity) if ref and ref.name
            ],
            "line": shown.lines[place],
            "unit": shown.unit,
        }
        for place in purchase.places
    ]


def _link(ref: Ref) -> tuple[str, str]:
    return f"/{ref.module}/{ref.id}", ref.name
