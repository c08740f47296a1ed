"""What single modules add to the generic pages: actions and panels on the record page, hints beside a form."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from crm_domain.definition import Module, kinds
from crm_domain.modules.blocks.parents import EMAIL_PARTNERS
from crm_domain.modules.knowledge.suggest import suggest
from crm_domain.modules.marketing_options import MAILED_TYPES
from crm_domain.modules.pdf_templates import PAPER_MODULES
from crm_domain.query.page import Row
from crm_web.newsletters import manageable
from crm_web.visit import Visit


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do with a record: a page to go to or, with `post`, a form that is only a button."""

    label: str
    url: str
    icon: str
    post: bool = False
    tucked: bool = False
    """In the menu rather than beside it."""
    leading: bool = True
    """Whether it, rather than editing, is what the page leads to."""


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the record page at `/<module>/<id>/<key>`, worded `<module>.<key>`, loaded when it comes into view."""

    key: str
    instead_of: str = ""
    """The relation it shows, which then is no subpanel."""


class Hint(msgspec.Struct, frozen=True):
    """Something that may help with what is being typed."""

    label: str
    url: str
    detail: str = ""


def lead_actions(visit: Visit, row: Row) -> list[Action]:
    """Converting, once."""
    if row["converted"]:
        return []
    return [Action(label=visit.text("leads.convert"), url=f"/leads/{row.id}/convert", icon="arrow-right-left")]


def case_actions(visit: Visit, row: Row) -> list[Action]:
    """Reporting what the case has shown to be wrong with the product."""
    if not visit.access.can("bugs", "create"):
        return []
    return [
        Action(label=visit.text("cases.report_bug"), url=f"/cases/{row.id}/bug", icon="bug", post=True, tucked=True)
    ]


async def case_hints(visit: Visit, values: Mapping[str, Any]) -> list[Hint]:
    """Articles that may answer the subject."""
    articles = [found.article for found in await suggest(visit.work, values.get("name") or "")]
    return [Hint(row["name"], f"/knowledge_articles/{row.id}") for row in articles]


def quote_actions(visit: Visit, row: Row) -> list[Action]:
    """What becomes of a quote; an older edition only stands for what it said."""
    if not row["is_latest"]:
        return []
    url, made = f"/quotes/{row.id}", [("contract", "contracts", "file-signature"), ("invoice", "invoices", "banknote")]
    found = [
        Action(label=visit.text(f"quotes.make_{name}"), url=f"{url}/{name}", icon=icon, post=True, tucked=True)
        for name, module, icon in made
        if visit.access.can(module, "create")
    ]
    if row["opportunity"] is None and visit.access.can("opportunities", "create"):
        label = visit.text("quotes.make_opportunity")
        found.append(Action(label=label, url=f"{url}/opportunity", icon="target", post=True, tucked=True))
    if row["stage"] != "draft":
        found.append(Action(label=visit.text("quotes.revise"), url=f"{url}/revise", icon="copy-plus", post=True))
    return found


def contract_actions(visit: Visit, row: Row) -> list[Action]:
    """Going on with it for as long again."""
    if not (row["starts_on"] and row["ends_on"]) or not visit.access.can("contracts", "create"):
        return []
    return [
        Action(
            label=visit.text("contracts.renew"), url=f"/contracts/{row.id}/renew", icon="repeat", post=True, tucked=True
        )
    ]


def target_actions(visit: Visit, row: Row) -> list[Action]:
    """Becoming a lead, once."""
    if row["converted"] or not visit.access.can("leads", "create"):
        return []
    return [Action(label=visit.text("targets.convert"), url=f"/targets/{row.id}/convert", icon="arrow-right-left")]


def template_actions(visit: Visit, row: Row) -> list[Action]:
    """Writing it beside its preview."""
    return [
        Action(label=visit.text("email_templates.editor"), url=f"/email_templates/{row.id}/editor", icon="panel-right")
    ]


def pdf_template_actions(visit: Visit, row: Row) -> list[Action]:
    """Writing it beside a document made of it."""
    return [Action(label=visit.text("pdf_templates.editor"), url=f"/pdf_templates/{row.id}/editor", icon="panel-right")]


def campaign_actions(visit: Visit, row: Row) -> list[Action]:
    """Sending, where it has mailings."""
    if row["campaign_type"] not in MAILED_TYPES or not visit.access.special("send_campaigns"):
        return []
    return [Action(label=visit.text("mailing.send"), url=f"/campaigns/{row.id}/send", icon="send")]


def mailing_actions(visit: Visit, row: Row) -> list[Action]:
    """Sending, with everything to know before."""
    if not visit.access.special("send_campaigns"):
        return []
    return [Action(label=visit.text("mailing.send"), url=f"/email_marketing/{row.id}/send", icon="send")]


def web_form_actions(visit: Visit, row: Row) -> list[Action]:
    """Choosing what it asks."""
    return [Action(label=visit.text("web_forms.arrange"), url=f"/web_forms/{row.id}/fields", icon="list-checks")]


def letter_actions(visit: Visit, row: Row) -> list[Action]:
    """Reading it where it can be answered."""
    return [Action(label=visit.text("my_mail.open"), url=f"/mail/{row.id}", icon="mail-open")]


def project_actions(visit: Visit, row: Row) -> list[Action]:
    """Keeping its plan for the next one of its kind."""
    if not all(visit.access.can(key, "create") for key in ("project_templates", "project_template_tasks")):
        return []
    label = visit.text("project_templates.save")
    return [
        Action(label=label, url=f"/projects/{row.id}/template", icon="folder-tree", post=True, tucked=True),
    ]


def project_template_actions(visit: Visit, row: Row) -> list[Action]:
    """Making a project of it."""
    return [
        Action(label=action.label, url=f"{action.url}?template={row.id}", icon=action.icon)
        for action in from_template(visit)
    ]


def from_template(visit: Visit) -> list[Action]:
    """A project planned beforehand, for whom may make one."""
    rights = (("project_templates", "list"), ("projects", "create"), ("project_tasks", "create"))
    if not all(visit.access.can(*right) for right in rights):
        return []
    label = visit.text("project_templates.use")
    return [Action(label=label, url="/projects/from_template", icon="folder-tree")]


def user_actions(visit: Visit, row: Row) -> list[Action]:
    """What lets a colleague in."""
    if not visit.access.special("manage_users"):
        return []
    return [Action(label=visit.text("admin.access"), url=f"/admin/people/{row.id}", icon="key-round")]


ACTIONS: Mapping[str, Callable[[Visit, Row], list[Action]]] = {
    "leads": lead_actions,
    "cases": case_actions,
    "quotes": quote_actions,
    "contracts": contract_actions,
    "targets": target_actions,
    "email_templates": template_actions,
    "pdf_templates": pdf_template_actions,
    "campaigns": campaign_actions,
    "email_marketing": mailing_actions,
    "emails": letter_actions,
    "web_forms": web_form_actions,
    "users": user_actions,
    "projects": project_actions,
    "project_templates": project_template_actions,
}
LIST_ACTIONS: Mapping[str, Callable[[Visit], list[Action]]] = {"projects": from_template}
PANELS: Mapping[str, tuple[Panel, ...]] = {
    "cases": (Panel(key="thread", instead_of="updates"), Panel(key="suggestions"))
}
HINTS: Mapping[str, Callable[[Visit, Mapping[str, Any]], Awaitable[list[Hint]]]] = {"cases": case_hints}


Tab = tuple[str, str, str]
"""Key, label, address."""


def campaign_tabs(visit: Visit, row: Row) -> list[Tab]:
    """Its mailings, what came of it, what it earned; the queue where mail is sent."""
    names = ("send", "status", "roi", "queue") if row["campaign_type"] in MAILED_TYPES else ("status", "roi")
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


TABS: Mapping[str, Callable[[Visit, Row], list[Tab]]] = {
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
    if _on_paper(visit, module):
        tabs.append(("paper", visit.text("papers.tab"), f"/{module.key}/{row.id}/paper"))
    return tabs


def _on_paper(visit: Visit, module: Module[Any]) -> bool:
    return module.key in PAPER_MODULES and visit.access.can(module.key, "print")


def special_actions(visit: Visit, module: Module[Any], row: Row) -> list[Action]:
    """The module's own actions on a record, and its document where it has one."""
    make = ACTIONS.get(module.key)
    actions = make(visit, row) if make else []
    if _on_paper(visit, module):
        url = f"/{module.key}/{row.id}/pdf"
        actions.append(Action(label=visit.text("papers.open"), url=url, icon="file-down", tucked=True))
    return [*actions, *_letters(visit, module, row)]


def list_actions(visit: Visit, module: Module[Any]) -> list[Action]:
    """The module's own ways to new records, in the menu of its list."""
    make = LIST_ACTIONS.get(module.key)
    return make(visit) if make else []


def _letters(visit: Visit, module: Module[Any], row: Row) -> list[Action]:
    """Writing to whoever the record is about, and the address by which letters get into its files."""
    if module.key not in EMAIL_PARTNERS or not visit.access.can("emails", "create"):
        return []
    has_address = any(row.values.get(field.key) for field in module.fields if isinstance(field, kinds.Emails))
    write, archive = visit.text("my_mail.write"), visit.text("my_mail.archive")
    return [
        Action(
            label=write,
            url=f"/mail/compose?record={module.key}.{row.id}",
            icon="mail",
            tucked=not has_address,
            leading=False,
        ),
        Action(label=archive, url=f"/mail/archive/{module.key}/{row.id}", icon="archive", tucked=True),
    ]


def special_panels(module: Module[Any]) -> tuple[Panel, ...]:
    """The module's own parts of the record page, above its subpanels."""
    return PANELS.get(module.key, ())


async def special_hints(visit: Visit, module: Module[Any], values: Mapping[str, Any]) -> list[Hint]:
    """What may help with a record of these values while it is being typed."""
    find = HINTS.get(module.key)
    return await find(visit, values) if find else []
