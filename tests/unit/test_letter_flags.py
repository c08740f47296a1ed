"""Flags of a letter here and on its server: each change reaches the other side, and both end up saying the same."""

from hypothesis import given
from hypothesis import strategies as st

from crm_domain.letters.flags import INCOMING, Flags, flags_here, reconciled, status_of

FLAGS = st.builds(Flags, st.booleans(), st.booleans(), st.booleans())


@given(FLAGS, FLAGS, FLAGS)
def test_a_change_on_either_side_is_kept_and_that_made_here_wins(agreed: Flags, here: Flags, there: Flags) -> None:
    both = reconciled(agreed, here, there)
    for name in ("seen", "answered", "flagged"):
        before, mine, theirs = (getattr(one, name) for one in (agreed, here, there))
        assert getattr(both, name) == (mine if mine != before else theirs)


@given(st.sampled_from(INCOMING), st.booleans(), FLAGS, FLAGS)
def test_both_sides_agree_after_one_round(status: str, flagged: bool, agreed: Flags, there: Flags) -> None:
    both = reconciled(agreed, flags_here(status, flagged, agreed), there)
    assert flags_here(status_of(both, status), both.flagged, both) == both


def test_what_was_written_here_keeps_its_status() -> None:
    assert flags_here("sent", True, Flags()) == Flags(flagged=True)
    assert status_of(Flags(seen=True, answered=True), "sent") == "sent"
