"""Which pages there are, and what must hold for each: found in the modules, so that a new one is walked without new code."""

import re
from functools import cache
from typing import Any

from playwright.sync_api import Page

from crm_domain.definition import Module
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules import REGISTRY
from crm_ui.static import DIST, Assets

WIDE, PHONE, NARROW = 1440, 390, 360
GENERAL = (
    "/", "/search?q=a", "/recent", "/favourites", "/notifications", "/settings", "/calendar/settings",
    "/settings/notifications", "/settings/password", "/settings/sessions", "/settings/tokens", "/settings/second_factor", "/admin/security",
    "/settings/signature", "/admin", "/admin/organisation", "/admin/people", "/admin/roles", "/admin/roles/new", "/admin/teams",
    "/admin/search", "/admin/keeping", "/admin/backups", "/admin/support", "/admin/cases", "/admin/single_sign_on",
    "/admin/suppressions", "/admin/sending", "/admin/jobs", "/admin/mail", "/calendar", "/calendar?view=week", "/calendar?view=year",
    "/admin/hours", "/mail", "/mail/compose", "/help",
    "/reports/ready", "/reports/ready/forecast_by_month", "/reports/ready/leads_by_owner", "/reports/new",
    "/admin/studio", "/admin/studio/menu",
    "/admin/studio/modules/leads/labels", "/admin/studio/modules/leads/fields", "/admin/studio/modules/leads/fields/new",
    "/admin/studio/modules/leads/layout", "/admin/studio/lists", "/admin/studio/lists/sales_stage", "/admin/studio/changes", "/admin/audit",
    "/admin/sending/setup", "/admin/conversion", "/campaigns/wizard", "/campaigns/wizard/email",
)  # fmt: skip
OWN: dict[str, tuple[tuple[str, str], ...]] = {
    "leads": (("?open=1", "convert"), ("?all=1&filter[status][eq]=converted", "converted")),
    "campaigns": (("?all=1", "links"), ("?all=1&filter[status][eq]=planning", "wizard")),
    "outbound_accounts": (("?all=1", "standing"),),
    "projects": (("?all=1", "gantt"), ("?all=1", "load")),
    "catalogues": (("?all=1", "sheet"),),
    "knowledge_revisions": (("?all=1", "changes"),),
    "mailboxes": (("?all=1", "/mail/consent/"),),
    "reports": (("?all=1", "build"), ("?all=1", "schedules")),
    "target_lists": (("?all=1", "rules"),),
    "users": (("?all=1", "hand_over"),),
}
"""Pages that records of one module alone have: the question of the list whose first record has it, and its name, or the
start of an address that its id ends."""
SERIOUS = ("serious", "critical")
PERSIAN = re.compile("[\u0600-\u065f\u066e-\u06ef]")
AXE = "(rules) => axe.run(document, {resultTypes: ['violations'], preload: false, ...rules}).then((r) => r.violations)"
TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set([document.title, ...[...document.querySelectorAll('[aria-label]')].map((e) => e.getAttribute('aria-label'))]);
  while (walker.nextNode()) found.add(walker.currentNode.data.trim());
  return [...found];
}"""
OWN_TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest('[lang]').lang === document.documentElement.lang) found.push(walker.currentNode.data.trim());
  }
  return found;
}"""


def pages_of(module: Module[Any]) -> dict[str, bool]:
    """A module's own pages, and whether each differs so much from other modules' that axe looks at it every time."""
    key = module.key
    first = key == next(iter(REGISTRY.modules))
    board = {f"/{key}?mode=board": True} if module.layout.board else {}
    filtering = {f"/{key}/filter": True} if first else {}
    changing = {} if module.closed_to(admin=True) else {f"/{key}/new": True, f"/{key}/trash": first}
    return {f"/{key}": True, **changing, **board, **filtering} | dict.fromkeys(
        (f"/{key}?q=zzzzzz", f"/{key}/print", f"/help/{key}"), first
    )


def record_pages(page: Page, module: Module[Any]) -> dict[str, bool]:
    """The same for the pages of the first record; `page` is on the list."""
    path = _first(page, module)
    if not path:
        return {}
    first = module.key == next(iter(REGISTRY.modules))
    changing = {} if module.closed_to(admin=True) else {f"{path}/edit": first}
    usual = {path: True, **changing} | dict.fromkeys((f"{path}/history", f"{path}/print"), first)
    return usual | dict.fromkeys(_own_pages(page, module), True)


def _own_pages(page: Page, module: Module[Any]) -> list[str]:
    found: list[str] = []
    for question, name in OWN.get(module.key, ()):
        page.goto(f"/{module.key}{question}")
        path = _first(page, module)
        assert path, f"no record of {module.key} has a page {name}"
        found.append(f"{name}{path.rpartition('/')[2]}" if name.startswith("/") else f"{path}/{name}")
    return found


def _first(page: Page, module: Module[Any]) -> str:
    """The address of the first record of the list."""
    link = page.locator(f"a.name[href^='/{module.key}/']").first
    return str(link.get_attribute("href")) if link.count() else ""


def keep_short(page: Page) -> None:
    """Twenty rows a page from now on, by the list's own settings: looking at more of the same tells nothing new."""
    page.locator("#columns select[name=size]").evaluate("(choice) => { choice.value = '20'; }")
    with page.expect_navigation():
        page.locator("#columns form .btn.primary").last.evaluate("(button) => button.click()")


@cache
def axe_source() -> str:
    return (DIST / Assets().url("axe.min.js").rpartition("/")[2]).read_text("utf-8")


@cache
def words() -> frozenset[str]:
    """First segments of all message ids: a text `segment.rest` on a page is a message that is missing."""
    return frozenset(id_.partition(".")[0] for id_ in catalogue("en").ids()) | frozenset(REGISTRY.modules)


def barriers(page: Page, *rules: str) -> list[str]:
    """What axe finds serious, with all rules or only these."""
    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    found = page.evaluate(AXE, only)
    return [
        f"{one['id']}: {node['html'][:200]}" for one in found if one["impact"] in SERIOUS for node in one["nodes"][:3]
    ]


def unworded(page: Page) -> list[str]:
    """Texts that are bare message ids; the hosts of demo data, all under `.example`, only look like some."""
    shaped = [text for text in page.evaluate(TEXTS) if re.fullmatch(r"[a-z_]+(\.[a-z0-9_*]+)+", text)]
    return [text for text in shaped if text.partition(".")[0] in words() and not text.endswith(".example")]


def foreign(page: Page) -> list[str]:
    """Persian texts that are not marked as such."""
    return [text for text in page.evaluate(OWN_TEXTS) if PERSIAN.search(text)]


def sideways(page: Page) -> int:
    """By how many pixels the page scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
