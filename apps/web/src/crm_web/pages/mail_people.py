"""What the fields of a letter's readers offer while somebody types."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get

from crm_domain.definition import Ref
from crm_web.letters.book import found, near
from crm_web.supported import CLOSED
from crm_web.visit import Visit

LEAST_WORDS = 2


class PeoplePages(Controller):
    """/mail/people."""

    path = "/mail/people"
    opt = CLOSED

    @get("/")
    async def people(self, visit: Visit, request: Request[Any, Any, Any], q: str = "") -> Response[str]:
        """Whom the words find; without words, those around the letter's records (`?record=accounts.<id>`)."""
        visit.allow(visit.module("emails"), "create")
        words = q.strip()
        records = [ref for text in request.query_params.getall("record", []) if (ref := _ref(text))]
        if len(words) >= LEAST_WORDS:
            entries = await found(visit, words[:100])
        else:
            entries = [] if words else await near(visit, records)
        return visit.part("mail/people.html", entries=entries, searched=len(words) >= LEAST_WORDS)


def _ref(text: str) -> Ref | None:
    module, _, id_ = text.partition(".")
    try:
        return Ref(module, UUID(id_))
    except ValueError:
        return None
