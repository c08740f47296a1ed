"""Products, quotes, invoices and contracts on a real tenant: lines, amounts, numbers, editions, what becomes of a quote."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crm_domain.definition import Amount, Ref, Set
from crm_domain.definition.bill import Bill, Line
from crm_domain.modules.accounts import Account
from crm_domain.modules.contracts import Contract, renew
from crm_domain.modules.currencies import Currency
from crm_domain.modules.invoices import Invoice
from crm_domain.modules.opportunities import Opportunity
from crm_domain.modules.products import Product
from crm_domain.modules.quotes import Quote
from crm_domain.modules.quotes.convert import contract_from, invoice_from, opportunity_from
from crm_domain.modules.quotes.revise import revise
from crm_domain.modules.tax_rates import TaxRate
from crm_domain.problems import Conflict, Invalid, Refused
from crm_domain.query.page import ListQuery, Sort
from crm_domain.records import save
from crm_domain.records.work import Work

WORKED = Bill(
    currency="IRR",
    lines=(
        Line(kind="group", name="تجهیزات"),
        Line(
            name="بارکدخوان",
            quantity=Decimal(3),
            list_price=Decimal(1_250_000),
            discount=Decimal(10),
            tax_rate=Decimal(10),
        ),
        Line(
            kind="service",
            name="نصب",
            list_price=Decimal(2_000_000),
            discount_type="amount",
            discount=Decimal(200_000),
            tax_rate=Decimal(10),
        ),
    ),
    shipping=Decimal(400_000),
    shipping_tax=Decimal(10),
)


async def account(work: Work) -> Ref:
    return Ref("accounts", await work.create(Account, Account.name.to("فولاد پارس")))


async def quote(work: Work, bill: Bill | None = WORKED, **values: Any) -> UUID:
    facts = {"name": "تجهیز انبار", "account": await account(work), "bill": bill, **values}
    return await work.create(Quote, *(Set(key, value) for key, value in facts.items()))


def rial(value: int) -> Amount:
    return Amount(Decimal(value), "IRR")


async def test_9_a_quote_comes_to_the_rial_and_comes_back_as_it_was_written(company: Any) -> None:
    async with company.work() as work:
        id_ = await quote(work)
        made = await work.get(Quote, id_)
        assert made.bill == WORKED
        sums = [
            made.values[key]
            for key in ("total_amt", "discount_amount", "subtotal_amount", "tax_amount", "total_amount")
        ]
        assert sums == [rial(5_750_000), rial(575_000), rial(5_175_000), rial(557_500), rial(6_132_500)]
        rows = await work.store._context.session.rows(
            "SELECT position, kind, net, tax FROM line_item ORDER BY position"
        )
        assert rows == [(1, "group", 0, 0), (2, "good", 3_375_000, 337_500), (3, "service", 1_800_000, 180_000)]


async def test_lines_take_from_their_product_what_they_leave_open(company: Any) -> None:
    async with company.work() as work:
        await work.create(
            Currency,
            Currency.name.to("دلار"),
            Currency.symbol.to("$"),
            Currency.iso4217.to("CHF"),
            Currency.conversion_rate.to(Decimal("0.000001")),
        )
        exempt = await work.create(TaxRate, TaxRate.name.to("بی‌مالیات"), TaxRate.rate.to(Decimal(0)))
        usual = await work.create(
            TaxRate, TaxRate.name.to("عادی"), TaxRate.rate.to(Decimal(9)), TaxRate.is_default.to(True)
        )
        product = await work.create(
            Product,
            Product.name.to("چاپگر آزمون"),
            Product.part_number.to("PR-T"),
            Product.price.to(Amount(Decimal("2.5"), "CHF")),
            Product.unit.to("piece"),
            Product.tax_rate.to(Ref("tax_rates", exempt)),
        )
        lines = (Line(name="", product=product), Line(name="pr-t"), Line(name="چیز دیگر", list_price=Decimal(7)))
        found = (await work.get(Quote, await quote(work, Bill(currency="IRR", lines=lines)))).bill
        assert found is not None
        assert [(line.product, line.name, line.list_price, line.tax_rate) for line in found.lines] == [
            (product, "چاپگر آزمون", Decimal(2_500_000), 0),
            (product, "pr-t", Decimal(2_500_000), 0),
            (None, "چیز دیگر", 7, 9),
        ]
        assert usual


@pytest.mark.parametrize(
    "line",
    [
        Line(name="x", quantity=Decimal(-1)),
        Line(name="x", list_price=Decimal("-0.01")),
        Line(name="x", discount=Decimal(101)),
        Line(name="x", tax_rate=Decimal(101)),
        Line(name="x", unit="furlong"),
        Line(name="x", quantity=Decimal(10) ** 14),
    ],
)
async def test_a_line_that_cannot_be_is_refused_by_its_place(company: Any, line: Line) -> None:
    async with company.work() as work:
        with pytest.raises(Invalid) as wrong:
            await quote(work, Bill(currency="IRR", lines=(Line(name="y", list_price=Decimal(1)), line)))
        assert wrong.value.fields["bill"][0].facts["line"] == 2


async def test_an_unknown_currency_is_refused(company: Any) -> None:
    async with company.work() as work:
        with pytest.raises(Invalid):
            await quote(work, Bill(currency="XAU", lines=(Line(name="x", list_price=Decimal(1)),)))


async def test_numbers_follow_one_another_in_the_readers_year(company: Any) -> None:
    async with company.work() as work:
        first, second = [await work.get(Quote, await quote(work)) for _ in range(2)]
        other = await work.get(Quote, await quote(work, abbreviation="ex_qt"))
        assert first.number and second.number and other.number
        assert first.number.startswith("QT-1405-") and other.number.startswith("EXQT-1405-")
        assert int(second.number[-4:]) == int(first.number[-4:]) + 1


async def test_s_8_two_who_save_at_once_get_different_numbers_without_gaps(company: Any) -> None:
    taken: list[int] = []

    async def take(*, keep: bool) -> None:
        async with company.database.tenant(company.tenant) as session:
            row = await session.one(
                "INSERT INTO number_series (key, value) VALUES ('race', 1) ON CONFLICT (key)"
                " DO UPDATE SET value = number_series.value + 1 RETURNING value"
            )
            if keep:
                taken.append(row[0])
                await session.commit()

    await asyncio.gather(*(take(keep=number != 2) for number in range(6)))
    assert sorted(taken) == [1, 2, 3, 4, 5], "the save that failed left no gap"


async def test_a_sent_quote_is_changed_by_a_new_edition_only(company: Any) -> None:
    async with company.work() as work:
        id_ = await quote(work, stage="delivered")
        with pytest.raises(Refused) as locked:
            await work.update(Quote, id_, Quote.bill.to(None))
        assert locked.value.id == "quotes.locked"
        await work.update(Quote, id_, Quote.description.to("یادداشت"))
        next_id = await revise(work, id_)
        old, new = await work.get(Quote, id_), await work.get(Quote, next_id)
        assert new.number == f"{old.number}/2" and (new.edition, new.stage, new.is_latest) == (2, "draft", True)
        assert new.bill == old.bill and old.is_latest is False
        await work.update(Quote, next_id, Quote.bill.to(Bill(currency="IRR", lines=WORKED.lines[:2])))
        assert (await work.get(Quote, id_)).bill == WORKED, "the older edition keeps its lines"
        with pytest.raises(Refused):
            await work.update(Quote, id_, Quote.description.to("x"))
        with pytest.raises(Refused):
            await revise(work, id_)
        with pytest.raises(Refused):
            await revise(work, next_id)


async def test_s_10_an_invoice_of_a_quote_has_lines_of_its_own(company: Any) -> None:
    async with company.work() as work:
        id_ = await quote(work, stage="closed_accepted", payment_term="net_30")
        invoice = await invoice_from(work, id_)
        made, origin = await work.get(Invoice, invoice), await work.get(Quote, id_)
        today = work.now().date()
        assert (made.quote, made.quote_number, made.status) == (Ref("quotes", id_), origin.number, "draft")
        assert (made.invoice_date, made.due_on) == (today, today + timedelta(days=30))
        assert origin.invoice_status == "invoiced"
        await work.update(Invoice, invoice, Invoice.bill.to(Bill(currency="IRR", lines=WORKED.lines[2:])))
        assert (await work.get(Quote, id_)).bill == WORKED
        assert (await work.get(Invoice, invoice)).values["total_amount"] == rial(1_980_000)
        with pytest.raises(Refused):
            await invoice_from(work, id_)


async def test_an_issued_invoice_is_paid_or_cancelled_but_not_changed(company: Any) -> None:
    async with company.work() as work:
        id_ = await invoice_from(work, await quote(work))
        await work.update(Invoice, id_, Invoice.status.to("unpaid"))
        with pytest.raises(Refused):
            await work.update(Invoice, id_, Invoice.bill.to(None))
        with pytest.raises(Refused):
            await work.remove(Invoice, [id_])
        await work.update(Invoice, id_, Invoice.paid_amount.to(rial(132_500)))
        part = await work.get(Invoice, id_)
        assert (part.status, part.remaining_amount) == ("partly_paid", rial(6_000_000))
        await work.update(Invoice, id_, Invoice.paid_amount.to(rial(6_132_500)))
        assert (await work.get(Invoice, id_)).status == "paid"


async def test_a_contract_of_a_quote_is_worth_it_and_renews_for_as_long(company: Any) -> None:
    async with company.work() as work:
        id_ = await contract_from(work, await quote(work))
        made = await work.get(Contract, id_)
        assert (made.contract_value, made.bill) == (rial(6_132_500), WORKED)
        assert made.number and made.number.startswith("CNT-1405-")
        with pytest.raises(Refused):
            await renew(work, id_)
        await work.update(
            Contract, id_, Contract.starts_on.to(date(2026, 3, 21)), Contract.ends_on.to(date(2027, 3, 20))
        )
        dated = await work.get(Contract, id_)
        assert dated.notice_by == date(2026, 9, 20), "29 Esfand less six months of the Jalali calendar"
        assert dated.renewal_reminder_at and dated.renewal_reminder_at.date() == date(2027, 3, 6)
        again = await work.get(Contract, await renew(work, id_))
        assert (again.starts_on, again.ends_on) == (date(2027, 3, 21), date(2028, 3, 19))
        assert again.renewed_from == Ref("contracts", id_) and again.number != dated.number
        with pytest.raises(Refused):
            await renew(work, id_)
        with pytest.raises(Invalid):
            await work.update(Contract, id_, Contract.ends_on.to(date(2020, 1, 1)))


async def test_a_deal_of_a_quote_closes_when_the_quote_ends(company: Any) -> None:
    async with company.work() as work:
        id_ = await quote(work)
        deal = await work.get(Opportunity, await opportunity_from(work, id_))
        assert (deal.amount, deal.stage, deal.probability) == (rial(6_132_500), "proposal", 65)
        assert deal.closes_on == (await work.get(Quote, id_)).expires_on
        with pytest.raises(Refused):
            await opportunity_from(work, id_)


async def test_rel_27_two_who_change_the_lines_are_told(company: Any) -> None:
    async with company.work() as work:
        id_ = await quote(work)
        module = work.module(Quote)
        version = (await work.get(Quote, id_)).version
        await save.update(work, module, id_, {"bill": Bill(currency="IRR", lines=WORKED.lines[1:])}, version=version)
        with pytest.raises(Conflict) as clash:
            await save.update(
                work, module, id_, {"bill": Bill(currency="IRR", lines=WORKED.lines[:2])}, version=version
            )
        assert list(clash.value.fields) == ["bill"]
        [told] = [
            change
            for entry in await work.store.history(module, id_)
            for change in entry.changes
            if change.key == "bill" and change.old
        ]
        assert told.old == ["تجهیزات", "بارکدخوان × 3", "نصب × 1"] and told.new == ["بارکدخوان × 3", "نصب × 1"]


async def test_lines_leave_with_their_document_for_good(company: Any) -> None:
    async with company.work() as work:
        id_ = await quote(work)
        await work.remove(Quote, [id_])
        await work.store.purge(work.module(Quote), [id_])
        assert (
            await work.store._context.session.rows("SELECT FROM line_item WHERE record_id = %(id)s", {"id": id_}) == []
        )


async def test_lists_show_amounts_and_sort_by_them(company: Any) -> None:
    async with company.work() as work:
        small = await quote(work, Bill(currency="IRR", lines=(Line(name="x", list_price=Decimal(5)),)))
        large = await quote(work)

        query = ListQuery(
            columns=("name", "total_amount", "bill"), sort=(Sort("total_amount", descending=True),), limit=500
        )
        page = await work.store.page(work.module(Quote), query)
        found = [row.id for row in page.rows]
        assert found.index(large) < found.index(small)
