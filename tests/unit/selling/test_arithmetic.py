"""The arithmetic of bills against worked examples and an independent calculation in fractions."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_domain.definition.bill import Bill, Line
from crm_domain.selling.arithmetic import decimals_of, figures, groups


def line(price: str, quantity: str = "1", tax: str = "0", **facts: Any) -> Line:
    exact = {key: Decimal(value) if key == "discount" else value for key, value in facts.items()}
    return Line(name="x", list_price=Decimal(price), quantity=Decimal(quantity), tax_rate=Decimal(tax), **exact)


def totals(bill: Bill) -> tuple[str, ...]:
    found = figures(bill).totals
    return tuple(str(value) for value in (found.total, found.discount, found.subtotal, found.tax, found.payable))


def test_s_9_the_worked_example_comes_out_to_the_rial() -> None:
    lines = (
        line("1250000", "3", "10", discount="10"),
        line("2000000", "1", "10", kind="service", discount_type="amount", discount="200000"),
    )
    bill = Bill(currency="IRR", lines=lines, shipping=Decimal(400_000), shipping_tax=Decimal(10))
    assert totals(bill) == ("5750000", "575000", "5175000", "557500", "6132500")
    assert [found.unit_price for found in figures(bill).lines] == [1_125_000, 1_800_000]


@pytest.mark.parametrize(
    ("bill", "wanted"),
    [
        (Bill(currency="USD", lines=(line("9.99", "3", "10", discount="12.5"),)), ("29.97", "3.75", "26.22", "2.62", "28.84")),
        (Bill(currency="USD", lines=(line("3.00", "0.3333"),)), ("1.00", "0.00", "1.00", "0.00", "1.00")),
        (
            Bill(
                currency="USD",
                lines=(line("3.33", tax="10"), line("3.33", tax="10"), line("3.34", tax="10")),
                discount_type="amount",
                discount=Decimal(10),
            ),
            ("10.00", "10.00", "0.00", "0.00", "0.00"),
        ),
        (
            Bill(
                currency="IRR",
                lines=(
                    line("1250000", "3", "10", discount="10"),
                    line("2000000", "1", "10", discount_type="amount", discount="150000"),
                ),
                shipping=Decimal(500_000),
                shipping_tax=Decimal(10),
            ),
            ("5750000", "525000", "5225000", "572500", "6297500"),
        ),
        (Bill(currency="USD", lines=(line("124.75", "9.5"),)), ("1185.13", "0.00", "1185.13", "0.00", "1185.13")),
        (
            Bill(currency="EUR", lines=(line("97.50", tax="19"), line("65", tax="19"), line("32.50", tax="19"))),
            ("195.00", "0.00", "195.00", "37.06", "232.06"),
        ),
    ],
)  # fmt: skip
def test_the_reference_vectors(bill: Bill, wanted: tuple[str, ...]) -> None:
    assert totals(bill) == wanted


def test_words_between_lines_cost_nothing_and_headings_gather_what_follows() -> None:
    lines = (
        line("5"),
        line("9", kind="group"),
        line("10", tax="10"),
        line("7", kind="text"),
        line("20"),
        line("1", kind="group"),
    )
    bill = Bill(currency="USD", lines=lines)
    found = figures(bill)
    assert found.totals.payable == Decimal("36.00")
    assert [(group.start, group.net, group.tax) for group in groups(bill, found)] == [(-1, 5, 0), (1, 30, 1), (5, 0, 0)]


def test_discounts_never_make_a_price_negative() -> None:
    greedy = (line("10", discount_type="amount", discount="99"), line("10", discount="250"))
    assert totals(Bill(currency="USD", lines=greedy)) == ("20.00", "20.00", "0.00", "0.00", "0.00")


def number(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=Decimal(low), max_value=Decimal(high), places=places)


LINES = st.builds(
    Line,
    name=st.just("x"),
    kind=st.sampled_from(["good", "service", "text", "group"]),
    quantity=number("0", "99999999999999", 4),
    list_price=number("0", "99999999999999", 6),
    discount_type=st.sampled_from(["percentage", "amount"]),
    discount=number("0", "150", 2),
    tax_rate=number("0", "100", 2),
)
BILLS = st.builds(
    Bill,
    currency=st.sampled_from(["IRR", "USD", "KWD"]),
    lines=st.lists(LINES, max_size=12).map(tuple),
    discount_type=st.sampled_from(["percentage", "amount"]),
    discount=number("0", "120", 2),
    shipping=number("0", "99999999", 2),
    shipping_tax=number("0", "30", 2),
)


def rounded(exact: Fraction, decimals: int) -> Fraction:
    """Half away from zero, by whole numbers alone."""
    scaled = exact * 10**decimals
    return Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 10**decimals)


@given(BILLS)
def test_it_agrees_with_fractions(bill: Bill) -> None:
    places = decimals_of(bill.currency)
    gross, nets, rates = [], [], []
    for item in bill.lines:
        price = Fraction(item.list_price or 0) if item.charged else Fraction(0)
        off = price * Fraction(item.discount) / 100 if item.discount_type == "percentage" else Fraction(item.discount)
        gross.append(rounded(price * Fraction(item.quantity), places))
        nets.append(rounded((price - min(off, price)) * Fraction(item.quantity), places))
        rates.append(Fraction(item.tax_rate or 0))
    whole = sum(nets, Fraction(0))
    share = (
        min(Fraction(bill.discount), 100) * whole / 100
        if bill.discount_type == "percentage"
        else Fraction(bill.discount)
    )
    granted = min(rounded(share, places), whole)
    found = figures(bill)
    taken = [before - Fraction(after.net) for before, after in zip(nets, found.lines, strict=True)]
    assert sum(taken, Fraction(0)) == granted
    for part, net in zip(taken, nets, strict=True):
        assert 0 <= part <= net
        assert not whole or abs(part - granted * net / whole) < Fraction(1, 10**places)
    taxes = [rounded(Fraction(item.net) * rate / 100, places) for item, rate in zip(found.lines, rates, strict=True)]
    assert [Fraction(item.tax) for item in found.lines] == taxes
    shipping = rounded(Fraction(bill.shipping), places)
    tax = sum(taxes, Fraction(0)) + rounded(shipping * Fraction(bill.shipping_tax) / 100, places)
    assert Fraction(found.totals.total) == sum(gross, Fraction(0))
    assert Fraction(found.totals.payable) == whole - granted + tax + shipping
    bottom = {key: Fraction(getattr(found.totals, key)) for key in ("total", "discount", "subtotal", "tax", "shipping")}
    assert bottom["total"] - bottom["discount"] == bottom["subtotal"]
    assert bottom["subtotal"] + bottom["tax"] + bottom["shipping"] == Fraction(found.totals.payable)
