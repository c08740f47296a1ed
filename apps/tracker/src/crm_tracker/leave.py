"""Leaving and preferences: GET shows, POST does, and what was done is safe before it is answered (REL-10)."""

from urllib.parse import parse_qs

import msgspec

from crm_domain.tracking.answers import ABOUT, About, Question
from crm_domain.tracking.events import FIRST_CONFIRMATION, Act
from crm_domain.tracking.tokens import Content, Kind, Tokens
from crm_storage.bus.tracking import TrackBus
from crm_tracker.keep import Keeping
from crm_tracker.pages import confirming, leaving, wishes
from crm_tracker.pages.frame import Words
from crm_tracker.reply import Headers, Scope

SCOPES = ("this", "all")
MOST_LISTS = 200
_about = msgspec.msgpack.Decoder(About)


class Leaving:
    """What the pages of `/u/` and `/p/` do. Raises Full or OSError when nothing can be made durable."""

    def __init__(self, tokens: Tokens, bus: TrackBus, keeping: Keeping) -> None:
        self._tokens, self._bus, self._keep = tokens, bus, keeping.keep

    async def about(self, content: Content) -> About | None:
        """Who is written to by whom; nothing while no worker answers."""
        told = await self._bus.ask(ABOUT, Question(content.tenant, content.message))
        return _about.decode(told) if told else None

    def question(self, words: Words, content: Content, about: About | None) -> bytes:
        """The page that asks whether to leave."""
        return leaving.ask(
            words, about, content.marks, f"/p/{self._other(Kind.PREFERENCES, content)}?lang={words.language}"
        )

    async def leave(
        self, words: Words, content: Content, body: bytes, about: About | None, scope: Scope, headers: Headers
    ) -> bytes:
        """What was posted, done for good: leaving, coming back, or a reason. Anything else is the mail program's button."""
        said = _fields(body)
        chosen = said.get("scope", [""])[0]
        if reason := said.get("reason", [""])[0]:
            if reason in leaving.REASONS:
                await self._keep(Act.REASON, content, scope, headers, reason)
            return leaving.thanks(words, about)
        if chosen == "back":
            await self._keep(Act.RETURN, content, scope, headers, "page")
            return leaving.back(words, about)
        await self._keep(Act.OPT_OUT, content, scope, headers, chosen if chosen in SCOPES else "one_click")
        return leaving.left(words, about, chosen, content.marks)

    def wishes(self, words: Words, content: Content, about: About | None) -> bytes:
        """The page of preferences, or the question whether a consent was meant."""
        if content.message >= FIRST_CONFIRMATION:
            return confirming.ask(words, about)
        if about is None:
            return wishes.away(words, f"/u/{self._other(Kind.OPT_OUT, content)}?lang={words.language}")
        return wishes.wishes(words, about, content.marks)

    async def wish(
        self, words: Words, content: Content, body: bytes, about: About | None, scope: Scope, headers: Headers
    ) -> bytes:
        """Keeps what was chosen, and shows it as it will be in a moment."""
        if content.message >= FIRST_CONFIRMATION:
            await self._keep(Act.CONFIRM, content, scope, headers, "page")
            return confirming.done(words, about)
        said = _fields(body)
        listed, on = said.get("listed", [])[:MOST_LISTS], set(said.get("on", []))
        pause = said.get("do", [""])[0] == "pause"
        chosen = {"pause": wishes.PAUSE_DAYS} if pause else {
            "on": [one for one in listed if one in on],
            "off": [one for one in listed if one not in on],
            "other": "other" in said,
        }  # fmt: skip
        await self._keep(Act.PREFERENCES, content, scope, headers, msgspec.json.encode(chosen).decode())
        if about is None:
            return self.wishes(words, content, None)
        newsletters = tuple(msgspec.structs.replace(one, subscribed=one.id in on) for one in about.newsletters)
        after = about if pause else msgspec.structs.replace(
            about, newsletters=newsletters, left_all="other" not in said
        )  # fmt: skip
        return wishes.wishes(words, after, content.marks, saved=True)

    def _other(self, kind: Kind, content: Content) -> str:
        return self._tokens.sign(kind, content)


def _fields(body: bytes) -> dict[str, list[str]]:
    return parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_LISTS * 2 + 10)
