"""What an open page hears: how many notices are unread, what the new ones say, which of the records on screen have changed."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, get
from litestar.response import Stream

from crm_domain.definition import Ref
from crm_domain.notice_words import worded
from crm_domain.people.actor import Actor
from crm_domain.problems import NotFound
from crm_storage.database import Session
from crm_storage.notices import unread_of
from crm_storage.records.context import Context
from crm_storage.records.reads import fetch
from crm_web.events import follow
from crm_web.visit import Visit

MOST_OPEN = 8
"""Records that one browser has on screen and wants to hear of."""
MOST_NEWS = 3
BEGINNING = UUID(int=0)
"""Before every notice."""


class State(msgspec.Struct, frozen=True):
    """`last` is the newest unread notice; `records` has the versions of those on screen that the reader may see."""

    unread: int
    last: str
    records: Mapping[str, int]


class LivePages(Controller):
    """Beside /notifications."""

    path = "/notifications"

    @get("/events")
    async def events(self, visit: Visit, records: str = "") -> Stream:
        """Tells the state at once and whenever it changes."""
        refs = _refs(visit, records)

        async def watch(session: Session, reader: Actor) -> tuple[str, bool]:
            return msgspec.json.encode(await _state(visit, session, reader, refs)).decode(), False

        heard = f"{visit.tenant.schema}:{visit.access.user}"
        return follow(visit, visit.installation.notices, heard, watch)

    @get("/state")
    async def state(self, visit: Visit, records: str = "") -> State:
        """The same once, for browsers whose way here holds streams back."""
        return await _state(visit, visit.session, visit.actor, _refs(visit, records))

    @get("/news")
    async def news(self, visit: Visit, after: UUID = BEGINNING) -> list[dict[str, str]]:
        """What the newest notices say that came after that one, oldest first."""
        found = await visit.work.store.notices.mine(unread=True, limit=MOST_NEWS)
        told = await worded(visit.work, visit.voice, [one for one in reversed(found) if one.id > after])
        return [{"id": str(one.notice.id), "text": one.text, "href": one.href} for one in told if not one.lost]


def _refs(visit: Visit, records: str) -> list[Ref]:
    """The records that the address names; what makes no sense names none."""
    found: list[Ref] = []
    for text in records.split(",")[:MOST_OPEN]:
        module, _, id_ = text.partition("/")
        try:
            found.append(Ref(visit.module(module).key, UUID(id_)))
        except (ValueError, NotFound):
            continue
    return found


async def _state(visit: Visit, session: Session, reader: Actor, refs: Sequence[Ref]) -> State:
    number, last = await unread_of(session, reader.user)
    versions: dict[str, Any] = {}
    if refs:
        schema = await visit.installation.schemas.of(visit.tenant, session)
        context = Context(session, schema, reader.access, "web", "")
        for key in sorted({ref.module for ref in refs}):
            ids = [ref.id for ref in refs if ref.module == key]
            rows = await fetch(context, schema.registry[key], ids, columns=("version",))
            versions |= {f"{key}/{row.id}": row["version"] for row in rows}
    return State(number, last, versions)
