"""What single modules add to the generic pages: actions and panels on the record page, hints beside a form."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from crm_domain.definition import Module
from crm_domain.modules.knowledge.suggest import suggest
from crm_domain.query.page import Row
from crm_web.visit import Visit


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do with a record: a page to go to or, with `post`, a form that is only a button."""

    label: str
    url: str
    icon: str
    post: bool = False
    tucked: bool = False
    """In the menu rather than beside it."""


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


ACTIONS: Mapping[str, Callable[[Visit, Row], list[Action]]] = {
    "leads": lead_actions,
    "cases": case_actions,
    "quotes": quote_actions,
    "contracts": contract_actions,
}
PANELS: Mapping[str, tuple[Panel, ...]] = {
    "cases": (Panel(key="thread", instead_of="updates"), Panel(key="suggestions"))
}
HINTS: Mapping[str, Callable[[Visit, Mapping[str, Any]], Awaitable[list[Hint]]]] = {"cases": case_hints}


def special_actions(visit: Visit, module: Module[Any], row: Row) -> list[Action]:
    """The module's own actions on a record."""
    make = ACTIONS.get(module.key)
    return make(visit, row) if make else []


def special_panels(module: Module[Any]) -> tuple[Panel, ...]:
    """The module's own parts of the record page, above its subpanels."""
    return PANELS.get(module.key, ())


async def special_hints(visit: Visit, module: Module[Any], values: Mapping[str, Any]) -> list[Hint]:
    """What may help with a record of these values while it is being typed."""
    find = HINTS.get(module.key)
    return await find(visit, values) if find else []
