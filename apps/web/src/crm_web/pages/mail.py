"""My e-mail: the mailboxes one reads and answers, their folders and threads, and one letter opened."""

from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Controller, MediaType, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Ref
from crm_domain.letters.archive import ArchiveAddresses
from crm_domain.letters.marks import MARKS, PLACE
from crm_domain.letters.markup import clean_letter
from crm_domain.modules.blocks.parents import EMAIL_PARTNERS
from crm_domain.modules.emails import Email
from crm_domain.modules.emails.write import link
from crm_domain.problems import Denied, NotFound
from crm_domain.query.page import Row
from crm_storage.letters.folders import folders_of
from crm_ui.inputs import Draft
from crm_web.letters.begin import becoming
from crm_web.letters.fate import opened_words, waiting_words
from crm_web.letters.lines import FOLDERS, HOUSE, ONLY, RECORD, boxes, chosen_record, listed, opened, waiting, within
from crm_web.letters.marking import COLUMNS, mark, undo_address
from crm_web.reach import one
from crm_web.supported import CLOSED
from crm_web.visit import Visit

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A letter runs nothing, sends nothing and loads nothing but, when asked, its pictures (SEC-13)."""
SHEET = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><style>'
    "html{{background:#fff;color:#16181d}}body{{margin:1rem;font:15px/1.7 Vazirmatn,Tahoma,system-ui,sans-serif;overflow-wrap:anywhere}}"
    "img{{max-width:100%;height:auto}}table{{max-width:100%}}pre{{white-space:pre-wrap}}a{{color:#0f6b5c}}"
    "blockquote{{margin:.5rem 0;padding-inline-start:.75rem;border-inline-start:3px solid #d3d8e0;color:#4a5160}}"
    '</style></head><body dir="auto">{body}</body></html>'
)


class Place(NamedTuple):
    """Which letters the list beside shows."""

    box: str
    folder: str
    q: str
    only: str
    cursor: str

    def address(self, *keys: str) -> str:
        """As it stands in an address, without the page unless it is asked for."""
        return urlencode(self.pairs(*(keys or ("box", "folder", "q", "only"))))

    def pairs(self, *keys: str) -> list[tuple[str, str]]:
        """What is asked for, by name."""
        return [(key, value) for key, value in self._asdict().items() if key in keys and value]


class MailPages(Controller):
    """/mail and /mail/<id>."""

    path = "/mail"
    opt = CLOSED

    @get("/")
    async def index(
        self, visit: Visit, box: str = "", folder: str = "inbox", q: str = "", only: str = "", cursor: str = ""
    ) -> Response[str]:
        return await _page(visit, Place(box, folder, q, only, cursor), None)

    @get("/{record_id:uuid}")
    async def read(
        self, visit: Visit, record_id: UUID, folder: str = "", q: str = "", only: str = "", cursor: str = ""
    ) -> Response[str]:
        row = await one(visit, visit.module("emails"), record_id)
        return await _page(visit, Place(_box(row), folder or row["folder"] or "inbox", q, only, cursor), row)

    @get("/{record_id:uuid}/body")
    async def body(self, visit: Visit, record_id: UUID, pictures: bool = False) -> Response[str]:
        """The markup of a letter for its frame; pictures of other servers only when asked for."""
        row = await one(visit, visit.module("emails"), record_id)
        policy = POLICY.format(pictures="data: https: http:" if pictures else "data:")
        headers = {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
        return Response(SHEET.format(body=clean_letter(row["body"] or "")), media_type=MediaType.HTML, headers=headers)

    @post("/{record_id:uuid}/mark")
    async def note(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Read, flagged, or in another folder."""
        wish = posted.get("to", "")
        if wish not in MARKS:
            raise NotFound
        row = await _changeable(visit, record_id)
        number, was = await mark(visit, wish, [row])
        await visit.commit()
        if visit.fragment:
            return Response("", media_type=MediaType.HTML)
        back = Place(_box(row), row["folder"] or "inbox", "", "", "").pairs("box", "folder")
        here = "/mail?" + urlencode(back) if "folder" in MARKS[wish] or wish == "unread" else f"/mail/{record_id}"
        said = visit.text(f"my_mail.marked.{wish}" if number else "my_mail.marked_none")
        return visit.go(here, said, undo_address(was, back))

    @post("/{record_id:uuid}/record")
    async def put(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Puts the letter into a record's files; whoever sees the record may read it from now on."""
        await _changeable(visit, record_id)
        await link(visit.work, record_id, [chosen_record(visit, posted)])
        await visit.commit()
        return visit.go(f"/mail/{record_id}", visit.text("my_mail.put"))

    @post("/{record_id:uuid}/record/{module:str}/{other:uuid}/drop")
    async def drop(self, visit: Visit, record_id: UUID, module: str, other: UUID) -> Response[Any]:
        """Takes the letter out of a record's files."""
        await _changeable(visit, record_id)
        await visit.work.store.unlink(visit.work.relation("emails", module), record_id, [other])
        await visit.commit()
        return visit.go(f"/mail/{record_id}", visit.text("my_mail.dropped"))

    @get("/archive/{module:str}/{record_id:uuid}")
    async def archive(self, visit: Visit, module: str, record_id: UUID) -> Response[str]:
        """The secret addresses by which mail gets into a record's files."""
        if module not in EMAIL_PARTNERS:
            raise NotFound
        row = await one(visit, visit.module(module), record_id)
        keys = visit.installation.keys
        addresses = ArchiveAddresses(keys, visit.tenant.number, EMAIL_PARTNERS)
        ref = Ref(module, record_id)
        found = [box for box in await boxes(visit) if box.group and box.active]
        return await visit.page(
            "mail/archive.html",
            current=module,
            name=row["name"],
            href=f"/{module}/{record_id}",
            modules=(visit.voice.module(visit.module(module)), f"/{module}"),
            addresses=[(box.name, addresses.of(ref, box.address)) for box in found],
        )


async def _changeable(visit: Visit, id_: UUID) -> Row:
    """The letter, for somebody who may do something about it. Raises NotFound, Denied."""
    module = visit.module("emails")
    visit.allow(module, "edit")
    rows = await visit.work.store.fetch(module, [id_], action="edit", columns=COLUMNS)
    if not rows:
        await visit.work.get(Email, id_)
        raise Denied
    return rows[0]


def _box(row: Row) -> str:
    return str(row["mailbox"].id) if row["mailbox"] else HOUSE


async def _page(visit: Visit, place: Place, row: Row | None) -> Response[str]:
    visit.allow(visit.module("emails"), "list")
    there = await boxes(visit)
    box = place.box if any(one.key == place.box for one in there) or row is not None else there[0].key
    places = [one.name for one in await folders_of(visit.session, UUID(box)) if one.chosen] if box != HOUSE else []
    folder = place.folder if place.folder in dict(FOLDERS) or place.folder.removeprefix(PLACE) in places else "inbox"
    place = Place(box, folder, place.q, place.only if place.only in ONLY else "", place.cursor)
    lines, before, after = await listed(visit, within(box, folder, place.q, place.only), place.cursor)
    put = Draft(visit.module("emails"), visit.voice, {}).input_of(RECORD, visit.text("my_mail.record"))
    facts: dict[str, Any] = {"letter": None}
    if row is not None:
        mine = bool(await visit.work.store.fetch(visit.module("emails"), [row.id], action="edit", columns=("name",)))
        seen = await opened_words(visit, row)
        waits = waiting_words(visit, row)
        facts = {**await opened(visit, row), "mine": mine, "seen": seen, "waits": waits}
        facts |= {"becoming": becoming(visit, row.id), "may_document": visit.access.can("documents", "create")}
    return await visit.page(
        "mail/page.html",
        current="mail",
        boxes=there,
        box=box,
        folders=[(key, visit.text(f"email_folder.{key}"), icon) for key, icon in FOLDERS],
        folder=folder,
        places=[(f"{PLACE}{name}", name) for name in places],
        waiting=await waiting(visit, box, places),
        place=place,
        words=place.q,
        here="/mail?" + place.address(),
        asked=place.address("folder", "q", "only", "cursor"),
        asked_for=place.pairs(*Place._fields),
        sieves=[
            (
                f"/mail?{place._replace(only=key).address()}",
                visit.text(f"my_mail.only.{key or 'all'}"),
                key == place.only,
            )
            for key in ("", *ONLY)
        ],
        lines=lines,
        before=before,
        after=after,
        put=put,
        put_many=msgspec.structs.replace(put, id="f-records"),
        may_mark=visit.access.can("emails", "edit"),
        may_delete=visit.access.can("emails", "delete"),
        trouble=next((one for one in there if one.key == box and one.trouble), None),
        may_write=visit.access.can("emails", "create"),
        may_connect=visit.access.can("mailboxes", "create"),
        **facts,
    )
