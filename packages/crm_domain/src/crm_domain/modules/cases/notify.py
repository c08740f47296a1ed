"""Telling a case's contacts what was answered, by mail."""

from typing import TYPE_CHECKING

from crm_domain.modules.cases.fields import Case
from crm_domain.modules.cases.updates import CaseUpdate
from crm_domain.query.page import ListQuery
from crm_domain.text.rich import to_plain

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST_CONTACTS = 50
JOB = "mail.send"


async def mail_update(work: "Work", case: Case, update: CaseUpdate) -> int:
    """Mails a public update to every contact of the case that has a working address; to how many.

    The mail leaves once the work commits. Notes among colleagues go to nobody.
    """
    if update.internal:
        return 0
    contacts = await work.store.related(
        work.relation("cases", "contacts"), case.id, ListQuery(columns=("name", "emails"), limit=MOST_CONTACTS)
    )
    addresses = [
        entry.address for row in contacts.rows for entry in row["emails"] or () if entry.primary and not entry.invalid
    ]
    facts = {
        "link": "",
        "number": work.locale.in_digits(str(case.case_number)),
        "subject": case.name,
        "text": to_plain(update.description),
    }
    for address in dict.fromkeys(addresses):
        payload = {"to": address, "template": "case_update", "language": work.locale.language, "facts": facts}
        await work.store.enqueue(JOB, payload)
    return len(set(addresses))
