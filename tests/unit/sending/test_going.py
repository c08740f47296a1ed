"""How fast a mailing goes and how long it will take (REL-13)."""

from datetime import UTC, datetime, timedelta

import pytest

from crm_domain.sending.going import Going, going

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tried", "left", "seconds", "found"),
    [
        (600, 1200, 60, Going(600, 2)),
        (600, 1201, 60, Going(600, 3)),
        (1, 90, 600, Going(1, 900)),
        (5, 100, 9, None),
        (0, 100, 600, None),
        (100, 0, 600, None),
    ],
)
def test_rel_13_the_time_to_go_follows_from_what_was_done(
    tried: int, left: int, seconds: int, found: Going | None
) -> None:
    assert going(tried=tried, left=left, since=NOW - timedelta(seconds=seconds), now=NOW) == found
