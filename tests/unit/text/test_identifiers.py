"""Identifiers, phones and names (platform 28.4)."""

from collections.abc import Callable

import pytest

from crm_domain.messages.catalogue import catalogue
from crm_domain.problems import BadValue
from crm_domain.text import identifiers, phone
from crm_domain.text.format import person_name
from crm_domain.text.locale import ENGLISH, PERSIAN


@pytest.mark.parametrize(
    ("check", "text", "kept"),
    [
        (identifiers.national_id, "0013542419", "0013542419"),
        (identifiers.national_id, "۱۲۳۴۵۶۷۸۹۱", "1234567891"),
        (identifiers.national_id, "13542419", "0013542419"),
        (identifiers.legal_id, "10380284790", "10380284790"),
        (identifiers.postal_code, "۱۲۳۴۵-۶۷۸۹۰", "1234567890"),
        (identifiers.economic_code, "411111111111", "411111111111"),
        (identifiers.digits, "۱۲۳۴", "1234"),
        (identifiers.iban, "IR82 0540 1026 8002 0817 9090 02", "IR820540102680020817909002"),
        (identifiers.iban, "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        (identifiers.card, "6037-9918-9999-9993", "6037991899999993"),
        (identifiers.currency_code, "usd", "USD"),
        (identifiers.user_name, " Ali.Rezaei ", "ali.rezaei"),
    ],
)
def test_right_identifiers_are_normalised(check: Callable[[str], str], text: str, kept: str) -> None:
    assert check(text) == kept


@pytest.mark.parametrize(
    ("check", "text", "problem"),
    [
        (identifiers.national_id, "1111111111", "national_id_wrong"),
        (identifiers.national_id, "0013542418", "national_id_wrong"),
        (identifiers.national_id, "135424", "national_id_wrong"),
        (identifiers.legal_id, "10380284791", "legal_id_wrong"),
        (identifiers.legal_id, "1038028479", "legal_id_wrong"),
        (identifiers.postal_code, "12345", "postal_code_wrong"),
        (identifiers.economic_code, "4111", "economic_code_wrong"),
        (identifiers.digits, "12a", "not_digits"),
        (identifiers.iban, "DE89370400440532013001", "iban_wrong"),
        (identifiers.iban, "IR820540102680020817909003", "iban_wrong"),
        (identifiers.card, "6037991899999992", "card_wrong"),
        (identifiers.currency_code, "us", "currency_code_wrong"),
        (identifiers.user_name, "علی", "user_name_wrong"),
    ],
)
def test_scenario_46_wrong_identifiers_are_refused_with_a_clear_error(
    check: Callable[[str], str], text: str, problem: str
) -> None:
    with pytest.raises(BadValue, match=problem):
        check(text)
    assert all(catalogue(language).has(f"problems.{problem}") for language in ("fa", "en"))


def test_identifiers_are_shown_in_groups() -> None:
    assert identifiers.show_postal_code("1234567890") == "12345-67890"
    assert identifiers.in_fours("6037991899999991") == "6037 9918 9999 9991"


@pytest.mark.parametrize(
    "text", ["09123456789", "۰۹۱۲ ۳۴۵ ۶۷۸۹", "00989123456789", "+989123456789", "989123456789", "9123456789"]
)
def test_mobile_numbers_are_stored_in_one_form(text: str) -> None:
    assert phone.parse(text) == "+989123456789"


def test_phones_are_shown_as_their_country_writes_them() -> None:
    assert phone.show("+989123456789", PERSIAN) == "۰۹۱۲ ۳۴۵ ۶۷۸۹"
    assert phone.show(phone.parse("02188776655"), PERSIAN) == "۰۲۱-۸۸۷۷۶۶۵۵"
    assert phone.show("+989123456789", ENGLISH) == "+98 912 345 6789"
    assert phone.show("+12125550123", ENGLISH) == "+1 212-555-0123"
    assert phone.parse("1234") == "1234"


def test_extensions_are_kept() -> None:
    kept = phone.parse("۰۲۱۸۸۷۷۶۶۵۵ داخلی ۱۲")
    assert kept == "+982188776655;ext=12"
    assert phone.parse(kept) == kept
    assert phone.show(kept, PERSIAN) == "۰۲۱-۸۸۷۷۶۶۵۵ داخلی ۱۲"


@pytest.mark.parametrize("text", ["", "hello", "0912345678", "091234567890", "12", "+98912", "<script>"])
def test_what_is_no_phone(text: str) -> None:
    with pytest.raises(BadValue, match=r"problems\.not_a_phone"):
        phone.parse(text)


def test_names_leave_no_gaps() -> None:
    assert person_name("علی", "رضایی", catalogue("fa"), "مهندس") == "مهندس علی رضایی"
    assert person_name("", "Rezaei", catalogue("en")) == "Rezaei"
