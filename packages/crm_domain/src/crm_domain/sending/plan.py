"""What is settled when a run is scheduled and holds until its end, whatever is changed on the records meanwhile."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from crm_domain.sending.letter import Occasion, Sender, Tracked

RELAY = UUID(int=0)
"""Stands for the installation's own mail server where a tenant has no account."""
GRACE_MINUTES = 60
EXPIRY_HOURS = 72
LEAST_JUDGED = 200
"""Attempts before a rate says anything."""
LEAST_COMPLAINTS = 3
"""One reader who is in a bad mood says nothing either."""
MOST_BOUNCED, MOST_BLOCKED, MOST_UNRENDERED, MOST_COMPLAINED = 0.05, 0.02, 0.005, 0.003


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A run's frozen settings. `numbers` gives every tracked address the number that stands in tokens."""

    account: UUID
    sender: Sender
    occasion: Occasion
    trackers: tuple[Tracked, ...] = ()
    numbers: Mapping[str, int] = {}
    newsletter: bool = False
    consent: str = "none"
    all_lists: bool = True
    most: int | None = None
    days: int = 7
