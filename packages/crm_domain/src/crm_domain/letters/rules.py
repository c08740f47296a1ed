"""What a company settled about its people's letters."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

WAITS_S = (0, 5, 10, 20, 30)
FIRST_NUMBER = 1 << 62
"""Letters that may be seen opened are numbered from here on, where the numbers of mailings never come."""


class LetterRules(msgspec.Struct, frozen=True, kw_only=True):
    """`may_track`: whether a writer may ask to learn that his letter was opened; each letter asks anew. `wait_s`: how long a
    letter waits after it was sent, so that it may be taken back."""

    may_track: bool = True
    wait_s: Annotated[int, Meta(ge=0, le=60)] = 10


def rules_of(kept: Mapping[str, Any] | None) -> LetterRules:
    """The rules as they were kept; what no longer fits counts as not settled."""
    try:
        return msgspec.convert(kept or {}, LetterRules)
    except msgspec.ValidationError:
        return LetterRules()
