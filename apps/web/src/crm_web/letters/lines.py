"""Letters as pages show them: lines of a list, one letter opened, the boxes beside them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Blob, Ref
from crm_domain.definition.kinds import AnyLink
from crm_domain.letters.addresses import parties
from crm_domain.letters.marks import PLACE
from crm_domain.letters.markup import loads_pictures
from crm_domain.meaning.parse import parse
from crm_domain.modules.blocks.parents import EMAIL_PARTNERS
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.query.filter import Condition, Filter, Group, Mine, Quick, both
from crm_domain.query.page import ListQuery, Page, Row, Sort
from crm_domain.query.resolve import quick_words
from crm_domain.records.forms import gather
from crm_domain.text import format as formats
from crm_domain.text.numbers import format_number
from crm_storage.letters.about import concerned, thread_of
from crm_ui.cells import Cell, drawer, hue_of
from crm_ui.templates import initials
from crm_web.lists.listing import cursor_text, read_cursor
from crm_web.visit import Visit

FOLDERS = (
    ("inbox", "inbox"),
    ("outbox", "clock"),
    ("sent", "send"),
    ("drafts", "file-pen"),
    ("archive", "archive"),
    ("trash", "trash-2"),
)
HOUSE = "house"
"""The box of letters that belong to no mailbox: what the house sent for somebody."""
RECORD = AnyLink(key="record", targets=EMAIL_PARTNERS)
"""Into whose files a letter is put."""
ONLY = {"unread": Condition("status", "eq", "unread"), "flagged": Condition("flagged", "eq", True)}
"""Which letters of a folder are shown, if not all."""
UNSENT = ("drafts", "outbox")
"""Folders of which every letter waits for something."""
PAGE, THREAD, BOXES, MOST_COUNTED = 30, 40, 20, 999
LINE = (
    "name", "sender", "recipients", "sent_at", "email_type", "status", "flagged", "snippet", "attachments", "thread",
)  # fmt: skip


class Box(msgspec.Struct, frozen=True):
    """A mailbox beside the list; `unread` is in the reader's digits."""

    key: str
    name: str
    address: str
    unread: str = ""
    trouble: str = ""
    group: bool = False
    active: bool = True


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One letter in a list; `more` letters of its thread follow on the same page."""

    id: str
    ids: str
    """Those of the thread's letters that stand on this page."""
    who: str
    monogram: str
    hue: str
    name: str
    snippet: str
    time: str
    iso: str
    unread: bool
    flagged: bool
    attached: bool
    state: Cell | None
    more: str


async def boxes(visit: Visit) -> list[Box]:
    """The reader's own mailboxes and those of his groups; the house's where letters went without one."""
    module = visit.module("mailboxes")
    if not visit.access.can("mailboxes", "list"):
        return [await _house(visit)]
    mine = Group((Mine(team=True), Condition("mailbox_use", "eq", "group")), any=True)
    columns = ("name", "address", "mailbox_use", "trouble", "active")
    query = ListQuery(filter=mine, columns=columns, sort=(Sort("name"),), limit=BOXES)
    rows = (await visit.work.store.page(module, query)).rows
    unread = await _unread(visit, [row.id for row in rows])
    trouble = drawer(module.field("trouble"), visit.voice)
    found = [
        Box(
            str(row.id),
            row["name"],
            row["address"],
            unread.get(row.id, ""),
            trouble(row["trouble"]).text if row["trouble"] and row["active"] else "",
            row["mailbox_use"] == "group",
            bool(row["active"]),
        )
        for row in rows
    ]
    return [*found, await _house(visit)]


async def _house(visit: Visit) -> Box:
    return Box(HOUSE, visit.text("my_mail.house"), visit.actor.email)


async def _unread(visit: Visit, ids: Sequence[UUID]) -> dict[UUID, str]:
    """How many letters of each inbox wait."""
    return dict(zip(ids, await _counted(visit, [within(str(id_), "inbox", "", "unread") for id_ in ids]), strict=True))


async def waiting(visit: Visit, box: str, places: Sequence[str]) -> dict[str, str]:
    """What waits in the folders of the box that is open: the unread letters, and all that have not left."""
    unread = ["inbox", "archive", *(f"{PLACE}{name}" for name in places)]
    filters = [
        *(within(box, key, "", "unread") for key in unread),
        *(within(box, key, "") for key in UNSENT),
    ]
    return dict(zip([*unread, *UNSENT], await _counted(visit, filters), strict=True))


async def _counted(visit: Visit, filters: Sequence[Filter]) -> list[str]:
    """Numbers in one statement; nothing for none."""
    module, locale = visit.module("emails"), visit.voice.locale
    found = await visit.work.store.counts([(module, filter_) for filter_ in filters])
    return [format_number(min(one.number, MOST_COUNTED), locale) if one.number else "" for one in found]


def within(box: str, folder: str, words: str, only: str = "") -> Filter:
    """The letters of a box's folder, or some of them; what is looked for is looked for in all its folders."""
    whose: Filter = (
        both(Condition("mailbox", "empty", True), Mine()) if box == HOUSE else Condition("mailbox", "eq", UUID(box))
    )
    if only in ONLY:
        whose = both(whose, ONLY[only])
    if words:
        return both(whose, Quick(quick_words(words)))
    if folder.startswith(PLACE):
        return both(whose, Condition("place", "eq", folder.removeprefix(PLACE)), Condition("folder", "eq", "archive"))
    return both(whose, Condition("folder", "eq", folder))


async def listed(visit: Visit, filter_: Filter, cursor: str) -> tuple[list[Line], str, str]:
    """A page of letters, a thread's together, with the cursors of the pages beside it."""
    query = ListQuery(
        filter=filter_,
        columns=LINE,
        sort=(Sort("sent_at", descending=True),),
        limit=PAGE,
        cursor=read_cursor(cursor) if cursor else None,
    )
    page: Page = await visit.work.store.page(visit.module("emails"), query)
    threads: dict[str, list[Row]] = {}
    for row in page.rows:
        threads.setdefault(row["thread"] or str(row.id), []).append(row)
    lines = [_line(visit, rows) for rows in threads.values()]
    return lines, cursor_text(page.before), cursor_text(page.after)


def _line(visit: Visit, rows: Sequence[Row]) -> Line:
    row = rows[0]
    outgoing = row["email_type"] in ("out", "draft")
    people = parties(row["recipients"] if outgoing else row["sender"])
    who = visit.text("record.list_separator").join(party.name or party.address for party in people[:2])
    status = visit.module("emails").field("status")
    shown = row["status"] in ("queued", "sending", "uncertain", "send_error", "draft", "replied")
    return Line(
        id=str(row.id),
        ids=",".join(str(one.id) for one in rows),
        who=(visit.text("my_mail.to", name=who) if outgoing else who) or visit.text("my_mail.nobody"),
        monogram=initials(who),
        hue=hue_of(sum(map(ord, people[0].address.lower())) if people else 0),
        name=row["name"],
        snippet=row["snippet"] or "",
        time=formats.relative_time(row["sent_at"], visit.voice.now, visit.voice.locale, visit.voice.catalogue),
        iso=row["sent_at"].isoformat(),
        unread=any(one["status"] == "unread" for one in rows),
        flagged=any(one["flagged"] for one in rows),
        attached=any(one["attachments"] for one in rows),
        state=drawer(status, visit.voice)(row["status"]) if shown else None,
        more=format_number(len(rows), visit.voice.locale) if len(rows) > 1 else "",
    )


def chosen_record(visit: Visit, posted: FormMultiDict) -> Ref:
    """The record a form names. Raises Invalid for none."""
    try:
        ref = parse(RECORD, gather(posted.multi_items()).get("record", ""), visit.voice)
    except BadValue as bad:
        raise Invalid({"record": (bad.problem,)}) from None
    if not isinstance(ref, Ref):
        raise Invalid({"record": (FieldProblem("problems.required"),)})
    return ref


async def opened(visit: Visit, row: Row) -> dict[str, Any]:
    """One letter with its thread and the records it is in the files of."""
    ids = await thread_of(visit.session, row["thread"], THREAD) if row["thread"] else []
    rows = await visit.work.store.fetch(visit.module("emails"), ids, columns=(*LINE, "description"))
    rows.sort(key=lambda one: one["sent_at"])
    others = [_message(visit, one, chosen=False) for one in rows if one.id != row.id]
    refs = await visit.named(await concerned(visit.session, row.id))
    return {
        "letter": _message(visit, row, chosen=True),
        "earlier": [one for one in others if one["iso"] <= row["sent_at"].isoformat()],
        "later": [one for one in others if one["iso"] > row["sent_at"].isoformat()],
        "records": [(ref, visit.work.registry[ref.module].icon) for ref in refs],
    }


def _message(visit: Visit, row: Row, *, chosen: bool) -> dict[str, Any]:
    sender = next(iter(parties(row["sender"])), None)
    who = (sender.name or sender.address) if sender else visit.text("my_mail.nobody")
    status = visit.module("emails").field("status")
    failure = visit.module("emails").field("failure")
    body = row["body"] or "" if chosen else ""
    files: Sequence[Blob] = row["attachments"] or ()
    return {
        "id": row.id,
        "who": who,
        "address": sender.address if sender else "",
        "monogram": initials(who),
        "hue": hue_of(sum(map(ord, sender.address.lower())) if sender else 0),
        "to": row["recipients"] or "",
        "copies": row["copies"] or "",
        "blind": row["blind"] or "",
        "name": row["name"],
        "time": formats.format_datetime(row["sent_at"], visit.voice.locale, visit.voice.catalogue, "medium"),
        "iso": row["sent_at"].isoformat(),
        "text": row["description"] or "",
        "snippet": row["snippet"] or "",
        "framed": bool(body) and row["email_type"] == "inbound",
        "markup": body if row["email_type"] != "inbound" else "",
        "pictures": bool(body) and loads_pictures(body),
        "files": [(blob, formats.file_size(blob.size, visit.voice.locale, visit.voice.catalogue)) for blob in files],
        "left_out": (row["left_out"] or "").splitlines(),
        "state": drawer(status, visit.voice)(row["status"]),
        "status": row["status"],
        "failure": drawer(failure, visit.voice)(row["failure"]).text if row["failure"] else "",
        "flagged": bool(row["flagged"]),
        "folder": row["folder"],
        "draft": row["status"] in ("draft", "send_error"),
    }
