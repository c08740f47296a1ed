"""No cell of an export is a formula (SEC-15)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_domain.text.spreadsheet import GUARD, neutralise, undo

HIDDEN = " \u00a0\u200c\u200e\u202b\u2066\ufeff\n\x00\x1b"


@settings(max_examples=1000)
@given(st.text(HIDDEN, max_size=5), st.sampled_from("=+-@＝＋－＠\t\r"), st.text(max_size=10))
def test_sec_15_formulas_are_guarded(before: str, sign: str, after: str) -> None:
    assert neutralise(before + sign + after).startswith(GUARD)


@given(st.text(alphabet=st.sampled_from("=+-@'a ۱\t") | st.characters()))
def test_sec_15_the_guard_is_undone(cell: str) -> None:
    assert undo(neutralise(cell)) == cell


@pytest.mark.parametrize("cell", ["", "علی", "a=b", "۱۲۳", "12-5", "'quoted'", "−5"])
def test_other_cells_stay(cell: str) -> None:
    assert neutralise(cell) == cell
