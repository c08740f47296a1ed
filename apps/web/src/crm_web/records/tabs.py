"""What single modules add to the tabs of a record's page."""

from collections.abc import Callable, Mapping
from typing import Any

from crm_domain.definition import Module
from crm_domain.modules.marketing_options import MAILED_TYPES
from crm_domain.modules.purchases import BOUGHT
from crm_domain.query.page import Row
from crm_web.campaigns.newsletters import manageable
from crm_web.records.actions import on_paper
from crm_web.visit import Visit

Tab = tuple[str, str, str]
"""Key, label, address."""


def campaign_tabs(visit: Visit, row: Row) -> list[Tab]:
    """Its mailings, its links for elsewhere, what came of it, what it earned; the queue where mail is sent."""
    mailed = row["campaign_type"] in MAILED_TYPES
    names = ("send", "links", "status", "roi", "queue") if mailed else ("links", "status", "roi")
    return [(name, visit.text(f"campaigns.view_{name}"), f"/campaigns/{row.id}/{name}") for name in names]


def mailing_tabs(visit: Visit, row: Row) -> list[Tab]:
    """The way to send it, for who may."""
    if not visit.access.special("send_campaigns"):
        return []
    return [("send", visit.text("mailing.send"), f"/email_marketing/{row.id}/send")]


def project_tabs(visit: Visit, row: Row) -> list[Tab]:
    """Its plan over time, and who has how much to do."""
    if not visit.access.can("project_tasks", "list"):
        return []
    return [(name, visit.text(f"gantt.{name}"), f"/projects/{row.id}/{name}") for name in ("gantt", "load")]


def employee_tabs(visit: Visit, row: Row) -> list[Tab]:
    """His place among all the others."""
    return [("chart", visit.text("org.title"), f"/employees/{row.id}/chart")]


def list_tabs(visit: Visit, row: Row) -> list[Tab]:
    """How it keeps itself, for who may change it."""
    if not visit.access.can("target_lists", "edit"):
        return []
    return [("rules", visit.text("list_rules.title"), f"/target_lists/{row.id}/rules")]


def web_form_tabs(visit: Visit, row: Row) -> list[Tab]:
    """What it asks, where it stands, what came of it."""
    names = ["publish"]
    if visit.access.can("web_forms", "edit"):
        names.insert(0, "fields")
    if visit.access.can(row["makes"] or "leads", "list"):
        names.append("submissions")
    return [(name, visit.text(f"web_forms.tab.{name}"), f"/web_forms/{row.id}/{name}") for name in names]


def catalogue_tabs(visit: Visit, row: Row) -> list[Tab]:
    """What it offers today."""
    if not visit.access.can("products", "list"):
        return []
    return [("sheet", visit.text("catalogues.sheet"), f"/catalogues/{row.id}/sheet")]


def account_tabs(visit: Visit, row: Row) -> list[Tab]:
    """What it bought."""
    return _purchases(visit, f"/accounts/{row.id}")


def product_tabs(visit: Visit, row: Row) -> list[Tab]:
    """Who bought it."""
    return _purchases(visit, f"/products/{row.id}")


def _purchases(visit: Visit, url: str) -> list[Tab]:
    """For who may see a document that tells of them."""
    if not any(visit.access.can(module, "list") for module, _, _ in BOUGHT):
        return []
    return [("purchases", visit.text("purchases.title"), f"{url}/purchases")]


def report_tabs(visit: Visit, row: Row) -> list[Tab]:
    """What it asks, for whoever may change it or keep it changed under another name; when it is mailed, for whoever may take it."""
    found = [("build", visit.text("reports.build"), f"/reports/{row.id}/build")]
    found = found if visit.access.can("reports", "create") else []
    if visit.access.can(str(row["base"]), "export"):
        found.append(("schedules", visit.text("reports.schedule.tab"), f"/reports/{row.id}/schedules"))
    return found


TABS: Mapping[str, Callable[[Visit, Row], list[Tab]]] = {
    "reports": report_tabs,
    "accounts": account_tabs,
    "products": product_tabs,
    "catalogues": catalogue_tabs,
    "campaigns": campaign_tabs,
    "email_marketing": mailing_tabs,
    "projects": project_tabs,
    "employees": employee_tabs,
    "web_forms": web_form_tabs,
    "target_lists": list_tabs,
}


def special_tabs(visit: Visit, module: Module[Any], row: Row) -> list[Tab]:
    """The module's own pages about a record, and its document where it has one."""
    make = TABS.get(module.key)
    tabs = make(visit, row) if make else []
    if manageable(visit, module):
        tabs.append(("subscriptions", visit.text("subscriptions.title"), f"/{module.key}/{row.id}/subscriptions"))
    if on_paper(visit, module):
        tabs.append(("paper", visit.text("papers.tab"), f"/{module.key}/{row.id}/paper"))
    return tabs
