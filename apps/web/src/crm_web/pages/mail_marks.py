"""What is done to the letters ticked in a box: read, flagged, moved, put into a record's files, thrown away; and taken back."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.datastructures import FormMultiDict

from crm_domain.letters import marks
from crm_domain.modules.emails.write import link
from crm_domain.problems import FieldProblem, Invalid, NotFound
from crm_domain.query.page import Row
from crm_domain.records import remove
from crm_domain.text.numbers import format_number
from crm_storage.letters.about import filed
from crm_storage.letters.folders import folders_of
from crm_web.letters.lines import chosen_record
from crm_web.letters.marking import COLUMNS, Pairs, mark, undo_address
from crm_web.supported import CLOSED
from crm_web.visit import Visit

MOST = 200
"""Letters that are marked in one go: more than a page has."""
BACK = ("box", "folder", "q", "only", "cursor")


class MarkPages(Controller):
    """/mail/marks and /mail/marks/undo."""

    path = "/mail/marks"
    opt = CLOSED

    @post("/")
    async def act(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Does what the pressed button says. Raises Invalid for no letters, NotFound for no known wish."""
        wish, back = posted.get("to", ""), _back(posted)
        rows = await _rows(visit, _ids(",".join(posted.getall("id", []))))
        if wish == "record":
            return await _put(visit, rows, posted, back)
        if wish == "delete":
            return await _delete(visit, rows, back)
        values = marks.marked(wish)
        if values is None or not await _there(visit, values.get("place"), rows):
            raise NotFound
        number, was = await mark(visit, wish, rows)
        await visit.commit()
        kind = "place" if "place" in values else wish
        return visit.go(back, _said(visit, kind, number), undo_address(was, _pairs(posted)))

    @post("/undo")
    async def undo(self, visit: Visit, request: Request[Any, Any, Any]) -> Response[Any]:
        """Makes letters again what the address says they were."""
        for text in request.query_params.getall("was", []):
            word, _, ids = text.rpartition("~")
            rows = await _rows(visit, _unpacked(ids))
            if word.startswith("record:"):
                await _take_out(visit, word.removeprefix("record:"), rows)
                continue
            wanted = [values for row in rows if (values := marks.restored(word, row["status"])) is not None]
            if len(wanted) < len(rows):
                raise NotFound
            if rows:
                await visit.work.store.update(visit.module("emails"), [row.id for row in rows], wanted[0])
        await visit.commit()
        return visit.go(_back(request.query_params))


async def _put(visit: Visit, rows: Sequence[Row], posted: FormMultiDict, back: str) -> Response[Any]:
    """Into the files of one record, all of them."""
    ref = chosen_record(visit, posted)
    known = await filed(visit.session, [row.id for row in rows], ref)
    fresh = [row.id for row in rows if row.id not in known]
    for id_ in fresh:
        await link(visit.work, id_, [ref])
    await visit.commit()
    was = [("was", f"record:{ref.module}.{ref.id}~{marks.packed(fresh)}")] if fresh else []
    return visit.go(back, _said(visit, "record", len(fresh)), undo_address(was, _pairs(posted)))


async def _take_out(visit: Visit, text: str, rows: Sequence[Row]) -> None:
    module, _, id_ = text.partition(".")
    try:
        other = UUID(id_)
    except ValueError:
        raise NotFound from None
    for row in rows:
        await visit.work.store.unlink(visit.work.relation("emails", module), row.id, [other])


async def _delete(visit: Visit, rows: Sequence[Row], back: str) -> Response[Any]:
    """Out of the box for good; the trash of all records keeps them for a while."""
    module = visit.module("emails")
    visit.allow(module, "delete")
    ids = [row.id for row in rows if row["folder"] == "trash"]
    if not ids:
        return visit.go(back, _said(visit, "delete", 0))
    removal = await remove.remove(visit.work, module, ids)
    await visit.commit()
    return visit.go(back, _said(visit, "delete", len(ids)), f"/emails/undo/{removal}")


async def _rows(visit: Visit, ids: Sequence[UUID]) -> Sequence[Row]:
    """Those of the letters about which the reader may do something."""
    module = visit.module("emails")
    visit.allow(module, "edit")
    return await visit.work.store.fetch(module, ids, action="edit", columns=COLUMNS)


async def _there(visit: Visit, place: str | None, rows: Sequence[Row]) -> bool:
    """Whether the letters' one mailbox has that folder and reads it."""
    if not place:
        return True
    boxes = {row["mailbox"].id if row["mailbox"] else None for row in rows}
    box = boxes.pop() if len(boxes) == 1 else None
    return box is not None and place in {one.name for one in await folders_of(visit.session, box) if one.chosen}


def _ids(text: str) -> list[UUID]:
    try:
        ids = [UUID(part) for part in text.split(",") if part]
    except ValueError:
        raise Invalid({"id": (FieldProblem("problems.unknown_record"),)}) from None
    if not ids or len(ids) > MOST:
        raise Invalid({"id": (FieldProblem("list.nothing_selected"),)})
    return ids


def _unpacked(text: str) -> list[UUID]:
    try:
        return marks.unpacked(text)[:MOST]
    except ValueError:
        raise NotFound from None


def _back(posted: Mapping[str, str]) -> str:
    """The list from which the letters were ticked."""
    return "/mail?" + urlencode(_pairs(posted))


def _pairs(posted: Mapping[str, str]) -> Pairs:
    return [(key, posted[key]) for key in BACK if posted.get(key)]


def _said(visit: Visit, kind: str, number: int) -> str:
    if not number:
        return visit.text("my_mail.marked_none")
    return visit.text(f"my_mail.marked_many.{kind}", number=format_number(number, visit.voice.locale))
