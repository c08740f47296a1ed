"""Both versions can be read off what is shown of them, and what did not change is said so."""

import pytest

from crm_domain.text.compared import MOST_WORDS, Piece, compared

LONG = "x " * (MOST_WORDS + 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""), ("a", ""), ("", "a b\n"), ("سلام دنیا\nدوم", "سلام دنیای نو\nدوم\nسوم"), ("a b c", "a c"),
        ("one\ntwo\nthree\n", "three\none\n"), (LONG, LONG + "y"), ("  spaces   stay ", " spaces stay"),
    ],
)  # fmt: skip
def test_each_version_is_made_up_of_its_pieces(old: str, new: str) -> None:
    pieces = compared(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new


def test_one_word_of_a_line_is_told_from_the_rest() -> None:
    assert compared("Call us on Monday.\nThanks", "Call us on Friday.\nThanks") == [
        Piece("same", "Call us on "), Piece("gone", "Monday."), Piece("new", "Friday."), Piece("same", "\n"), Piece("same", "Thanks"),
    ]  # fmt: skip
