"""One request of a signed-in user: who, in which tenant, with which unit of work, and how answers are made."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from litestar import Request, Response
from litestar.enums import MediaType
from litestar.response import Redirect

from crm_domain.access.rights import Access
from crm_domain.definition import Module, Ref
from crm_domain.definition.kinds import RichText
from crm_domain.meaning.voice import Voice
from crm_domain.modules import REGISTRY
from crm_domain.people.actor import Actor
from crm_domain.people.naming import AS_STORED
from crm_domain.problems import Denied, NotFound
from crm_domain.records.shelf import Desk
from crm_domain.records.work import Work
from crm_domain.tenancy import Tenant
from crm_domain.text.format import format_time
from crm_domain.text.numbers import format_number
from crm_storage.database import Session
from crm_storage.records.context import Context
from crm_ui.cells import hue_of
from crm_ui.csp import nonce_of
from crm_ui.csrf import make_token
from crm_ui.request_log import request_id_of
from crm_ui.shell import NavItem, Shell, ShellUser, Toast
from crm_ui.templates import initials
from crm_web.admin import places
from crm_web.cookies import csrf_reference
from crm_web.installation import Installation
from crm_web.navigation import Navigation

FLASH = "flash"
LIBRARIES = frozenset(
    field.library
    for module in REGISTRY.modules.values()
    for field in module.fields
    if isinstance(field, RichText) and field.library
)
CHANGING = frozenset({"create", "edit", "delete", "import", "mass_update", "merge"})


class Visit:
    """Everything a page needs. Handlers commit through it, once; what is not committed did not happen."""

    def __init__(
        self,
        installation: Installation,
        request: Request[Any, Any, Any],
        tenant: Tenant,
        actor: Actor,
        session: Session,
        work: Work,
        voice: Voice,
        context: Context,
    ) -> None:
        self.installation = installation
        self.request = request
        self.tenant = tenant
        self.actor = actor
        self.session = session
        self.work = work
        self.voice = voice
        self._desk: Desk | None = None
        self._learned: dict[Ref, Ref | None] = {}
        self.context = context
        """For the statements of storage that are no store's business: counters, logs, queues."""

    @property
    def access(self) -> Access:
        return self.work.access

    @property
    def request_id(self) -> str:
        return request_id_of(self.request.scope)

    @property
    def fragment(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    def module(self, key: str) -> Module[Any]:
        """The tenant's module. Raises NotFound."""
        if key not in self.work.registry:
            raise NotFound
        return self.work.registry[key]

    def allow(self, module: Module[Any], action: str) -> None:
        """Raises Denied without that right, whichever record it is about; some modules only administrators change."""
        if not self.access.can(module.key, action):
            raise Denied
        if action in CHANGING and module.closed_to(admin=self.access.admin):
            raise Denied

    @contextmanager
    def names_as_stored(self) -> Iterator[None]:
        """For what leaves the house or programs read: people are named there in one way, whatever this reader likes."""
        liked, self.context.naming = self.context.naming, AS_STORED
        try:
            yield
        finally:
            self.context.naming = liked

    async def commit(self) -> None:
        await self.work.store.commit()

    def text(self, id_: str, **facts: Any) -> str:
        return self.voice.text(id_, **facts)

    async def page(self, template: str, *, status: int = 200, current: str = "", **context: Any) -> Response[str]:
        """A full page in the shell."""
        shell = await self._shell(current, context.get("tab", ""))
        body = self._render(template, {**context, "shell": shell})
        response = Response(body, status_code=status, media_type=MediaType.HTML, headers={"Vary": "HX-Request"})
        if self.request.cookies.get(FLASH):
            response.delete_cookie(FLASH)
        return response

    def part(
        self, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
    ) -> Response[str]:
        """A fragment for htmx."""
        body = self._render(template, {**context, "shell": self._bare_shell()})
        return Response(
            body, status_code=status, media_type=MediaType.HTML, headers={"Vary": "HX-Request", **(headers or {})}
        )

    def go(self, path: str, toast: str = "", undo: str = "") -> Response[Any]:
        """Sends the browser to another page, which shows the toast."""
        response: Response[Any]
        if self.fragment:
            response = Response("", headers={"HX-Redirect": path}, media_type=MediaType.HTML)
        else:
            response = Redirect(path, status_code=303)
        if toast:
            said = json.dumps({"text": toast, "undo": undo})
            response.set_cookie(FLASH, _packed(said), httponly=True, samesite="lax", secure=self.installation.secure)
        return response

    def say(self, toast: str, undo: str = "") -> dict[str, str]:
        """The header that makes htmx show a toast."""
        return {"HX-Trigger": json.dumps({"sadra:toast": {"text": toast, "undo_url": undo}})}

    async def desk(self, module: str = "") -> Desk:
        """What the page shows of the user's shelf, read once: whoever needs a module's views asks first."""
        if self._desk is None:
            self._desk = await self.work.store.shelf.desk(module)
        return self._desk

    async def at_hand(self) -> tuple[Ref, ...]:
        """The user's latest stars and visits, which the shell of every page names."""
        desk = await self.desk()
        return (*desk.starred, *desk.recent)

    async def named(self, refs: Sequence[Ref]) -> list[Ref]:
        """The refs the reader may see and that are not in the trash, with their names, in order."""
        names = await self.names(refs)
        return [names[ref] for ref in refs if ref in names and not names[ref].gone]

    async def names(self, refs: Sequence[Ref]) -> Mapping[Ref, Ref]:
        """The names of the refs the reader may see, in one statement for those not learned before."""
        unknown = [ref for ref in refs if ref not in self._learned]
        found = await self.work.store.names(unknown) if unknown else {}
        return {ref: name for ref in refs if (name := found.get(ref) or self._learned.get(ref))}

    def learn(self, refs: Sequence[Ref], named: Mapping[Ref, Ref]) -> None:
        """Takes names that were read together with something else; a ref without one is out of the reader's reach."""
        self._learned.update({ref: named.get(ref) for ref in refs})

    def _render(self, template: str, context: Mapping[str, Any]) -> str:
        facts = {"nonce": nonce_of(self.request.scope), "voice": self.voice, "access": self.access, **context}
        return self.installation.render(template, self.voice.text, facts)

    def _bare_shell(self) -> Shell:
        preferences = self.actor.preferences
        return Shell(
            brand=self.tenant.name,
            language=self.voice.language,
            dir="rtl" if self.voice.locale.rtl else "ltr",
            csrf=make_token(self.installation.key, csrf_reference(self.request.scope, secure=self.installation.secure)),
            nonce=nonce_of(self.request.scope),
            theme=theme_of(self.request, preferences.theme),
            density="" if preferences.density == "compact" else preferences.density,
            digits=self.voice.locale.digits,
            shortcuts=preferences.shortcuts,
            libraries=frozenset(key for key in LIBRARIES if self.access.can(key, "list")),
        )

    async def _shell(self, current: str, tab: str) -> Shell:
        named = {ref: ref for ref in await self.named(await self.at_hand())}
        desk, menu = await self.desk(), Navigation(self.work, self.voice, current)
        return replace(
            self._bare_shell(),
            user=self._user(),
            nav=menu.groups(),
            rooms=places.menu(self.access, self.text, tab) if current == "admin" else [],
            favourites=self._latest(desk.starred, named, "favourites", "star"),
            recent=self._latest(desk.recent, named, "recent"),
            create=menu.creatable(),
            bottom=menu.bottom(),
            palette_url="/palette",
            help_url=f"/help/{current}" if current in menu else "/help",
            notifications_url="/notifications",
            bell_url="/notifications/events",
            unread=format_number(self.actor.unread, self.voice.locale) if self.actor.unread else "",
            notice=self._notice(),
            support=self._support(),
            toasts=self._flashed(),
        )

    def _notice(self) -> str:
        """What stands above every page: that nothing can be changed, or what is nearly used up of the plan."""
        if self.tenant.state == "read_only":
            return self.text("shell.read_only")
        percent = {name: format_number(mark, self.voice.locale) for name, mark in self.actor.near.items()}
        return " ".join(self.text(f"tenants.near_{name}", percent=mark) for name, mark in percent.items())

    def _support(self) -> str:
        support = self.actor.support
        if support is None:
            return ""
        until = format_time(support.until, self.voice.locale, self.voice.catalogue)
        return self.text("support.banner", operator=support.operator, user=self.actor.name, until=until)

    def _latest(self, refs: Sequence[Ref], named: Mapping[Ref, Ref], page: str, icon: str = "") -> list[NavItem]:
        """The latest, and the way to all of them."""
        links = [self._link(named[ref], icon) for ref in refs if ref in named]
        return [*links, NavItem(self.text(f"at_hand.all_{page}"), f"/{page}", "list")] if links else []

    def _link(self, ref: Ref, icon: str = "") -> NavItem:
        return NavItem(ref.name, f"/{ref.module}/{ref.id}", icon or self.work.registry[ref.module].icon)

    def _user(self) -> ShellUser:
        menu = [
            NavItem(self.text("nav.settings"), "/settings", "settings"),
            NavItem(self.text("jobs.mine"), "/jobs", "list-checks"),
        ]
        if places.open_to(self.access):
            menu.append(NavItem(self.text("nav.admin"), "/admin", "shield"))
        hue = hue_of(self.actor.user.int)
        return ShellUser(self.actor.name, initials(self.actor.name), hue, menu)

    def _flashed(self) -> list[Toast]:
        packed = self.request.cookies.get(FLASH)
        if not packed:
            return []
        try:
            said = json.loads(bytes.fromhex(packed))
            return [Toast(str(said["text"]), str(said["undo"]) if str(said["undo"]).startswith("/") else "")]
        except (ValueError, KeyError, TypeError):
            return []


def theme_of(request: Request[Any, Any, Any], chosen: str) -> Any:
    """The theme at hand: the switch's cookie, else the profile; empty follows the system."""
    theme = request.cookies.get("theme", chosen)
    return theme if theme in ("light", "dark") else ""


def _packed(text: str) -> str:
    """Cookies carry ASCII only."""
    return text.encode().hex()
