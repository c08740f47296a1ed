"""How often one address may be mailed: the company's limit on its marketing mail."""

import msgspec

from crm_domain.problems import FieldProblem, Invalid

MOST_MAILS, MOST_DAYS = 100, 90


class Cap(msgspec.Struct, frozen=True):
    """At most `most` mails within the last `days`."""

    most: int
    days: int


def checked_cap(most: str, days: str) -> Cap | None:
    """The limit as somebody typed it; None for none, which is no number of mails. Raises Invalid."""
    if not most.strip():
        return None
    wrong = {
        name: (FieldProblem("sending.cap_range", {"most": bound}),)
        for name, said, bound in (("most", most, MOST_MAILS), ("days", days, MOST_DAYS))
        if _number(said) not in range(1, bound + 1)
    }
    if wrong:
        raise Invalid(wrong)
    return Cap(_number(most), _number(days))


def _number(said: str) -> int:
    """Digits of any script; 0 for anything else."""
    text = said.strip()
    return int(text) if text.isdecimal() and len(text) <= 4 else 0
