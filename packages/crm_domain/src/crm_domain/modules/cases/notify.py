"""Telling a case's contacts what was answered, by mail."""

import re
from typing import TYPE_CHECKING, Any

import msgspec

from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.cases.updates import CaseUpdate
from crm_domain.query.page import ListQuery
from crm_domain.text.rich import to_plain

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST_CONTACTS = 50
JOB = "mail.send"
LINE = "##- {words} -##"
ABOVE = re.compile(r"^[>\s|]*##- .{4,120} -##\s*$")
"""The line that our mails begin with, in whichever language; an answer stands above it."""


async def mail_update(work: "Work", case: Case, update: CaseUpdate, *, answers_to: str = "") -> int:
    """Mails a public update with its files to every contact of the case that has a working address; to how many.

    Answers go to the mailbox `answers_to`, where there is one. The mail leaves once the work commits. Notes among colleagues go
    to nobody.
    """
    if update.internal:
        return 0
    contacts = await work.store.related(
        work.relation("cases", "contacts"), case.id, ListQuery(columns=("name", "emails"), limit=MOST_CONTACTS)
    )
    addresses = [
        entry.address for row in contacts.rows for entry in row["emails"] or () if entry.primary and not entry.invalid
    ]
    text = to_plain(update.description)
    if answers_to:
        text = f"{LINE.format(words=catalogue(work.locale.language).text('cases.reply_above'))}\n\n{text}"
    facts = {
        "link": "",
        "number": work.locale.in_digits(str(case.case_number)),
        "subject": case.name,
        "text": text,
    }
    enclosed: dict[str, Any] = {"files": msgspec.to_builtins(update.attachments)} if update.attachments else {}
    if answers_to:
        enclosed["reply_to"] = answers_to
    for address in dict.fromkeys(addresses):
        payload = {
            "to": address,
            "template": "case_update",
            "language": work.locale.language,
            "facts": facts,
            **enclosed,
        }
        await work.store.enqueue(JOB, payload)
    return len(set(addresses))
