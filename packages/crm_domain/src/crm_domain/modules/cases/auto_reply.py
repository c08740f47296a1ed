"""The answer that the writer of a new case gets by itself: that his letter arrived, and under which number."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.definition import Ref
from crm_domain.letters.addresses import Party
from crm_domain.letters.answer import ancestry
from crm_domain.letters.incoming import as_markup
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.emails import Email
from crm_domain.modules.emails.write import SUBJECT
from crm_domain.modules.mailboxes import Mailbox
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST_AN_HOUR = 3
"""To one address, whatever the mailbox allows: so slow is every loop."""
SPANS = (timedelta(hours=1), timedelta(days=1))


async def confirm(work: "Work", mailbox: Mailbox, letter: UUID, case: UUID, sender: Party) -> UUID | None:
    """The answer on its way, in the thread of the letter and in the case's files; None where none is due."""
    if not mailbox.auto_reply or not await _may(work, mailbox, sender.address.lower()):
        return None
    former, opened = await work.get(Email, letter), await work.get(Case, case)
    words = catalogue(work.locale.language)
    facts = {"number": work.locale.in_digits(str(opened.case_number)), "subject": opened.name}
    text = mailbox.auto_reply_text or words.text("cases.auto_reply")
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", value)
    id_ = await work.create(
        Email,
        Email.name.to(words.text("cases.auto_reply_subject", **facts)[:255]),
        Email.sender.to(str(Party(mailbox.from_name or mailbox.name, mailbox.address))[:320]),
        Email.recipients.to(sender.address),
        Email.description.to(text),
        Email.body.to(as_markup(text)),
        Email.email_type.to("out"),
        Email.status.to("queued"),
        Email.folder.to("outbox"),
        Email.automatic.to(True),
        Email.mailbox.to(Ref("mailboxes", mailbox.id)),
        Email.team.to(mailbox.team),
        Email.sent_at.to(work.now()),
        Email.answers.to(former.message_id),
        Email.ancestors.to(ancestry(former) or None),
        Email.thread.to(former.thread),
    )
    await work.store.link(work.relation("emails", "cases"), id_, [case], {})
    await work.store.enqueue(SUBJECT, {"email": str(id_)})
    return id_


async def _may(work: "Work", mailbox: Mailbox, address: str) -> bool:
    """Nobody gets many of them, none goes to a mailbox of the company's, nor where its keeper said so."""
    excepted = (mailbox.auto_reply_except or "").lower().replace("،", ",").replace("؛", ",").replace(";", ",")
    spared = {word.strip().removeprefix("@") for word in excepted.split(",")}
    if address in spared or address.rpartition("@")[2] in spared:
        return False
    own = ListQuery(filter=Condition("address", "eq", address), columns=("name",), limit=1)
    if (await work.store.page(work.module(Mailbox), own)).rows:
        return False
    for span, most in zip(SPANS, (MOST_AN_HOUR, mailbox.auto_reply_most or MOST_AN_HOUR), strict=True):
        since = Condition("sent_at", "ge", work.now() - span)
        to = both(Condition("automatic", "eq", True), Condition("recipients", "contains", address), since)
        if (await work.store.count(work.module(Email), to, cap=most)).number >= most:
            return False
    return True
