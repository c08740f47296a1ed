"""The figures of a campaign in words: those people ask for first, and the funnel."""

from collections.abc import Sequence
from typing import Any

from crm_domain.modules.campaigns.figures import Figures
from crm_storage.marketing.responses import Run
from crm_web.campaigns.frame import number, percent
from crm_web.campaigns.links import PublicLink
from crm_web.visit import Visit


def kpis(visit: Visit, figures: Figures) -> list[dict[str, str]]:
    """The figures people ask for first, each with the share it is of what."""

    def kpi(key: str, value: int, rate: Any, **more: str) -> dict[str, str]:
        told = visit.text(f"campaign_status_page.{key}_rate", rate=percent(visit, rate), **more)
        return {"label": visit.text(f"campaign_status_page.{key}"), "figure": number(visit, value), "help": told}

    return [
        kpi("delivered", figures.delivered, figures.delivery_rate),
        kpi("opened", figures.opened, figures.open_rate, inclusive=percent(visit, figures.open_rate_inclusive)),
        kpi("clicked", figures.clicked, figures.click_rate, of_opened=percent(visit, figures.click_to_open)),
        kpi(
            "bounced",
            figures.bounced,
            figures.bounce_rate,
            hard=number(visit, figures.hard),
            other=number(visit, figures.other),
        ),
        kpi("removed", figures.removed, figures.removal_rate),
        kpi("complaints", figures.complaints, figures.complaint_rate),
    ]


def kpis_unmailed(visit: Visit, figures: Figures, links: Sequence[PublicLink]) -> list[dict[str, str]]:
    """Of a campaign that sends no mail: whom it reached, who followed its links, what became of it."""
    followed = sum(link.visits for link in links), sum(link.visitors for link in links)
    return [
        {
            "label": visit.text("campaign_status_page.targeted"),
            "figure": number(visit, figures.attempted),
            "help": visit.text("campaign_status_page.marked"),
        },
        {
            "label": visit.text("public_links.visits"),
            "figure": number(visit, followed[0]),
            "help": visit.text("public_links.by_visitors", number=number(visit, followed[1])),
        },
        {
            "label": visit.text("campaign_status_page.leads"),
            "figure": number(visit, figures.leads),
            "help": visit.text("public_links.brought"),
        },
    ]


def funnel(visit: Visit, figures: Figures, live: list[Run]) -> list[tuple[str, str, float]]:
    """From those meant to those who became leads: label, figure, height in hundredths."""
    meant = max(sum(run.total for run in live), figures.attempted)
    steps = (
        ("targeted", meant),
        ("delivered", figures.delivered),
        ("opened", figures.opened),
        ("clicked", figures.clicked),
        ("leads", figures.leads),
    )
    return [
        (visit.text(f"campaign_status_page.{key}"), number(visit, value), round(100 * value / meant, 1) if meant else 0)
        for key, value in steps
    ]
