"""What a catalogue offers: its categories in their order with all below them, and their products at its prices."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from crm_domain.definition import Amount, Blob, Ref
from crm_domain.modules.blocks.document import currency_rates, price_in
from crm_domain.modules.catalogues import Catalogue
from crm_domain.modules.currencies import Currency
from crm_domain.modules.products import Product, ProductCategory
from crm_domain.query.filter import Condition, StillOpen, both
from crm_domain.query.page import ListQuery, Row, Sort

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST_CATEGORIES = 500
MOST_PRODUCTS = 2_000
"""More are no catalogue but a warehouse."""
HUNDRED = Decimal(100)
CENT = Decimal("0.01")


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A product in a catalogue; `usual` is its price without the catalogue's discount."""

    id: UUID
    name: str
    part_number: str
    description: str
    unit: str
    price: Amount
    usual: Amount
    picture: Blob | None = None


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """A category with its own products. `places` are its numbers from the top: 2, 1 is the first below the second."""

    id: UUID
    name: str
    description: str
    places: tuple[int, ...]
    offers: tuple[Offer, ...]


async def chapters(work: "Work", catalogue: Catalogue) -> list[Chapter]:
    """The catalogue as it stands today, as far as the actor may see its products."""
    chosen = await _chosen(work, catalogue.id)
    tree = await _tree(work)
    order = _ordered(chosen, tree)
    products = await _products(work, [id_ for id_, _ in order])
    money = await _currency(work, catalogue)
    rates = await currency_rates(work)
    return [
        Chapter(
            id=id_,
            name=str(tree[id_]["name"]),
            description=str(tree[id_]["description"] or ""),
            places=places,
            offers=tuple(_offer(row, money, rates, catalogue.discount) for row in products.get(id_, ())),
        )
        for id_, places in order
    ]


async def _chosen(work: "Work", catalogue: UUID) -> list[UUID]:
    """The categories that were put into it, in their order."""
    relation = work.relation("catalogues", "product_categories")
    query = ListQuery(columns=("name",), sort=(Sort("name"),), limit=MOST_CATEGORIES)
    rows = (await work.store.related(relation, catalogue, query)).rows
    return [row.id for row in sorted(rows, key=lambda row: (row["link.position"] is None, row["link.position"] or 0))]


async def _tree(work: "Work") -> dict[UUID, Row]:
    columns = ("name", "parent", "position", "description")
    query = ListQuery(columns=columns, sort=(Sort("name"),), limit=MOST_CATEGORIES)
    rows = (await work.store.page(work.module(ProductCategory), query)).rows
    return {row.id: row for row in sorted(rows, key=lambda row: (row["position"] is None, row["position"] or 0))}


def _ordered(chosen: Sequence[UUID], tree: Mapping[UUID, Row]) -> list[tuple[UUID, tuple[int, ...]]]:
    """The chosen categories, each followed by those below it, each category once; numbered within the one above."""
    below: dict[UUID, list[UUID]] = {}
    for id_, row in tree.items():
        if row["parent"]:
            below.setdefault(row["parent"].id, []).append(id_)
    found: dict[UUID, tuple[int, ...]] = {}

    def add(ids: Sequence[UUID], above: tuple[int, ...]) -> None:
        number = 0
        for id_ in ids:
            if id_ in tree and id_ not in found:
                number += 1
                found[id_] = (*above, number)
                add(below.get(id_, ()), found[id_])

    add(chosen, ())
    return list(found.items())


async def _products(work: "Work", categories: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """The products on sale, by their category."""
    if not categories:
        return {}
    columns = ("name", "part_number", "description", "unit", "price", "category", "product_image")
    asked = both(StillOpen(), Condition("category", "in", tuple(categories)))
    query = ListQuery(filter=asked, columns=columns, sort=(Sort("name"),), limit=MOST_PRODUCTS)
    found: dict[UUID, list[Row]] = {}
    for row in (await work.store.page(work.module(Product), query)).rows:
        category: Ref = row["category"]
        found.setdefault(category.id, []).append(row)
    return found


async def _currency(work: "Work", catalogue: Catalogue) -> str:
    if catalogue.currency is None:
        return work.base_currency
    rows = await work.store.fetch(work.module(Currency), [catalogue.currency.id], columns=("iso4217",))
    return str(rows[0]["iso4217"]) if rows else work.base_currency


def _offer(row: Row, money: str, rates: Mapping[str, Decimal], discount: Decimal | None) -> Offer:
    usual = price_in(row["price"], money, rates) if row["price"] else Decimal(0)
    kept = money if not row["price"] or money in rates else row["price"].currency
    price = (usual * (HUNDRED - (discount or 0)) / HUNDRED).quantize(CENT)
    return Offer(
        id=row.id,
        name=str(row["name"]),
        part_number=str(row["part_number"] or ""),
        description=str(row["description"] or ""),
        unit=str(row["unit"] or ""),
        price=Amount(price, kept),
        usual=Amount(usual, kept),
        picture=row["product_image"],
    )
