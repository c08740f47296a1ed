"""The roles a tenant starts with. They are copied into the tenant and may be changed there."""

from collections.abc import Mapping

import msgspec

from crm_domain.access.rights import ACTIONS, SCOPELESS, SPECIALS, Scope

Grants = Mapping[str, Mapping[str, Scope]]
SALES = ("accounts", "contacts", "leads", "opportunities")
ACTIVITIES = (
    "tasks",
    "calls",
    "meetings",
    "invitees",
    "notes",
    "documents",
    "document_revisions",
    "projects",
    "project_tasks",
    "project_templates",
    "project_template_tasks",
)
"""What everybody who works on records writes about them."""
LETTERS = ("emails", "mailboxes")
"""Everybody's own post, and his team's."""
MARKETING = ("campaigns", "targets", "target_lists", "email_templates", "email_marketing", "tracker_urls", "web_forms")
SENDERS = ("outbound_accounts", "bounce_accounts")
SERVICE = ("cases", "case_updates", "bugs")
SELLING = ("quotes", "invoices", "contracts")
PRICE_LIST = ("products", "product_categories", "catalogues", "pdf_templates", "text_blocks")
KNOWLEDGE = ("knowledge_articles", "knowledge_categories", "knowledge_revisions", "releases", "canned_replies")
DIRECTORY: Grants = {
    module: {"list": Scope.ALL, "view": Scope.ALL}
    for module in ("users", "teams", "currencies", "tax_rates", "employees", "feeds", "feed_items")
}
"""Everybody may see who works here and in which money, without which no record can be assigned or read; and the news."""
BULK = ("import", "export", "mass_update", "merge")


class ShippedRole(msgspec.Struct, frozen=True):
    """`key` words the name by the message `roles.shipped.<key>`."""

    key: str
    grants: Grants
    specials: frozenset[str] = frozenset()


def _all(*, without: tuple[str, ...] = ()) -> Mapping[str, Scope]:
    return {action: Scope.ALL for action in ACTIONS if action not in without}


def _grants(reading: Scope, changing: Scope, deleting: Scope = Scope.NONE) -> Mapping[str, Scope]:
    """Ordinary work without the actions on many records."""
    named = {"list": reading, "view": reading, "print": reading, "edit": changing, "delete": deleting}
    return {**named, "create": Scope.ALL if changing else Scope.NONE}


def _on(modules: tuple[str, ...], actions: Mapping[str, Scope]) -> Grants:
    return dict.fromkeys(modules, actions)


def _asked(changing: Scope) -> Grants:
    """Service as salespeople meet it: they see what their customers ask, hand it in and answer their own."""
    return {
        **_on(SERVICE, _grants(Scope.ALL, changing)),
        **_on(KNOWLEDGE, _grants(Scope.ALL, Scope.NONE)),
    }


NEWS = _on(("feeds",), _grants(Scope.ALL, Scope.OWN, Scope.OWN))
"""Who works on records adds feeds of his own."""
REPORTING = _on(("reports",), _grants(Scope.ALL, Scope.OWN, Scope.OWN))
"""Everybody asks of what he may see; a report of a colleague shows him his own figures."""


def _role(key: str, *grants: Grants, specials: frozenset[str] = frozenset()) -> ShippedRole:
    post = _on(LETTERS, _grants(Scope.TEAM, Scope.TEAM, Scope.OWN))
    merged: dict[str, Mapping[str, Scope]] = {**DIRECTORY, **post}
    for part in grants:
        merged.update(part)
    return ShippedRole(key, merged, specials)


SHIPPED_ROLES: tuple[ShippedRole, ...] = (
    ShippedRole("administrator", {"*": _all()}, frozenset(SPECIALS)),
    _role(
        "sales_manager",
        NEWS,
        REPORTING,
        _on((*SALES, *SELLING, *PRICE_LIST, *ACTIVITIES), _all()),
        _on(MARKETING, _grants(Scope.ALL, Scope.NONE)),
        _on(("target_lists",), _all()),
        _asked(Scope.ALL),
        specials=frozenset({"shared_views"}),
    ),
    _role(
        "sales_rep",
        NEWS,
        REPORTING,
        _on((*SALES, *SELLING, *ACTIVITIES), {**_grants(Scope.TEAM, Scope.OWN, Scope.OWN), "export": Scope.OWN}),
        _on(("campaigns", *PRICE_LIST), _grants(Scope.ALL, Scope.NONE)),
        _on(("target_lists",), _grants(Scope.ALL, Scope.OWN)),
        _asked(Scope.OWN),
    ),
    _role(
        "marketing",
        NEWS,
        REPORTING,
        _on(("contacts", "leads"), {**_grants(Scope.ALL, Scope.ALL), **dict.fromkeys(BULK, Scope.ALL)}),
        _on(("accounts", *PRICE_LIST), _grants(Scope.ALL, Scope.NONE)),
        _on(ACTIVITIES, _grants(Scope.ALL, Scope.OWN, Scope.OWN)),
        _on(("opportunities",), {"list": Scope.ALL, "view": Scope.ALL}),
        _on(MARKETING, _all()),
        _on(SENDERS, {"list": Scope.ALL, "view": Scope.ALL}),
        _on(KNOWLEDGE, _grants(Scope.ALL, Scope.NONE)),
        specials=frozenset({"send_campaigns", "manage_suppression"}),
    ),
    _role(
        "support_agent",
        NEWS,
        REPORTING,
        _on(("accounts",), _grants(Scope.ALL, Scope.NONE)),
        _on(("contacts",), _grants(Scope.ALL, Scope.TEAM)),
        _on(ACTIVITIES, _grants(Scope.ALL, Scope.OWN, Scope.OWN)),
        _on(SERVICE, {**_grants(Scope.ALL, Scope.ALL), "audit": Scope.ALL}),
        _on(KNOWLEDGE, _grants(Scope.ALL, Scope.NONE)),
        _on(("knowledge_articles",), _grants(Scope.ALL, Scope.OWN)),
    ),
    _role(
        "support_manager",
        NEWS,
        REPORTING,
        _on(("accounts", "contacts"), _all(without=("import", "delete"))),
        _on(ACTIVITIES, _all(without=("import",))),
        _on((*SERVICE, *KNOWLEDGE), _all()),
        specials=frozenset({"shared_views"}),
    ),
    _role(
        "read_only",
        _on(
            (*SALES, *SELLING, *PRICE_LIST, *ACTIVITIES, *MARKETING, *SERVICE, *KNOWLEDGE, "reports"),
            _grants(Scope.ALL, Scope.NONE),
        ),
        _on(LETTERS, _grants(Scope.TEAM, Scope.NONE)),
    ),
    _role(
        "import_operator",
        _on(
            (*SALES, *PRICE_LIST, *ACTIVITIES, "targets"),
            {**_grants(Scope.ALL, Scope.OWN), "import": Scope.ALL, "merge": Scope.OWN},
        ),
        specials=frozenset({"system_fields"}),
    ),
)


def check_scope(action: str, scope: Scope) -> bool:
    """Whether the matrix may hold that scope: what concerns no existing record is granted for all or not at all."""
    return action in ACTIONS and (action not in SCOPELESS or scope in (Scope.NONE, Scope.ALL))
