"""What the menu beside every page offers its reader: places, modules by group, and what may be made anew."""

from typing import Any

from crm_domain.definition import Module
from crm_domain.meaning.voice import Voice
from crm_domain.records.agenda import scheduled
from crm_domain.records.work import Work
from crm_ui.shell import NavItem

GROUPS = ("sales", "marketing", "service", "activities", "analysis", "admin")
GO_KEYS = {"accounts": "KeyA", "contacts": "KeyC", "leads": "KeyL", "opportunities": "KeyO", "reports": "KeyR"}
ON_PHONES = ("leads", "opportunities", "contacts")


class Navigation:
    """The menu around one page; `current` is the module or place that the page belongs to."""

    def __init__(self, work: Work, voice: Voice, current: str = "") -> None:
        self._work = work
        self._voice = voice
        self._current = current
        self._modules = [module for module in work.registry.modules.values() if self._shown(module)]
        self._items = {module.key: self._item(module) for module in self._modules}

    def __contains__(self, key: str) -> bool:
        return key in self._items

    def modules_of(self, group: str) -> list[Module[Any]]:
        """The modules of a group that the reader finds in the menu."""
        return [module for module in self._modules if module.group == group]

    def groups(self) -> list[tuple[str, list[NavItem]]]:
        """The places without a heading, then the groups that hold anything."""
        places = [self.home, *self._calendar(), *self._mail(), *self._news()]
        found = [
            (self._voice.text(f"nav.{group}"), [self._items[module.key] for module in self.modules_of(group)])
            for group in GROUPS
        ]
        return [("", places), *[(label, links) for label, links in found if links]]

    @property
    def home(self) -> NavItem:
        return NavItem(self._voice.text("nav.home"), "/", "house", self._current == "home", key="KeyH")

    def bottom(self) -> list[NavItem]:
        """The bar of narrow screens."""
        return [self.home, *[self._items[key] for key in ON_PHONES if key in self._items]]

    def creatable(self) -> list[NavItem]:
        """The forms of new records."""
        access = self._work.access
        return [
            NavItem(self._voice.module(module, "one"), f"/{module.key}/new", module.icon)
            for module in self._modules
            if module.group != "admin" and not module.closed_to(admin=access.admin) and access.can(module.key, "create")
        ]

    def _shown(self, module: Module[Any]) -> bool:
        access = self._work.access
        return bool(module.group) and (access.admin or not module.admin_only) and access.can(module.key, "list")

    def _item(self, module: Module[Any]) -> NavItem:
        key = module.key
        return NavItem(
            self._voice.module(module), f"/{key}", module.icon, self._current == key, key=GO_KEYS.get(key, "")
        )

    def _calendar(self) -> list[NavItem]:
        return [self._place("calendar", "calendar", key="KeyD")] if scheduled(self._work) else []

    def _mail(self) -> list[NavItem]:
        return [self._place("mail", "mail", key="KeyM")] if self._work.access.can("emails", "list") else []

    def _news(self) -> list[NavItem]:
        return [self._place("news", "newspaper")] if self._work.access.can("feed_items", "list") else []

    def _place(self, name: str, icon: str, key: str = "") -> NavItem:
        return NavItem(self._voice.text(f"nav.{name}"), f"/{name}", icon, self._current == name, key=key)
