"""The steps by which a campaign is set up: which there are for its kind, what each holds, and how far one has come."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from crm_domain.modules.email_marketing import EmailMarketing
from crm_domain.modules.marketing_options import CAMPAIGN_TYPES, MAILED_TYPES
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row, Sort
from crm_web.campaigns.frame import MOST_MAILINGS
from crm_web.reach import one
from crm_web.visit import Visit

OTHERS: Final = tuple(option.key for option in CAMPAIGN_TYPES.items if option.key not in MAILED_TYPES)
KINDS: Final[Mapping[str, Sequence[str]]] = {"newsletter": ("newsletter",), "email": ("email",), "other": OTHERS}
"""What one chooses between first, with the types of campaign behind each."""
MAILED: Final = ("header", "money", "lists", "links", "template", "mailing", "summary")
UNMAILED: Final = ("header", "money", "lists", "links", "summary")
HEADER: Final = (
    "name", "status", "campaign_type", "frequency", "start_date", "end_date", "assigned_to", "consent_policy", "description",
)  # fmt: skip
MONEY: Final = ("budget", "impressions", "expected_cost", "actual_cost", "expected_revenue", "objective")
LEFT_OUT: Final[Mapping[str, Sequence[str]]] = {
    "newsletter": ("campaign_type",),
    "email": ("campaign_type", "frequency"),
    "other": ("frequency", "consent_policy"),
}
"""What one kind's first step does not ask."""
PANELS: Final = {"lists": "target_lists", "links": "tracker_urls"}
"""Steps that are a panel of the campaign's own page."""


class Progress(msgspec.Struct, frozen=True):
    """How far a campaign has come; without a `row` it has not begun. `mailing` is the one being prepared, or the newest."""

    kind: str
    row: Row | None = None
    money: bool = False
    lists: int = 0
    links: int = 0
    mailing: Row | None = None

    @property
    def draft(self) -> Row | None:
        """The mailing, while it may still be written."""
        return self.mailing if self.mailing and self.mailing["run_state"] == "draft" else None

    @property
    def editable(self) -> bool:
        """Whether there is a mailing to write, or still none."""
        return self.mailing is None or self.draft is not None

    def done(self, step: str) -> bool:
        """Whether the step holds what it is for; the last one is never over."""
        held = {
            "header": self.row is not None,
            "money": self.money,
            "lists": self.lists > 0,
            "links": self.links > 0,
            "template": self.mailing is not None,
            "mailing": self.mailing is not None,
        }
        return held.get(step, False)


def kind_of(type_: str) -> str:
    return type_ if type_ in MAILED_TYPES else "other"


def steps_of(kind: str) -> Sequence[str]:
    return UNMAILED if kind == "other" else MAILED


def header_keys(kind: str) -> Sequence[str]:
    return [key for key in HEADER if key not in LEFT_OUT[kind]]


async def progress(visit: Visit, row: Row) -> Progress:
    """Of a campaign within the reader's reach."""
    return Progress(
        kind=kind_of(row["campaign_type"]),
        row=row,
        money=any(row[key] is not None for key in MONEY if key != "objective"),
        lists=await _number(visit, row.id, PANELS["lists"]),
        links=await _number(visit, row.id, PANELS["links"]),
        mailing=await _mailing(visit, row.id),
    )


def next_step(found: Progress) -> str:
    """Where to go on: the first step that a mailing cannot do without, else the end."""
    needed = [step for step in steps_of(found.kind) if step in ("lists", "template")]
    return next((step for step in needed if not found.done(step)), "summary")


def stepper(visit: Visit, found: Progress, now: str) -> list[dict[str, Any]]:
    """The steps as the head of the page shows them; those of a campaign that is there already are links."""
    return [
        {
            "label": visit.text(f"campaign_wizard.step.{step}"),
            "href": f"/campaigns/{found.row.id}/wizard/{step}" if found.row else "",
            "now": step == now,
            "done": found.done(step),
        }
        for step in steps_of(found.kind)
    ]


async def _number(visit: Visit, campaign: UUID, key: str) -> int:
    if not visit.access.can(key, "list"):
        return 0
    relation = visit.work.relation("campaigns", key)
    query = ListQuery(columns=("name",), limit=1, counted=True)
    return (await visit.work.store.related(relation, campaign, query)).count.number


async def _mailing(visit: Visit, campaign: UUID) -> Row | None:
    if not visit.access.can("email_marketing", "list"):
        return None
    module = visit.work.module(EmailMarketing)
    query = ListQuery(
        filter=Condition("campaign", "eq", campaign),
        columns=("name", "run_state"),
        sort=(Sort("created_at", descending=True),),
        limit=MOST_MAILINGS,
    )
    rows = (await visit.work.store.page(module, query)).rows
    chosen = next((row for row in rows if row["run_state"] == "draft"), rows[0] if rows else None)
    return await one(visit, module, chosen.id) if chosen else None
