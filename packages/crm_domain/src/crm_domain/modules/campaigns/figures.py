"""What became of a mailing, counted: the numbers behind View Status and the rates made of them.

Only live mails to people count; seeds and tests stand apart. A rate without a divisor is None and shown as a dash.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

import msgspec

from crm_domain.definition import Options, option

ACTIVITIES = Options(
    "campaign_log_activity",
    (
        option("targeted", hue="blue"),
        option("viewed", hue="violet"),
        option("link", hue="teal"),
        option("removed", hue="amber"),
        option("invalid", hue="red", aliases=("invalid email",)),
        option("send_error", hue="rose", aliases=("send error",)),
        option("blocked"),
        option("lead", hue="green"),
        option("contact", hue="green"),
        option("complaint", hue="red"),
        option("replied", hue="teal"),
        option("resubscribed", hue="green"),
    ),
    fixed=True,
)
BARS = ("targeted", "viewed", "link", "removed", "invalid", "send_error", "blocked", "lead", "contact")
"""The activities of the chart, in its order."""
PEOPLE_OPEN = ("human", "image_proxy", "implied")
"""Who opened it, where an open means that somebody read: an image proxy fetches for a reader."""
PRIVACY_PROXY = "proxy_open"
COUNTED = "default"
"""The class of recipients that the figures are about."""


class Sum(msgspec.Struct, frozen=True):
    """One line of the counters: what, of whom, by whom; how many rows of the log, and how many hits they stand for."""

    activity: str
    module: str
    recipients: str
    via: str
    rows: int
    hits: int


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The counting sets of one marketing record, or of a whole campaign."""

    attempted: int = 0
    uncertain: int = 0
    hard: int = 0
    other: int = 0
    blocked: int = 0
    opened: int = 0
    opens: int = 0
    proxied: int = 0
    clicked: int = 0
    pairs: int = 0
    clicks: int = 0
    machines: int = 0
    removed: int = 0
    complaints: int = 0
    replies: int = 0
    leads: int = 0
    contacts: int = 0

    @property
    def bounced(self) -> int:
        return self.hard + self.other

    @property
    def delivered(self) -> int:
        """Attempted and neither returned nor of unknown fate."""
        return max(self.attempted - self.bounced - self.uncertain, 0)

    @property
    def delivery_rate(self) -> Fraction | None:
        return ratio(self.delivered, self.attempted)

    @property
    def bounce_rate(self) -> Fraction | None:
        return ratio(self.bounced, self.attempted)

    @property
    def open_rate(self) -> Fraction | None:
        """Of those whose mail program tells: people behind a privacy proxy count neither as readers nor as others."""
        return ratio(self.opened, self.delivered - self.proxied)

    @property
    def open_rate_inclusive(self) -> Fraction | None:
        """With every privacy proxy taken for a reader."""
        return ratio(self.opened + self.proxied, self.delivered)

    @property
    def click_rate(self) -> Fraction | None:
        return ratio(self.clicked, self.delivered)

    @property
    def click_to_open(self) -> Fraction | None:
        return ratio(self.clicked, self.opened)

    @property
    def removal_rate(self) -> Fraction | None:
        return ratio(self.removed, self.delivered)

    @property
    def complaint_rate(self) -> Fraction | None:
        return ratio(self.complaints, self.delivered)

    @property
    def lead_rate(self) -> Fraction | None:
        return ratio(self.leads, self.delivered)


def ratio(part: int, whole: int) -> Fraction | None:
    """None where there is nothing to divide by."""
    return Fraction(part, whole) if whole > 0 else None


def figures(sums: Iterable[Sum], *, uncertain: int) -> Figures:
    """The figures of live recipients; `uncertain` is how many mails' fate is unknown."""
    counted = [item for item in sums if item.recipients == COUNTED]

    def rows(activity: str, *via: str) -> int:
        return sum(item.rows for item in counted if item.activity == activity and (not via or item.via in via))

    def hits(activity: str, *via: str) -> int:
        return sum(item.hits for item in counted if item.activity == activity and item.via in via)

    return Figures(
        attempted=rows("targeted"),
        uncertain=uncertain,
        hard=rows("invalid"),
        other=rows("send_error"),
        blocked=rows("blocked"),
        opened=rows("viewed", *PEOPLE_OPEN),
        opens=hits("viewed", *PEOPLE_OPEN),
        proxied=rows("viewed", PRIVACY_PROXY),
        clicked=rows("clicked", "human"),
        pairs=rows("link", "human"),
        clicks=hits("link", "human"),
        machines=rows("link") - rows("link", "human"),
        removed=rows("removed"),
        complaints=rows("complaint"),
        replies=rows("replied"),
        leads=rows("lead"),
        contacts=rows("contact"),
    )


def bars(sums: Iterable[Sum]) -> Mapping[str, Mapping[str, int]]:
    """The chart: for each activity in order, how many people of each module."""
    found: dict[str, dict[str, int]] = {activity: {} for activity in BARS}
    for item in sums:
        if item.recipients != COUNTED or item.activity not in found or not _of_people(item):
            continue
        modules = found[item.activity]
        modules[item.module] = modules.get(item.module, 0) + item.rows
    return found


def _of_people(item: Sum) -> bool:
    """Machines that open and follow links are no response."""
    match item.activity:
        case "viewed":
            return item.via in PEOPLE_OPEN
        case "link":
            return item.via == "human"
        case _:
            return True
