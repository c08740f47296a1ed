"""One module with a field of every kind, and for each kind two values: as typed values, as people write them, as filters ask."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import (
    Amount,
    Arrangement,
    Blob,
    EmailEntry,
    Module,
    Option,
    Options,
    PostalAddress,
    Record,
    Ref,
    Registry,
    panel,
    required,
)
from crm_domain.definition.kinds import (
    Address,
    AnyLink,
    AutoNumber,
    Bill,
    Boolean,
    Choice,
    Computed,
    Date,
    DateTime,
    DecimalNumber,
    DependentChoice,
    Duration,
    Emails,
    File,
    Files,
    Image,
    Integer,
    Link,
    LongText,
    Money,
    MultiChoice,
    Percent,
    Phone,
    RichText,
    Secret,
    Text,
    Url,
    UserLink,
)
from crm_domain.modules import MODULES, TABLES

ACCOUNT = UUID("0193a000-0000-7000-8000-0000000000a1")
OTHER = UUID("0193a000-0000-7000-8000-0000000000a2")
ADMIN = UUID("0193a000-0000-7000-8000-000000000001")
SARA = UUID("0193a000-0000-7000-8000-000000000002")
FLAVOURS = Options(
    "flavour",
    (
        Option(key="sweet", labels={"fa": "شیرین", "en": "Sweet"}),
        Option(key="salty", labels={"fa": "شور", "en": "Salty"}, parent=("sweet", "salty")),
        Option(key="sour", labels={"fa": "ترش", "en": "Sour"}),
    ),
)


class Specimen(Record):
    name = required(Text(search=True))
    text = Text()
    long_text = LongText()
    rich_text = RichText()
    url = Url()
    integer = Integer()
    decimal_number = DecimalNumber()
    percent = Percent()
    auto_number = AutoNumber(readonly=True)
    money = Money()
    boolean = Boolean()
    date = Date()
    date_time = DateTime()
    duration = Duration()
    choice = Choice(options=FLAVOURS)
    dependent_choice = DependentChoice(options=FLAVOURS, leader="choice")
    multi_choice = MultiChoice(options=FLAVOURS)
    link = Link(target="accounts")
    user_link = UserLink()
    any_link = AnyLink(targets=("accounts", "contacts"))
    emails = Emails()
    phone = Phone()
    address = Address()
    file = File()
    files = Files()
    image = Image()
    computed = Computed[str](by=lambda values: f"<{values.get('text') or ''}>", of=("text",), readonly=True)

    layout = Arrangement(columns=(name,), panels=(panel("overview", (name,)),))


SPECIMENS = Module(key="specimens", record=Specimen, icon="box", group="")
REGISTRY = Registry((*MODULES, SPECIMENS), TABLES)


class Example(msgspec.Struct, frozen=True):
    """`low` sorts before `high`. `typed` is how each language writes `low`, in forms and in files that are imported;
    `shown` how it is shown where that is not the same. `asked` finds `low` and not `high`.
    """

    low: Any
    high: Any
    asked: tuple[str, Any]
    typed: dict[str, Any] = {}
    shown: dict[str, str] = {}


def both(text: str) -> dict[str, str]:
    return {"fa": text, "en": text}


def blob(name: str, media_type: str = "text/plain") -> Blob:
    """A file; the tests give it its row. Its key follows from its name."""
    return Blob(name.encode().hex().ljust(48, "0")[:48], name, media_type, 2_355)


EXAMPLES: dict[type[Any], tuple[str, Example]] = {
    Text: ("text", Example("آب", "برق", ("eq", "آب"), both("آب"))),
    LongText: ("long_text", Example("یک\nدو", "سه", ("contains", "دو"), both("یک\nدو"))),
    RichText: (
        "rich_text",
        Example("<p><strong>مهم</strong></p>", "<p>ساده</p>", ("contains", "مهم"), both("<p><strong>مهم</strong></p>"), both("مهم")),
    ),
    Url: ("url", Example("a.example", "https://b.example", ("starts", "a."), both("a.example"))),
    Integer: ("integer", Example(-3, 4_200, ("lt", "0"), {"fa": "-۳", "en": "-3"}, {"fa": "−۳", "en": "−3"})),
    DecimalNumber: (
        "decimal_number",
        Example(Decimal("1.5"), Decimal("1250.25"), ("le", "1.5"), {"fa": "۱٫۵", "en": "1.5"}),
    ),
    Percent: ("percent", Example(Decimal("12.5"), Decimal(80), ("between", "10..20"), {"fa": "۱۲٫۵٪", "en": "12.5%"})),
    AutoNumber: ("auto_number", Example(None, None, ("ge", "1"))),
    Money: (
        "money",
        Example(
            Amount(Decimal(1_250_000), "IRR"), Amount(Decimal(9_000_000), "IRR"), ("lt", "5000000 rial"),
            {"fa": {"": "۱۲۵٬۰۰۰", "currency": "IRR"}, "en": {"": "1,250,000", "currency": "IRR"}},
            {"fa": "۱۲۵٬۰۰۰ تومان", "en": "1,250,000 rial"},
        ),
    ),
    Boolean: ("boolean", Example(False, True, ("eq", "0"), {"fa": "خیر", "en": "No"})),
    Date: (
        "date",
        Example(date(2026, 3, 21), date(2027, 1, 1), ("eq", "2026-03-21"), {"fa": "۱۴۰۵/۰۱/۰۱", "en": "2026-03-21"},
                {"fa": "۱۴۰۵/۰۱/۰۱", "en": "21 Mar 2026"}),
    ),
    DateTime: (
        "date_time",
        Example(
            datetime(2026, 3, 21, 6, 30, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), ("lt", "2026-04-01"),
            {"fa": {"": "۱۴۰۵/۰۱/۰۱", "time": "۱۰:۰۰"}, "en": {"": "2026-03-21", "time": "10:00"}},
            {"fa": "۱۴۰۵/۰۱/۰۱، ۱۰:۰۰", "en": "21 Mar 2026, 10:00 AM"},
        ),
    ),
    Duration: (
        "duration",
        Example(5_400, 7_200, ("eq", "1:30"), {"fa": "۱:۳۰", "en": "1:30"}, {"fa": "۱ ساعت و ۳۰ دقیقه", "en": "1 hour 30 minutes"}),
    ),
    Choice: ("choice", Example("sweet", "sour", ("in", "sweet,salty"), {"fa": "شیرین", "en": "Sweet"})),
    DependentChoice: ("dependent_choice", Example("salty", "sour", ("ne", "sour"), {"fa": "شور", "en": "Salty"})),
    MultiChoice: (
        "multi_choice",
        Example(("sweet", "sour"), ("salty",), ("has_all", "sweet,sour"), {"fa": "شیرین؛ترش", "en": "sweet;Sour"},
                {"fa": "شیرین، ترش", "en": "Sweet, Sour"}),
    ),
    Link: ("link", Example(Ref("accounts", ACCOUNT), Ref("accounts", OTHER), ("eq", str(ACCOUNT)), both(str(ACCOUNT)), both("آبان"))),
    UserLink: ("user_link", Example(Ref("users", ADMIN), Ref("users", SARA), ("me", "1"), both(str(ADMIN)), both("A"))),
    AnyLink: (
        "any_link",
        Example(
            Ref("accounts", ACCOUNT), Ref("accounts", OTHER), ("eq", str(ACCOUNT)),
            {language: {"module": "accounts", "id": str(ACCOUNT)} for language in ("fa", "en")}, both("آبان"),
        ),
    ),
    Emails: (
        "emails",
        Example((EmailEntry("a@a.example", primary=True),), (EmailEntry("b@b.example", primary=True),), ("domain", "a.example"),
                both("a@a.example")),
    ),
    Phone: ("phone", Example("+989123456789", "+989351234567", ("ends", "6789"), {"fa": "۰۹۱۲ ۳۴۵ ۶۷۸۹", "en": "+98 912 345 6789"})),
    Address: (
        "address",
        Example(
            PostalAddress(street="آزادی ۱۲", city="اصفهان"), PostalAddress(city="یزد"), ("contains", "اصفهان"),
            {language: {"street": "آزادی ۱۲", "city": "اصفهان"} for language in ("fa", "en")},
            {"fa": "اصفهان، آزادی ۱۲", "en": "آزادی ۱۲, اصفهان"},
        ),
    ),
    File: ("file", Example(blob("a.txt"), None, ("empty", "0"), shown=both("a.txt"))),
    Files: (
        "files",
        Example((blob("a.txt"), blob("b.txt")), None, ("empty", "0"), shown={"fa": "a.txt، b.txt", "en": "a.txt, b.txt"}),
    ),
    Image: ("image", Example(blob("a.png", "image/png"), None, ("empty", "0"), shown=both("a.png"))),
    Computed: ("computed", Example("<آب>", "<برق>", ("contains", "آب"), shown=both("<آب>"))),
}  # fmt: skip
"""Each kind's field and examples; a kind without any fails the first test."""
READONLY = (AutoNumber, Computed)
APART = (Bill, Secret)
"""Kept beside the record and read by nobody, so there is nothing to show, sort, export or import."""
