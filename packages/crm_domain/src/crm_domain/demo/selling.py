"""Selling in the demo company: its price list, the offers to customers, and the contracts and invoices that came of them."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from types import ModuleType

from crm_domain.definition import Amount, Ref
from crm_domain.definition.bill import Bill, Line
from crm_domain.demo import selling_en, selling_fa
from crm_domain.demo.chance import DAYS, Chance, Weights
from crm_domain.demo.companies import owned
from crm_domain.demo.paper_templates import BLOCKS
from crm_domain.demo.world import Batch, Row, World
from crm_domain.modules.blocks.document import SUMS
from crm_domain.modules.contracts import NOTICE_MONTHS, REMIND_DAYS
from crm_domain.selling.arithmetic import figures
from crm_domain.text.jalali import Calendar, add_months, parts

QUOTES, CONTRACTS = 120, 60
"""At scale 1; invoices come of accepted quotes."""
FRESH = timedelta(days=25)
STAGES = Weights(
    {"closed_accepted": 46, "closed_lost": 24, "closed_dead": 6, "delivered": 12, "confirmed": 6, "on_hold": 6}
)
YOUNG_STAGES = Weights({"draft": 30, "negotiation": 18, "delivered": 40, "confirmed": 12})
SENT = ("delivered", "confirmed", "closed_accepted", "closed_lost", "closed_dead")
TERMS = Weights({"net_30": 40, "advance": 20, "net_15": 12, "cash": 10, "instalments": 10, "cheque": 8})
LENGTHS = Weights({6: 10, 12: 60, 24: 20, 36: 10})
WORDED = ("delivery_terms", "confidentiality")
"""Text blocks that offers have in them, of those that are being written."""
WORDED_STAGES = ("draft", "negotiation")
SHARES = {"good": (1, 24), "service": (1, 18)}
TAX = {"fa": Decimal(10), "en": Decimal(20)}


def selling(world: World) -> Iterator[Batch]:
    """All of it, in the order in which one hangs on the other."""
    words = selling_fa if world.setting.language == "fa" else selling_en
    yield from _price_list(world, words)
    quotes = list(_quotes(world, words))
    yield from world.batches("quotes", quotes)
    accepted = [quote for quote in quotes if quote["stage"] == "closed_accepted"]
    invoices = [
        _invoice(world, quote, place) for place, quote in enumerate(accepted) if quote["invoice_status"] == "invoiced"
    ]
    yield from world.batches("invoices", _numbered(world, invoices, "INV"))
    contracts = [_contract(world, words, place, accepted) for place in range(CONTRACTS * world.scale)]
    contracts.sort(key=lambda row: row["created_at"])
    yield from world.batches("contracts", _numbered(world, contracts, "CNT"))
    if not world.mark:
        yield Batch("number_series", _series([*quotes, *invoices, *contracts]))


def _price_list(world: World, words: ModuleType) -> Iterator[Batch]:
    began = world.setting.now - timedelta(days=DAYS)
    categories: dict[str, Row] = {}
    for place, (name, parent) in enumerate(words.CATEGORIES):
        above = Ref("product_categories", categories[parent]["id"]) if parent else None
        stamps = owned(world.chance("product category", place), began + timedelta(minutes=place), world.owners[0])
        categories[name] = {**stamps, "name": name, "parent": above, "position": place + 1}
    yield Batch("product_categories", list(categories.values()))
    name, rate = words.TAX_RATE
    stamps = owned(world.chance("tax rate", 0), began, world.owners[0])
    taxed = {**stamps, "name": f"{name} {world.mark}".strip(), "rate": Decimal(rate), "status": "active"}
    yield Batch("tax_rates", [{**taxed, "is_default": False}])
    products: list[Row] = []
    for place, (part, name, category, kind, unit, price, text) in enumerate(words.PRODUCTS):
        chance = world.chance("product", place)
        worth = Decimal(str(price))
        currency = world.setting.currency
        products.append(
            {
                **owned(chance, began + timedelta(days=chance.between(0, 60)), world.owners[0]),
                "part_number": f"{world.mark}{part}",
                "name": name,
                "category": Ref("product_categories", categories[category]["id"]),
                "product_type": kind,
                "price": Amount(worth, currency),
                "cost": Amount((worth * chance.whole(45, 80) / 100).quantize(Decimal(1)), currency),
                "unit": unit,
                "status": "inactive" if chance.maybe(0.06) else "active",
                "recurrence": "monthly" if unit == "month" else "once",
                "description": text or None,
            }
        )
    yield Batch("products", products)


def _quotes(world: World, words: ModuleType) -> Iterator[Row]:
    number = QUOTES * world.scale
    deals = world.made["opportunities"]
    rows: list[Row] = []
    for index in range(number):
        chance = world.chance("quote", index)
        passed = 1 - (index + chance.between(0, 1)) / number
        born = world.setting.now - timedelta(days=DAYS * passed**1.6, hours=2)
        rows.append(_quote(world, chance, born, chance.pick(deals), words))
    yield from _numbered(world, rows, "QT")


def _quote(world: World, chance: Chance, born: datetime, deal: Row, words: ModuleType) -> Row:
    setting = world.setting
    born = max(born, chance.after(deal["created_at"], 0, 5, setting.now))
    stage = chance.weighted(YOUNG_STAGES if setting.now - born < FRESH else STAGES)
    closed = stage.startswith("closed")
    account = next((row for row in world.made["accounts"] if row["id"] == deal["account"].id), None)
    contact = next((row for row in world.made["contacts"] if row["account"] == deal["account"]), None)
    bill = _bill(world, chance, words)
    today = born.date()
    return {
        **owned(chance, born, (deal["assigned_to"], deal["team"])),
        "name": deal["name"],
        "abbreviation": "qt",
        "stage": stage,
        "account": deal["account"],
        "contact": Ref("contacts", contact["id"]) if contact else None,
        "contact_person": deal["assigned_to"],
        "technical_contact": chance.pick(world.owners)[0] if chance.maybe(0.4) else None,
        "opportunity": Ref("opportunities", deal["id"]),
        "answer_by": today + timedelta(days=14) if chance.maybe(0.5) else None,
        "expires_on": today + timedelta(days=chance.pick((30, 30, 45, 60))),
        "lead_time": chance.pick(words.LEAD_TIMES),
        "warranty": chance.pick(words.WARRANTIES),
        "validity": chance.pick(words.VALIDITIES),
        "payment_term": chance.weighted(TERMS),
        "terms": chance.pick(words.TERMS),
        "text_blocks": "".join(BLOCKS[setting.language][tag][1] for tag in WORDED) if stage in WORDED_STAGES else None,
        "billing_address": account["billing_address"] if account else None,
        "shipping_address": account["shipping_address"] if account else None,
        "invoice_status": "invoiced" if stage == "closed_accepted" and chance.maybe(0.75) else "not_invoiced",
        "approval_status": "approved" if stage in SENT else None,
        "edition": 1,
        "is_latest": True,
        "closed_at": chance.after(born, 3, 40, setting.now) if closed else None,
        "bill": bill,
        **_sums(bill),
    }


def _bill(world: World, chance: Chance, words: ModuleType) -> Bill:
    """Some groups of lines, with a discount here and there."""
    products = world.made["products"]
    rate = TAX[world.setting.language]
    lines: list[Line] = []
    grouped = chance.maybe(0.6)
    for heading in words.GROUPS[: chance.whole(1, 3)]:
        if grouped:
            lines.append(Line(kind="group", name=heading))
        lines += [_line(chance, chance.pick(products), rate) for _ in range(chance.whole(1, 3))]
    if chance.maybe(0.25):
        lines.append(Line(kind="text", name=words.REMARK))
    shipping = Decimal(chance.whole(2, 12) * (10_000_000 if world.setting.currency == "IRR" else 25))
    sent = chance.maybe(0.35)
    return Bill(
        currency=world.setting.currency,
        lines=tuple(lines),
        discount=Decimal(chance.pick((2, 3, 5))) if chance.maybe(0.2) else Decimal(0),
        shipping=shipping if sent else Decimal(0),
        shipping_tax=rate if sent else Decimal(0),
    )


def _line(chance: Chance, product: Row, rate: Decimal) -> Line:
    low, high = SHARES[product["product_type"]]
    return Line(
        kind=product["product_type"],
        name=product["name"],
        product=product["id"],
        part_number=product["part_number"],
        note=product["description"] or "",
        quantity=Decimal(chance.whole(low, high)),
        unit=product["unit"],
        list_price=product["price"].value,
        discount=Decimal(chance.pick((5, 8, 10, 15))) if chance.maybe(0.35) else Decimal(0),
        tax_rate=rate,
    )


def _sums(bill: Bill) -> Row:
    found = figures(bill).totals
    return {field.key: Amount(getattr(found, name), bill.currency) for field, name in SUMS}


def _invoice(world: World, quote: Row, place: int) -> Row:
    chance = world.chance("invoice", place)
    now = world.setting.now
    born = chance.after(quote["closed_at"], 0.5, 10, now)
    due = born.date() + timedelta(days=30)
    total = quote["total_amount"]
    status = (
        "paid" if due < now.date() and chance.maybe(0.8) else chance.pick(("unpaid", "unpaid", "partly_paid", "draft"))
    )
    share = {"paid": 100, "partly_paid": 40}.get(status, 0)
    paid = (total.value * share / 100).quantize(Decimal(1)) if share < 100 else total.value
    taken = ("name", "account", "contact", "bill", "payment_term", "terms", "billing_address", "shipping_address")
    return {
        **owned(chance, born, (quote["assigned_to"], quote["team"])),
        **{key: quote[key] for key in taken},
        **_sums(quote["bill"]),
        "status": status,
        "quote": Ref("quotes", quote["id"]),
        "quote_number": quote["number"],
        "quote_date": quote["created_at"].date(),
        "invoice_date": born.date(),
        "due_on": due,
        "paid_amount": Amount(paid, total.currency) if share else None,
        "remaining_amount": Amount(total.value - paid, total.currency),
    }


def _contract(world: World, words: ModuleType, place: int, accepted: list[Row]) -> Row:
    chance = world.chance("contract", place)
    setting, quote = world.setting, chance.pick(accepted)
    calendar: Calendar = "jalali" if setting.language == "fa" else "gregorian"
    born = chance.after(quote["closed_at"], 1, 20, setting.now)
    starts = born.date() + timedelta(days=chance.whole(3, 20))
    ends = add_months(starts, chance.weighted(LENGTHS), calendar) - timedelta(days=1)
    notice = chance.pick(tuple(NOTICE_MONTHS))
    running = starts <= setting.now.date() <= ends
    status = (
        "in_progress"
        if running
        else "completed"
        if ends < setting.now.date()
        else chance.pick(("signed", "sent", "not_started"))
    )
    signed = None if status in ("sent", "not_started") else starts - timedelta(days=2)
    noon = datetime.combine(ends - timedelta(days=REMIND_DAYS), time(8, 30), UTC)
    taken = (
        "account",
        "contact",
        "opportunity",
        "bill",
        "payment_term",
        "terms",
        "warranty",
        "lead_time",
        "billing_address",
    )
    return {
        **owned(chance, born, (quote["assigned_to"], quote["team"])),
        **{key: quote[key] for key in taken},
        **_sums(quote["bill"]),
        "name": chance.pick(words.CONTRACTS).format(deal=quote["name"]),
        "abbreviation": "cnt",
        "status": status,
        "contract_type": chance.pick(("sale", "support", "maintenance")),
        "quote": Ref("quotes", quote["id"]),
        "contact_person": quote["contact_person"],
        "starts_on": starts,
        "ends_on": ends,
        "renewal_reminder_at": noon,
        "notice_period": notice,
        "notice_by": add_months(ends, -NOTICE_MONTHS[notice], calendar),
        "customer_signed_on": signed,
        "company_signed_on": signed,
        "contract_value": quote["total_amount"],
    }


def _series(rows: list[Row]) -> list[Row]:
    """How far the series have come, so that the company's own documents go on from there."""
    counted = Counter(row["number"].rpartition("-")[0] for row in rows)
    return [{"key": key, "value": number} for key, number in counted.items()]


def _numbered(world: World, rows: list[Row], prefix: str) -> list[Row]:
    """The rows in the order of their making, each with the next number of its year."""
    calendar: Calendar = "jalali" if world.setting.language == "fa" else "gregorian"
    counted: Counter[int] = Counter()
    rows.sort(key=lambda row: row["created_at"])
    for row in rows:
        year = parts(row["created_at"].date(), calendar).year
        counted[year] += 1
        row["number"] = f"{prefix}-{year}-{world.mark}{counted[year]:04}"
    return rows
