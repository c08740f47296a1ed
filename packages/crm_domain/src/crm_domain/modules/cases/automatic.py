"""Letters about cases that nobody writes: they leave like any other letter, and lie in the case's files.

So slow that no loop hurts, and never to a mailbox of the company's own.
"""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.letters.addresses import Party
from crm_domain.letters.answer import ancestry
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.cases.words import facts_of, letter_of
from crm_domain.modules.emails import Email
from crm_domain.modules.emails.write import SUBJECT
from crm_domain.modules.mailboxes import Mailbox
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery
from crm_domain.text.locale import Locale

if TYPE_CHECKING:
    from crm_domain.records.work import Work

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_AN_HOUR = 3
"""To one address, whatever they are about."""


class Automatic(msgspec.Struct, frozen=True, kw_only=True):
    """A letter to one address. `sender` writes where there is no mailbox; `answers` is the letter in whose thread it stands."""

    to: Party
    text: str
    locale: Locale
    mailbox: Mailbox | None = None
    sender: Party | None = None
    answers: Email | None = None


async def put_on_its_way(work: "Work", case: Case, letter: Automatic) -> UUID:
    """The letter, queued and in the case's files; the caller commits."""
    former, box = letter.answers, letter.mailbox
    sender = Party(box.from_name or box.name, box.address) if box else letter.sender
    assert sender is not None, "somebody writes every letter"
    subject = catalogue(letter.locale.language).text("cases.auto_reply_subject", **facts_of(case, letter.locale))
    id_ = await work.create(
        Email,
        Email.name.to(subject[:255]),
        Email.sender.to(str(sender)[:320]),
        Email.recipients.to(str(letter.to)),
        Email.body.to(letter_of(letter.text, case, letter.locale, sender.name)),
        Email.email_type.to("out"),
        Email.status.to("queued"),
        Email.folder.to("outbox"),
        Email.automatic.to(True),
        Email.mailbox.to(Ref("mailboxes", box.id) if box else None),
        Email.team.to(box.team if box else case.team),
        Email.sent_at.to(work.now()),
        Email.answers.to(former.message_id if former else None),
        Email.ancestors.to((ancestry(former) or None) if former else None),
        Email.thread.to(former.thread if former else None),
    )
    await work.store.link(work.relation("emails", "cases"), id_, [case.id], {})
    await work.store.enqueue(SUBJECT, {"email": str(id_)})
    return id_


async def bearable(work: "Work", address: str, most_a_day: int | None = None) -> bool:
    """Whether one more of them may go there."""
    own = ListQuery(filter=Condition("address", "eq", address), columns=("name",), limit=1)
    if (await work.store.page(work.module(Mailbox), own)).rows:
        return False
    limits = [(HOUR, MOST_AN_HOUR), *([(DAY, most_a_day)] if most_a_day else [])]
    for span, most in limits:
        since = Condition("sent_at", "ge", work.now() - span)
        to = both(Condition("automatic", "eq", True), Condition("recipients", "contains", address), since)
        if (await work.store.count(work.module(Email), to, cap=most)).number >= most:
            return False
    return True
