"""What quotes, invoices and contracts have in common: a number, a bill, and the amounts it comes to."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from crm_domain.definition import Amount, Change, Record
from crm_domain.definition.bill import ONE, ZERO, Bill, Line
from crm_domain.definition.field import Field
from crm_domain.definition.kinds import Address, Link, LongText, Money, RichText, Text
from crm_domain.definition.kinds import Bill as BillKind
from crm_domain.modules.accounts import Account
from crm_domain.modules.currencies import Currency
from crm_domain.modules.products import Product
from crm_domain.modules.selling_options import UNITS
from crm_domain.modules.tax_rates import TaxRate
from crm_domain.modules.text_blocks import standard_texts
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.filter import Condition, Filter, Group, both
from crm_domain.query.page import ListQuery, Row
from crm_domain.selling.arithmetic import figures

if TYPE_CHECKING:
    from uuid import UUID

    from crm_domain.records.work import Work

PRODUCT_FACTS = ("name", "part_number", "description", "unit", "price", "product_type", "tax_rate")
PRICE_STEP = Decimal("0.000001")


class Document(Record):
    """A document of sale. Its amounts follow from the bill at every save; what is posted for them is ignored."""

    number = Text(max_length=40, search=True, readonly=True, unique=True, copied=False)
    bill = BillKind(units=UNITS)
    total_amt = Money(readonly=True, copied=False, audited=False)
    discount_amount = Money(readonly=True, copied=False, audited=False)
    subtotal_amount = Money(readonly=True, copied=False, audited=False)
    shipping_amount = Money(readonly=True, copied=False, audited=False)
    tax_amount = Money(readonly=True, copied=False, audited=False)
    total_amount = Money(readonly=True, copied=False, indexed=True)
    billing_address = Address(twin="shipping_address")
    shipping_address = Address(twin="billing_address")
    terms = LongText()
    text_blocks = RichText(library="text_blocks")
    pdf_template = Link(target="pdf_templates")
    description = LongText()


SUMS: tuple[tuple[Field[Amount | None], str], ...] = (
    (Document.total_amt, "total"),
    (Document.discount_amount, "discount"),
    (Document.subtotal_amount, "subtotal"),
    (Document.shipping_amount, "shipping"),
    (Document.tax_amount, "tax"),
    (Document.total_amount, "payable"),
)


async def lines_know_their_products(work: "Work", change: Change[Any]) -> None:
    """What a line leaves open comes from its product: words, unit, price in the bill's currency, tax."""
    bill: Bill | None = change.after.values.get("bill")
    if bill is None or not change.touches(Document.bill):
        return
    change.set(Document.bill, await completed(work, bill))


async def completed(work: "Work", bill: Bill) -> Bill:
    """The bill with what its lines leave open: their products' facts, the company's usual tax.

    Raises Invalid for a currency that the company does not have.
    """
    rates = await currency_rates(work)
    if bill.currency not in rates:
        raise Invalid({"bill": (FieldProblem("problems.other_currency", {"currency": bill.currency}),)})
    products = await _products(work, bill)
    usual = await _usual_rate(work)
    lines = tuple([await _filled(work, line, bill.currency, products, usual, rates) for line in bill.lines])
    return msgspec.structs.replace(bill, lines=lines)


async def amounts_follow_the_bill(_work: "Work", change: Change[Any]) -> None:
    """The document's amounts are what its bill comes to."""
    if not change.new and not change.touches(Document.bill):
        return
    bill: Bill | None = change.after.values.get("bill")
    sums = figures(bill).totals if bill else None
    for field, name in SUMS:
        change.set(field, Amount(getattr(sums, name), bill.currency) if bill and sums else None)


TAKEN: Mapping[str, Mapping[str, str]] = {
    "contact": {"account": "account"},
    "account": {"billing_address": "billing_address", "shipping_address": "shipping_address"},
    "opportunity": {"name": "name", "account": "account"},
}
"""What a new document takes over from the record it is made beside; from the contact's or the deal's account, too."""


async def begins_with_texts(work: "Work") -> Mapping[str, Any]:
    """What the form of a new document begins with."""
    return {Document.text_blocks.key: await standard_texts(work) or None}


async def has_its_texts(work: "Work", change: Change[Any]) -> None:
    """A new document of which nobody said what stands in it has the standard text blocks."""
    if change.new and not change.named(Document.text_blocks):
        change.set(Document.text_blocks, await standard_texts(work) or None)


async def addresses_of_the_account(work: "Work", change: Change[Any]) -> None:
    """A new document without addresses takes its account's."""
    account = change.after.values.get("account")
    if not change.new or account is None:
        return
    keys = [key for key in ("billing_address", "shipping_address") if not change.after.values.get(key)]
    rows = await work.store.fetch(work.module(Account), [account.id], columns=tuple(keys)) if keys else []
    for key in keys if rows else ():
        change.set(getattr(Document, key), rows[0][key])


async def line_of_product(work: "Work", product: "UUID", currency: str) -> Line | None:
    """The line a product makes, for one unit in that currency; None where the actor does not reach the product."""
    rows = await work.store.fetch(work.module(Product), [product], columns=PRODUCT_FACTS)
    if not rows:
        return None
    bare = Line(name="", product=product)
    return await _filled(work, bare, currency, {product: rows[0]}, await _usual_rate(work), await currency_rates(work))


async def _products(work: "Work", bill: Bill) -> "dict[UUID, Row]":
    """The products that lines name, by id or, where a line has no price, by their very name or part number."""
    ids = [line.product for line in bill.lines if line.product]
    rows = await work.store.fetch(work.module(Product), ids, columns=PRODUCT_FACTS) if ids else []
    return {row.id: row for row in rows}


async def _filled(
    work: "Work",
    line: Line,
    currency: str,
    products: "dict[UUID, Row]",
    usual: Decimal,
    rates: dict[str, Decimal],
) -> Line:
    if not line.charged:
        return line
    row = products.get(line.product) if line.product else None
    if row is None and line.product is None and line.list_price is None:
        row = await _named(work, line.name)
    if row is None:
        gone = {"product": None} if line.product else {}
        price = ZERO if line.list_price is None else line.list_price
        rate = usual if line.tax_rate is None else line.tax_rate
        return msgspec.structs.replace(line, list_price=price, tax_rate=rate, **gone)
    tax = line.tax_rate if line.tax_rate is not None else await _rate_of(work, row, usual)
    return msgspec.structs.replace(
        line,
        product=row.id,
        kind=row["product_type"] if not line.name else line.kind,
        name=line.name or row["name"],
        part_number=line.part_number or row["part_number"] or "",
        note=line.note or (row["description"] or "" if not line.name else ""),
        unit=line.unit or row["unit"] or "",
        list_price=price_in(row["price"], currency, rates) if line.list_price is None else line.list_price,
        tax_rate=tax,
        quantity=line.quantity or ONE,
    )


async def _named(work: "Work", name: str) -> Row | None:
    """The one product of exactly that name or part number."""
    named: Filter = Group((Condition("name", "eq", name), Condition("part_number", "eq", name)), any=True)
    page = await work.store.page(work.module(Product), ListQuery(filter=named, columns=PRODUCT_FACTS, limit=2))
    return page.rows[0] if len(page.rows) == 1 else None


def price_in(price: Amount, currency: str, rates: Mapping[str, Decimal]) -> Decimal:
    """A price in another currency, by the day's rates. A currency that is gone leaves the figure as it is."""
    if price.currency == currency or price.currency not in rates:
        return price.value
    return (price.value / rates[price.currency] * rates[currency]).quantize(PRICE_STEP)


async def _rate_of(work: "Work", product: Row, usual: Decimal) -> Decimal:
    if product["tax_rate"] is None:
        return usual
    rows = await work.store.fetch(work.module(TaxRate), [product["tax_rate"].id], columns=("rate",))
    return rows[0]["rate"] if rows else usual


async def _usual_rate(work: "Work") -> Decimal:
    """The tenant's usual tax rate; nothing where none is marked."""
    usual = both(Condition("is_default", "eq", True), Condition("status", "eq", "active"))
    page = await work.store.page(work.module(TaxRate), ListQuery(filter=usual, columns=("rate",), limit=1))
    return page.rows[0]["rate"] if page.rows else ZERO


async def currency_rates(work: "Work") -> dict[str, Decimal]:
    """Units of each currency for one of the base."""
    columns = ("iso4217", "conversion_rate")
    page = await work.store.page(work.module(Currency), ListQuery(columns=columns, limit=200))
    return {row["iso4217"]: row["conversion_rate"] for row in page.rows}
