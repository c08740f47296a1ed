"""Which address does what. A wrong token is told so kindly, in the reader's language, and leads nowhere."""

import json
import time
from collections.abc import Awaitable
from importlib.resources import files
from urllib.parse import parse_qs

from crm_domain.tracking.answers import VIEW, Question
from crm_domain.tracking.events import Act
from crm_domain.tracking.tokens import PREVIEW, Content, Kind, Tokens
from crm_domain.web_forms.markup import SCRIPT
from crm_domain.web_forms.shown import Shown
from crm_storage.bus.tracking import TrackBus
from crm_tracker.forms import MOST_BODY as MOST_FILLED
from crm_tracker.forms import Answer, WebForms
from crm_tracker.hits import Notebook
from crm_tracker.leave import Leaving
from crm_tracker.links import Links
from crm_tracker.pages.frame import Words
from crm_tracker.pages.plain import notice
from crm_tracker.pages.web_form import framing
from crm_tracker.reply import (
    EMPTY,
    MAIL_POLICY,
    PICTURE,
    PIXEL,
    Headers,
    Receive,
    Scope,
    Send,
    TooLarge,
    answer,
    body_of,
    page,
    redirected,
)
from crm_tracker.spool import Full
from crm_tracker.visitor import Budget, Networks
from crm_tracker.visits import Visits

CLICK, OPEN = Kind.CLICK, Kind.OPEN
"""Looked up here once: a member of an enumeration is no quick find."""
BAD_TOKENS_A_MINUTE = 60
FORMS_A_MINUTE = 120
"""From one network; a provider's own button comes from few of them."""
FILLED_A_MINUTE, FLOOD_A_MINUTE = 20, 600
"""Web forms filled in: one form from one network, and one form from everywhere."""
TEXT = b"text/plain; charset=utf-8"
JAVASCRIPT = b"text/javascript; charset=utf-8"
READ = ("GET", "HEAD")
FONTS = {"/fa.woff2": "vazirmatn-arabic-wght-normal.woff2", "/en.woff2": "inter-latin-wght-normal.woff2"}
FOR_A_DAY = ((b"cache-control", b"public, max-age=86400"),)


class Routes:
    """The addresses of the tracker."""

    def __init__(
        self,
        tokens: Tokens,
        notebook: Notebook,
        leaving: Leaving,
        links: Links,
        bus: TrackBus,
        networks: Networks,
        web_forms: WebForms,
        visits: Visits,
        *,
        https: bool,
    ) -> None:
        self._read, self._known, self._hit = tokens.read, links.known, notebook.hit
        self._tokens, self._leaving, self._links, self._bus = tokens, leaving, links, bus
        self._networks, self._web_forms, self._visits, self._https = networks, web_forms, visits, https
        self._filled, self._flooded = Budget(FILLED_A_MINUTE), Budget(FLOOD_A_MINUTE)
        self._bad, self._forms = Budget(BAD_TOKENS_A_MINUTE), Budget(FORMS_A_MINUTE)
        self._files = {"/s.css": (b"text/css; charset=utf-8", _style()), **_fonts()}

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        path: str = scope["path"]
        match path[:3]:
            case "/c/":
                content = self._read(CLICK, path[3:])
                if content is not None and (found := self._known(content.tenant, content.link)) is not None:
                    self._hit(CLICK, content, scope)
                    await send(redirected(found))
                    await send(EMPTY)
                else:
                    await self._astray(Act.CLICK, content, scope, send)
            case "/o/":
                content = self._read(OPEN, path[3:].removesuffix(".gif"))
                if content is not None:
                    self._hit(OPEN, content, scope)
                await send(PIXEL)
                await send(EMPTY if scope["method"] == "HEAD" else PICTURE)
            case _:
                await self._rare(path, scope, dict(scope["headers"]), receive, send)

    async def _rare(self, path: str, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        match path[:3]:
            case "/u/" | "/p/":
                await self._form(path[:3], path[3:], scope, headers, receive, send)
            case "/w/":
                await self._view(path[3:], scope, headers, send)
            case "/f/":
                if path.endswith(SCRIPT):
                    await self._framing(path[3:].removesuffix(SCRIPT), scope, headers, send)
                else:
                    await self._web_form(path[3:], scope, headers, receive, send)
            case "/t/":
                await self._astray(Act.LINK, self._visits.read(path[3:]), scope, send)
            case _:
                await self._other(path, scope, headers, send)

    async def _astray(self, act: Act, content: Content | None, scope: Scope, send: Send) -> None:
        """A link this machine may not have met: when the token is good it asks, and notes the click once it can lead on."""
        headers: Headers = dict(scope["headers"])
        if content is None:
            await self._damaged(scope, headers, send)
        elif (found := await self._links.find(content.tenant, content.link)) is None:
            await self._say(503, "later", scope, headers, send)
        else:
            if act is Act.LINK:
                self._visits.note(content, scope, headers)
            else:
                self._hit(act, content, scope)
            await send(redirected(found))
            await send(EMPTY)

    async def _form(self, path: str, token: str, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        kind = Kind.OPT_OUT if path == "/u/" else Kind.PREFERENCES
        content = self._tokens.read(kind, token)
        if content is None:
            await self._damaged(scope, headers, send)
        elif scope["method"] in READ:
            about = await self._leaving.about(content)
            words = self._words(scope, headers, about.language if about else "")
            show = self._leaving.question if kind is Kind.OPT_OUT else self._leaving.wishes
            await page(send, 200, show(words, content, about), https=self._https)
        elif scope["method"] != "POST":
            await answer(send, 405, b"GET, POST", TEXT, ((b"allow", b"GET, POST"),))
        elif not self._forms.allows(self._networks.of(scope.get("client"), headers), time.time()):
            await self._say(429, "too_often", scope, headers, send)
        else:
            await self._done(self._posted(kind, content, scope, headers, receive), scope, headers, send)

    async def _posted(self, kind: Kind, content: Content, scope: Scope, headers: Headers, receive: Receive) -> Answer:
        body = await body_of(receive)
        by_button = b"List-Unsubscribe=One-Click" in body
        about = None if by_button else await self._leaving.about(content)
        words = self._words(scope, headers, about.language if about else "")
        do = self._leaving.leave if kind is Kind.OPT_OUT else self._leaving.wish
        return Answer(await do(words, content, body, about, scope, headers))

    async def _web_form(self, key: str, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        form = self._web_forms.content(key)
        if form is None:
            await self._damaged(scope, headers, send)
            return
        shown = await self._web_forms.find(form)
        if shown is None:
            known = self._bus.connected
            await self._say(404 if known else 503, "nothing" if known else "later", scope, headers, send)
        elif scope["method"] in READ:
            await self._answered(self._web_forms.page(form, shown), send)
        elif scope["method"] != "POST":
            await answer(send, 405, b"GET, POST", TEXT, ((b"allow", b"GET, POST"),))
        elif not self._may_fill(form, scope, headers):
            await self._say(429, "too_often", scope, headers, send)
        else:
            await self._done(self._filled_in(form, shown, scope, headers, receive), scope, headers, send)

    async def _framing(self, key: str, scope: Scope, headers: Headers, send: Send) -> None:
        """The script of a form that may stand in other sites' pages."""
        form = self._web_forms.content(key)
        shown = await self._web_forms.find(form) if form else None
        if form is None:
            await self._damaged(scope, headers, send)
        elif shown is None or not shown.sites or scope["method"] not in READ:
            await answer(send, 404, b"")
        else:
            await answer(send, 200, framing(shown), JAVASCRIPT)

    def _may_fill(self, form: Content, scope: Scope, headers: Headers) -> bool:
        now, one = time.time(), (form.tenant, form.message)
        network = self._networks.of(scope.get("client"), headers)
        return self._filled.allows((*one, network), now) and self._flooded.allows(one, now)

    async def _filled_in(self, form: Content, shown: Shown, scope: Scope, headers: Headers, receive: Receive) -> Answer:
        body = await body_of(receive, MOST_FILLED)
        return await self._web_forms.post(form, shown, body, scope, headers)

    async def _done(self, work: Awaitable[Answer], scope: Scope, headers: Headers, send: Send) -> None:
        """Answers a form with what came of it, or with why nothing did."""
        try:
            told = await work
        except (TooLarge, ValueError):
            await answer(send, 413, b"too large")
        except (Full, OSError):
            await self._say(503, "later", scope, headers, send)
        else:
            await self._answered(told, send)

    async def _answered(self, told: Answer, send: Send) -> None:
        if told.location:
            await send(redirected(told.location, 303))
            await send(EMPTY)
        else:
            await page(send, told.status, told.body, told.policy, https=self._https)

    async def _view(self, token: str, scope: Scope, headers: Headers, send: Send) -> None:
        """The mail in the browser, as its recipient got it."""
        content = self._tokens.read(Kind.VIEW, token)
        if content is None:
            await self._damaged(scope, headers, send)
            return
        shown = await self._bus.ask(
            VIEW, Question(content.tenant, content.message, staff=bool(content.marks & PREVIEW))
        )
        if shown:
            await page(send, 200, shown, MAIL_POLICY, https=self._https)
        else:
            await self._say(404 if self._bus.connected else 503, "gone", scope, headers, send)

    async def _other(self, path: str, scope: Scope, headers: Headers, send: Send) -> None:
        if path in {"/livez", "/healthz"}:
            await answer(send, 200, b"ok")
        elif path == "/readyz":
            await answer(send, 200, b"ready")
        elif path in self._files and scope["method"] in READ:
            media_type, body = self._files[path]
            await answer(send, 200, body, media_type, FOR_A_DAY)
        else:
            await self._say(404, "nothing", scope, headers, send)

    async def _damaged(self, scope: Scope, headers: Headers, send: Send) -> None:
        """Somebody who tries tokens one after the other is told to wait."""
        often = not self._bad.allows(self._networks.of(scope.get("client"), headers), time.time())
        await self._say(429 if often else 404, "too_often" if often else "damaged", scope, headers, send)

    async def _say(self, status: int, key: str, scope: Scope, headers: Headers, send: Send) -> None:
        await page(send, status, notice(self._words(scope, headers), key), https=self._https)

    def _words(self, scope: Scope, headers: Headers, given: str = "") -> Words:
        """The language that was chosen on the page, else the tenant's, else the browser's."""
        chosen = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [given])[0]
        if chosen not in {"fa", "en"}:
            chosen = "en" if headers.get(b"accept-language", b"")[:2].lower() == b"en" else "fa"
        return _WORDS[chosen]


_WORDS = {language: Words(language) for language in ("fa", "en")}


def _style() -> bytes:
    return files("crm_tracker.pages").joinpath("recipient.css").read_bytes()


def _fonts() -> dict[str, tuple[bytes, bytes]]:
    """The product's own letters, from the build of its assets."""
    built = files("crm_ui").joinpath("static/dist")
    manifest = json.loads(built.joinpath("manifest.json").read_text("utf-8"))
    return {path: (b"font/woff2", built.joinpath(manifest[name]).read_bytes()) for path, name in FONTS.items()}
