"""Whom a mailing reaches: the modules a list may hold, in the order in which they stand for an address, and why some are left out."""

from typing import Literal

import msgspec


class Member(msgspec.Struct, frozen=True):
    """A module whose records may be on a list. A record with `gone` set, or whose `alive` is not that option, is left out."""

    module: str
    gone: str = ""
    alive: tuple[str, str] = ("", "")
    staff: bool = False
    """Colleagues: they may try a mailing even when their address wants none."""


MEMBERS = (
    Member("contacts"),
    Member("leads", gone="converted"),
    Member("targets", gone="converted"),
    Member("accounts"),
    Member("users", alive=("status", "active"), staff=True),
)
"""When several records have one address, the first of these stands for it."""

Reason = Literal[
    "gone",
    "no_primary",
    "unparsable",
    "by_id",
    "by_address",
    "by_domain",
    "tenant",
    "opt_out",
    "newsletter_optout",
    "invalid",
    "consent",
    "frequency",
    "duplicate",
]
"""Why a membership gets no mail; of several reasons the first counts."""
SUPPRESSED: tuple[Reason, ...] = ("by_id", "by_address", "by_domain", "tenant")
"""Reasons that a list or the company gives; they count as suppressed among what became of a mailing."""
CONSENT_RANKS = {"none": 0, "opt_in": 1, "confirmed": 2}
"""What a campaign's policy asks of an address."""
SLICE = 400_000
"""Memberships that one transaction fills in."""
PROVIDERS = {
    "google": ("gmail.com", "googlemail.com"),
    "microsoft": ("outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.fr", "hotmail.co.uk", "hotmail.fr"),
    "yahoo": ("yahoo.com", "ymail.com", "rocketmail.com", "aol.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de"),
}
"""Large providers and their domains: each is sent to at its own pace."""


class AudienceReport(msgspec.Struct, frozen=True):
    """What became of the memberships: `audience` gets mail, `already` got it before, `skipped` by reason."""

    memberships: int
    audience: int
    already: int
    skipped: dict[str, int]

    def plus(self, other: "AudienceReport") -> "AudienceReport":
        """Both together."""
        reasons = {**self.skipped}
        for reason, number in other.skipped.items():
            reasons[reason] = reasons.get(reason, 0) + number
        return AudienceReport(
            self.memberships + other.memberships, self.audience + other.audience, self.already + other.already, reasons
        )


NOBODY = AudienceReport(0, 0, 0, {})
