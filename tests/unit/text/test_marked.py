"""What was looked for is marked in the text as it is spelt there."""

import pytest

from crm_domain.query.resolve import quick_words
from crm_domain.text.marked import marked


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Alborz Steel", "steel", ["Steel"]),
        ("علي كاظمي", "علی کاظمی", ["علي", "كاظمي"]),
        ("می‌روم خانه", "میروم", ["می‌روم"]),
        ("José Núñez", "nunez", ["Núñez"]),
        ("۰۹۱۲ ۳۴۵", "345", ["۳۴۵"]),
        ("banana", "ana", ["ana"]),
        ("nothing here", "zebra", []),
        ("", "a", []),
    ],
)
def test_every_spelling_is_marked_and_no_letter_lost(text: str, words: str, expected: list[str]) -> None:
    pieces = marked(text, quick_words(words))
    assert [part for part, hit in pieces if hit] == expected
    assert "".join(part for part, _ in pieces) == text
