"""Writing letters: drafts, their way out, and what becomes of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Blob, Ref, Set
from crm_domain.letters.addresses import Party, listed, parties
from crm_domain.letters.answer import ancestry
from crm_domain.modules.emails.fields import Email
from crm_domain.modules.mailboxes import Mailbox
from crm_domain.problems import Denied, FieldProblem, Invalid, Refused

if TYPE_CHECKING:
    from crm_domain.records.work import Work

SUBJECT = "email.send"
RELATION = "email_record"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote. Without a mailbox the house sends it, and answers go to `writer`."""

    writer: Party
    mailbox: UUID | None = None
    to: Sequence[Party] = ()
    copies: Sequence[Party] = ()
    blind: Sequence[Party] = ()
    subject: str = ""
    body: str = ""
    attachments: Sequence[Blob] = ()
    answers: UUID | None = None
    records: Sequence[Ref] = ()
    track_opens: bool = False


async def keep_draft(work: "Work", written: Written, id_: UUID | None = None, *, untitled: str) -> UUID:
    """Keeps what was written, anew or over an earlier draft of the same. Raises NotFound, Denied, Invalid, Refused."""
    sets = [*await _sender(work, written), *await _thread(work, written)]
    sets += [
        Email.name.to(written.subject.strip() or untitled),
        Email.recipients.to(listed(tuple(written.to)) or None),
        Email.copies.to(listed(tuple(written.copies)) or None),
        Email.blind.to(listed(tuple(written.blind)) or None),
        Email.body.to(written.body or None),
        Email.attachments.to(tuple(written.attachments) or None),
        Email.sent_at.to(work.now()),
        Email.track_opens.to(written.track_opens),
    ]
    if id_ is None:
        kinds = (Email.email_type.to("draft"), Email.status.to("draft"), Email.folder.to("drafts"))
        id_ = await work.create(Email, *kinds, *sets)
    else:
        await _unsent(work, id_)
        await work.update(Email, id_, *sets)
    await link(work, id_, written.records)
    return id_


async def send(work: "Work", id_: UUID, at: datetime | None = None) -> None:
    """Hands a draft to the worker, for that time or now; what failed may be sent again.

    Raises NotFound, Denied, Invalid, Refused.
    """
    email = await _unsent(work, id_)
    if not any(parties(text) for text in (email.recipients, email.copies, email.blind)):
        raise Invalid({"recipients": (FieldProblem("problems.required"),)})
    sets: list[Set[Any]] = [
        Email.email_type.to("out"),
        Email.status.to("queued"),
        Email.folder.to("outbox"),
        Email.failure.to(None),
        Email.sent_at.to(at or work.now()),
        Email.leaves_at.to(at),
    ]
    await work.update(Email, id_, *sets)
    await work.store.enqueue(SUBJECT, {"email": str(id_)}, at)


async def take_back(work: "Work", id_: UUID) -> None:
    """Makes a draft again of what still waits to leave. Raises NotFound, Denied, Refused."""
    await _unsent(work, id_, ("queued",))
    kinds = (Email.email_type.to("draft"), Email.status.to("draft"), Email.folder.to("drafts"))
    await work.update(Email, id_, *kinds, Email.leaves_at.to(None))


async def send_now(work: "Work", id_: UUID) -> None:
    """Waits no longer. Raises NotFound, Denied, Refused."""
    await _unsent(work, id_, ("queued",))
    await work.update(Email, id_, Email.leaves_at.to(None))
    await work.store.enqueue(SUBJECT, {"email": str(id_)})


async def send_again(work: "Work", id_: UUID) -> None:
    """Sends once more what failed, or what nobody knows of; that may then arrive twice. Raises NotFound, Denied, Refused."""
    email = await _unsent(work, id_, ("send_error", "uncertain"))
    if email.status == "send_error":
        return await send(work, id_)
    await work.update(Email, id_, Email.status.to("queued"))
    await work.store.enqueue(SUBJECT, {"email": str(id_)})


async def count_as_sent(work: "Work", id_: UUID) -> None:
    """A writer's word about what nobody knew of. Raises NotFound, Denied, Refused."""
    await _unsent(work, id_, ("uncertain",))
    await work.update(Email, id_, Email.status.to("sent"), Email.folder.to("sent"))


async def discard(work: "Work", id_: UUID) -> None:
    """Throws a draft away. Raises NotFound, Denied, Refused."""
    await _unsent(work, id_)
    await work.remove(Email, [id_])


async def link(work: "Work", id_: UUID, records: Sequence[Ref]) -> int:
    """Puts a letter into the files of records within the actor's reach; how many are new. Raises Invalid."""
    seen = await work.store.names(list(records))
    if any(ref not in seen or seen[ref].gone for ref in records):
        raise Invalid({"record": (FieldProblem("problems.unknown_record"),)})
    relations = work.registry.relations("emails")
    return sum([await work.store.link(relations[ref.module], id_, [ref.id], {}) for ref in records])


async def _unsent(work: "Work", id_: UUID, states: Sequence[str] = ("draft", "send_error")) -> Email:
    """Something that has not left: a draft, or what could not be sent."""
    email = await work.get(Email, id_, action="edit", lock=True)
    if email.status not in states:
        raise Refused("emails.has_left")
    return email


async def _sender(work: "Work", written: Written) -> list[Set[Any]]:
    """From which account: one's own or a group's, whose letters the group may read. Raises NotFound, Denied, Refused."""
    if written.mailbox is None:
        return [Email.mailbox.to(None), Email.sender.to(str(written.writer)[:320]), Email.personal.to(True)]
    mailbox = await work.get(Mailbox, written.mailbox)
    if not mailbox.active:
        raise Refused("mailboxes.not_active")
    group = mailbox.mailbox_use == "group"
    if not group and (mailbox.assigned_to is None or mailbox.assigned_to.id != work.access.user):
        raise Denied
    sender = Party(mailbox.from_name or written.writer.name, mailbox.address)
    sets: list[Set[Any]] = [Email.mailbox.to(Ref("mailboxes", written.mailbox)), Email.sender.to(str(sender)[:320])]
    return [*sets, Email.personal.to(not group), *([Email.team.to(mailbox.team)] if group else [])]


async def _thread(work: "Work", written: Written) -> list[Set[Any]]:
    """An answer stays in its thread, and keeps the records of what it answers."""
    if written.answers is None:
        return []
    former = await work.get(Email, written.answers)
    return [
        Email.answers.to(former.message_id),
        Email.ancestors.to(ancestry(former) or None),
        Email.thread.to(former.thread),
    ]
