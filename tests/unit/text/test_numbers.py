"""Numbers, money and amounts in words (platform 28.3)."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_domain.messages.catalogue import catalogue
from crm_domain.problems import BadValue
from crm_domain.text.locale import ENGLISH, PERSIAN, Locale
from crm_domain.text.money import edit_money, format_money, money_unit, parse_money
from crm_domain.text.numbers import format_number, format_percent, parse_decimal, parse_integer, short_number
from crm_domain.text.words import amount_in_words, in_words

FA, EN = catalogue("fa"), catalogue("en")
RIAL = msgspec.structs.replace(PERSIAN, money_unit="rial")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1250", "1250"),
        ("۱۲٬۵۰۰٫۷۵", "12500.75"),
        ("١٢٥٠", "1250"),
        ("12,500.75", "12500.75"),
        ("۱۲،۵۰۰", "12500"),
        ("1 250 000", "1250000"),
        ("−۵", "-5"),
        ("-5", "-5"),
        ("+5", "5"),
        (".5", "0.5"),
    ],
)
def test_numbers_are_understood_in_every_script(text: str, number: str) -> None:
    assert parse_decimal(text) == Decimal(number)


@pytest.mark.parametrize("text", ["۲/۵", "2/5", "2,5", "12,50"])
def test_an_ambiguous_decimal_is_asked_back(text: str) -> None:
    with pytest.raises(BadValue, match=r"problems\.ambiguous_decimal"):
        parse_decimal(text)


@pytest.mark.parametrize("text", ["", "-", "abc", "1.2.3", "1e5", "NaN", "Infinity", "1,23,456", "--5", "²", "9" * 61])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(BadValue, match=r"problems\.not_a_number"):
        parse_decimal(text)


def test_whole_numbers() -> None:
    assert parse_integer("۱٬۲۰۰") == 1200
    assert parse_integer("12.0") == 12
    with pytest.raises(BadValue, match=r"problems\.not_a_whole_number"):
        parse_integer("12.5")


def test_numbers_are_written_in_the_readers_marks() -> None:
    assert format_number(Decimal("-1234567.5"), PERSIAN) == "−۱٬۲۳۴٬۵۶۷٫۵"
    assert format_number(1234567, ENGLISH) == "1,234,567"
    assert format_number(Decimal("2.345"), ENGLISH, 2) == "2.35"
    assert format_percent(Decimal("25.00"), PERSIAN) == "۲۵٪"
    assert format_percent(Decimal("12.5"), ENGLISH) == "12.5%"


@given(st.decimals(min_value=-(10**16), max_value=10**16, places=4), st.sampled_from([PERSIAN, ENGLISH, RIAL]))
def test_what_is_shown_is_understood(number: Decimal, locale: Locale) -> None:
    assert parse_decimal(format_number(number, locale)) == number
    assert parse_money(edit_money(number, "IRR", locale), "IRR", locale) == number
    assert parse_money(edit_money(number, "USD", locale), "USD", locale) == number


@pytest.mark.parametrize(
    ("number", "persian", "english"),
    [
        ("9999", "۹٬۹۹۹", "9,999"),
        ("12300", "۱۲٫۳ هزار", "12.3K"),
        ("999999", "۱ میلیون", "1M"),
        ("-1200000000", "−۱٫۲ میلیارد", "−1.2B"),
        ("1500000000000", "۱٫۵ هزار میلیارد", "1.5T"),
        ("7500000000000000", "۷٬۵۰۰ هزار میلیارد", "7,500T"),
    ],
)
def test_short_forms(number: str, persian: str, english: str) -> None:
    assert short_number(Decimal(number), PERSIAN, FA) == persian
    assert short_number(Decimal(number), ENGLISH, EN) == english


def test_rials_are_shown_in_the_readers_unit() -> None:
    assert format_money(Decimal(12_500_000), "IRR", PERSIAN, FA) == "۱٬۲۵۰٬۰۰۰ تومان"
    assert format_money(Decimal(12_500_000), "IRR", RIAL, FA) == "۱۲٬۵۰۰٬۰۰۰ ریال"
    assert format_money(Decimal(12_000_000_000), "IRR", PERSIAN, FA, short=True) == "۱٫۲ میلیارد تومان"
    assert format_money(Decimal(15), "IRR", PERSIAN, FA) == "۱٫۵ تومان"
    assert format_money(Decimal(12_500_000), "IRR", ENGLISH, EN) == "12,500,000 rial"
    assert money_unit("IRR", PERSIAN, FA) == "تومان"


def test_other_currencies_keep_their_decimals() -> None:
    assert format_money(Decimal("-1200.5"), "USD", ENGLISH, EN) == "−$1,200.50"
    assert format_money(Decimal(1200), "EUR", PERSIAN, FA) == "۱٬۲۰۰٫۰۰ یورو"
    assert format_money(Decimal(1200), "JPY", ENGLISH, EN) == "JPY 1,200"


def test_money_is_typed_in_the_readers_unit_unless_it_names_another() -> None:
    assert parse_money("۱٬۲۵۰", "IRR", PERSIAN) == 12_500
    assert parse_money("1250", "IRR", RIAL) == 1250
    assert parse_money("۱۲۵۰ ریال", "IRR", PERSIAN) == 1250
    assert parse_money("۱۲۵تومان", "IRR", RIAL) == 1250
    assert parse_money("$1,200.50", "USD", ENGLISH) == Decimal("1200.50")
    assert parse_money("1200 usd", "USD", PERSIAN) == 1200
    with pytest.raises(BadValue, match=r"problems\.other_currency"):
        parse_money("100 EUR", "USD", ENGLISH)
    with pytest.raises(BadValue, match=r"problems\.not_a_number"):
        parse_money("12 سیب", "IRR", PERSIAN)


@pytest.mark.parametrize(
    ("number", "persian", "english"),
    [
        (0, "صفر", "zero"),
        (11, "یازده", "eleven"),
        (21, "بیست و یک", "twenty-one"),
        (100, "صد", "one hundred"),
        (1001, "هزار و یک", "one thousand one"),
        (2345, "دو هزار و سیصد و چهل و پنج", "two thousand three hundred forty-five"),
        (10**9, "یک میلیارد", "one billion"),
        (1_500 * 10**9, "هزار و پانصد میلیارد", "one trillion five hundred billion"),
        (-5, "منفی پنج", "minus five"),
    ],
)
def test_numbers_in_words(number: int, persian: str, english: str) -> None:
    assert in_words(number, FA) == persian
    assert in_words(number, EN) == english


def test_amounts_in_words() -> None:
    assert amount_in_words(Decimal(12_500_000), "IRR", PERSIAN, FA) == "یک میلیون و دویست و پنجاه هزار تومان"
    assert amount_in_words(Decimal("-0.5"), "USD", ENGLISH, EN) == "minus zero and 50/100 USD"
