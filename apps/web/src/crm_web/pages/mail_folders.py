"""Which folders of a mailbox's server are read besides the inbox, and where what is sent is kept."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.modules.mailboxes import Mailbox
from crm_storage.letters.folders import choose, folders_of, sent_folder_of
from crm_web.supported import CLOSED
from crm_web.visit import Visit

NEVER = ("drafts",)
"""What is being written elsewhere is no letter yet."""


class MailFolderPages(Controller):
    """/mail/folders/<mailbox>; for those who may change the mailbox."""

    path = "/mail/folders/{box:uuid}"
    opt = CLOSED

    @get("/")
    async def index(self, visit: Visit, box: UUID) -> Response[str]:
        mailbox = await visit.work.get(Mailbox, box, action="edit")
        listed = [one for one in await folders_of(visit.session, box) if one.kind not in NEVER]
        own = (mailbox.folder, mailbox.sent_folder)
        return await visit.page(
            "mail/folders.html",
            current="mail",
            box=box,
            name=mailbox.name,
            inbox=mailbox.folder,
            sent=mailbox.sent_folder or "",
            found=await sent_folder_of(visit.session, box),
            folders=[(one.name, one.chosen) for one in listed if one.name not in own],
            names=[one.name for one in listed],
        )

    @post("/")
    async def save(self, visit: Visit, box: UUID, posted: FormMultiDict) -> Response[Any]:
        mailbox = await visit.work.get(Mailbox, box, action="edit", lock=True)
        names = {one.name for one in await folders_of(visit.session, box) if one.kind not in NEVER}
        sent = posted.get("sent", "")
        if sent != (mailbox.sent_folder or "") and (not sent or sent in names):
            await visit.work.update(Mailbox, box, Mailbox.sent_folder.to(sent or None))
        await choose(visit.session, box, [name for name in posted.getall("folder", []) if name in names])
        await visit.commit()
        return visit.go(f"/mail?box={box}", visit.text("my_mail.folders_kept"))
