"""Web forms: shown, judged, and on disk before anybody is thanked; a record is made of it later, by a worker (SEC-42, SEC-56)."""

import os
import time
from urllib.parse import parse_qs

import msgspec

from crm_domain.problems import BadValue
from crm_domain.tracking.answers import Question
from crm_domain.tracking.events import Act
from crm_domain.tracking.tokens import Content, Kind, Tokens
from crm_domain.web_forms.read import read_posted
from crm_domain.web_forms.shown import FORM, Shown
from crm_domain.web_forms.sites import origin_of
from crm_storage.bus.tracking import TrackBus
from crm_tracker.keep import Keeping
from crm_tracker.pages import web_form
from crm_tracker.pages.frame import Words
from crm_tracker.reply import PAGE_POLICY, Headers, Scope

FRESH_S = 20.0
"""How long a form is shown, or not, as it was; while no worker answers, as long as that takes."""
SILENT_S = 2.0
"""After a question that nobody answered, the next one waits so long."""
MOST_FORMS = 2000
SOONEST_S, LATEST_S = 3, 86_400
"""Nobody fills a form in faster, or with a page that old."""
MOST_FIELDS = 200
MOST_BODY = 65_536
MOST_SAID = 40_000
"""Bytes of one record in the spool."""
_shown = msgspec.msgpack.Decoder(Shown | None)


class Answer(msgspec.Struct, frozen=True):
    """What the browser gets: a page, or where it goes on."""

    body: bytes = b""
    policy: bytes = PAGE_POLICY
    location: bytes = b""
    status: int = 200


class WebForms:
    """The pages of `/f/`. Raises Full or OSError when nothing can be made durable."""

    def __init__(self, tokens: Tokens, bus: TrackBus, keeping: Keeping) -> None:
        self._tokens, self._bus, self._keep = tokens, bus, keeping.keep
        self._known: dict[tuple[int, int], tuple[float, Shown | None]] = {}
        """What was told of each form, and until when that is not asked again."""

    def content(self, key: str) -> Content | None:
        """The tenant and, as its message, the number of the form that an address names."""
        content = self._tokens.read(Kind.FORM, key)
        return content if content and not content.link and not content.marks else None

    async def find(self, form: Content) -> Shown | None:
        """The form as it is; as it was when no worker answers; None when it is not to be filled in."""
        key = (form.tenant, form.message)
        until, shown = self._known.get(key, (0.0, None))
        if time.monotonic() < until:
            return shown
        told = await self._bus.ask(FORM, Question(form.tenant, link=form.message))
        if told:
            shown = _shown.decode(told)
        if told or key in self._known:
            self._keep_known(key, FRESH_S if told else SILENT_S, shown)
        return shown

    def _keep_known(self, key: tuple[int, int], seconds: float, shown: Shown | None) -> None:
        if key not in self._known and len(self._known) >= MOST_FORMS:
            self._known.clear()
        self._known[key] = (time.monotonic() + seconds, shown)

    def page(self, form: Content, shown: Shown) -> Answer:
        """The empty form with a fresh ticket."""
        words = Words(shown.language)
        return Answer(web_form.ask(words, shown, self._ticket(form)), _policy(shown))

    async def post(self, form: Content, shown: Shown, body: bytes, scope: Scope, headers: Headers) -> Answer:
        """Thanks for a form that is well filled in; else the form again, with everything that was typed."""
        words = Words(shown.language)
        posted = parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
        said, wrong = read_posted(shown, posted)
        given = posted.get(web_form.TICKET, [""])[0]
        ticket = self._used(form, given) if at_home(shown, headers) else None
        if wrong or ticket is None or _age(ticket) < SOONEST_S:
            again = given if ticket else self._ticket(form)
            page = web_form.ask(words, shown, again, posted, wrong, "" if wrong else "form_again")
            return Answer(page, _policy(shown), status=422 if wrong else 200)
        record = msgspec.json.encode(said).decode()
        if len(record.encode()) > MOST_SAID:
            raise ValueError("too much was said")
        await self._keep(Act.FORM, ticket, scope, headers, record)
        if shown.redirect:
            return Answer(location=shown.redirect.encode())
        return Answer(web_form.thanks(words, shown), _policy(shown))

    def _ticket(self, form: Content) -> str:
        """Good for one filling in: the second it was made, and what nobody else drew."""
        drawn = int(time.time()) << 32 | int.from_bytes(os.urandom(4))
        return self._tokens.sign(Kind.FORM, Content(form.tenant, drawn, form.message))

    def _used(self, form: Content, given: str) -> Content | None:
        """The ticket a form was filled in with; None for none of this form, or one that is too old."""
        content = self._tokens.read(Kind.FORM, given)
        if content is None or (content.tenant, content.link) != (form.tenant, form.message):
            return None
        return content if 0 <= _age(content) <= LATEST_S else None


def _age(ticket: Content) -> int:
    """Seconds since it was made."""
    return int(time.time()) - (ticket.message >> 32)


def at_home(shown: Shown, headers: Headers) -> bool:
    """Whether the form was filled in on its own page or in one of its sites; browsers that do not tell are believed."""
    told = headers.get(b"origin", b"null").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1")
    return told == "null" or told.partition("://")[2] == host or told in shown.sites


def _policy(shown: Shown) -> bytes:
    """Lets the form stand in the pages of its sites, and lead to where its owner sends people."""
    policy = PAGE_POLICY
    if shown.sites:
        policy = policy.replace(b"frame-ancestors 'none'", f"frame-ancestors {' '.join(shown.sites)}".encode())
    try:
        target = origin_of(shown.redirect) if shown.redirect else ""
    except BadValue:
        target = ""
    return policy.replace(b"form-action 'self'", f"form-action 'self' {target}".strip().encode())
