"""One spelling for every text (platform 28.6)."""

import pytest

from crm_domain.text.normalise import query_words, search_key, sort_key, stored


def found(query: str, text: str) -> bool:
    key = search_key(text)
    return all(word in key for word in query_words(query))


def test_scenario_8_arabic_letters_are_found_by_persian_ones() -> None:
    assert stored("علي كاظمي") == "علی کاظمی"
    assert search_key("علي كاظمي") == search_key("علی کاظمی")


@pytest.mark.parametrize("query", ["می روم", "میروم", "می‌روم"])
def test_scenario_9_zwnj_is_found_in_every_spelling(query: str) -> None:
    assert found(query, "می‌روم")


def test_scenario_47_sorts_by_the_persian_alphabet() -> None:
    names = ["پرویز", "آرش", "گیتی", "یاسر", "وحید", "هادی"]
    assert sorted(names, key=sort_key) == ["آرش", "پرویز", "گیتی", "وحید", "هادی", "یاسر"]


def test_sorting_puts_digits_first_then_latin_then_persian() -> None:
    assert sorted(["ژاله", "Zoe", "۲", "آب", "اب", "amir", "1"], key=sort_key) == [
        "1",
        "۲",
        "amir",
        "Zoe",
        "آب",
        "اب",
        "ژاله",
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("  Éclair\tCAFÉ ", "eclair cafe"),
        ("مُحَمَّد", "محمد"),
        ("أحمد، مؤسسة آرایش", "احمد موسسه ارایش"),
        ("خانۀ ما", "خانه ما"),
        ("کتـــاب", "کتاب"),
        ("۱۴۰۵ / ١٢", "1405 12"),
        ("ﻋﻠﻲ", "علی"),
        ("a\u200eb\ufeffc", "abc"),
        ("ali.reza@example.com", "ali reza@example com"),
        ("", ""),
    ],
)
def test_search_key(text: str, key: str) -> None:
    assert search_key(text) == key


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  می‌‌روم ‌ خانه‌ ", "می‌روم خانه"),
        ("a\u00a0\u202bb", "a b"),
        ("يك ۱۲", "یک ۱۲"),
        ("cafe\u0301", "café"),
    ],
)
def test_stored(text: str, kept: str) -> None:
    assert stored(text) == kept


def test_stored_keeps_the_lines_of_long_text() -> None:
    assert stored("الف  \r\n\r\n  ب\n", single_line=False) == "الف\n\n  ب"
