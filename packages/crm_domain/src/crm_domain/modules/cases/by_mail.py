"""Cases that come by mail: a letter opens one, and an answer in its thread goes on with it."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Ref, Set
from crm_domain.letters.addresses import Party
from crm_domain.letters.incoming import as_markup
from crm_domain.modules.cases.auto_reply import confirm
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.cases.hand_out import taker
from crm_domain.modules.cases.notify import ABOVE
from crm_domain.modules.cases.updates import tell_of_answer, write_update
from crm_domain.modules.contacts import Contact
from crm_domain.modules.emails import Email
from crm_domain.modules.emails.carry import carry
from crm_domain.modules.mailboxes import Mailbox
from crm_domain.problems import Problem
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery

if TYPE_CHECKING:
    from crm_domain.records.work import Work

CHANNEL = "email"
NUMBERED = re.compile(r"\[CASE:\s*(\d{1,9})\s*\]", re.IGNORECASE)
"""What a case's own mails have in their subject, in digits of any script."""
QUOTATION = re.compile(
    r"^(?:>|-{2,} ?(?:original|forwarded) |_{10,}|on .{5,200} wrote:$|.{5,200} نوشت:$)", re.IGNORECASE
)
MOST_CONTACTS = 50
MOST = 20_000
"""Letters of a letter that go into a case; the letter itself stands beside it."""


async def case_by_mail(
    work: "Work", mailbox: UUID, email: UUID, subject: str, text: str, sender: Party, *, team: Sequence[UUID] = ()
) -> UUID | None:
    """The case that a stored letter opened or went on with; None where a rule of the company stands against it.

    A new one belongs to the mailbox's team, whose active members are `team`, and goes to one of them as the mailbox says.
    A letter is only believed to be a contact's as far as his words go into a case: it proves nothing else (SEC-27).
    """
    relation = work.relation("emails", "cases")
    words = as_markup(unquoted(text)[:MOST]) or as_markup(subject)
    contact = await _contact(work, sender)
    try:
        if known := await _known(work, email, subject, contact):
            files = (await work.get(Email, email)).attachments or ()
            case = Ref("cases", known)
            await write_update(work, case, words, internal=contact is None, contact=contact, files=files)
            if contact is None:
                await tell_of_answer(work, await work.get(Case, known), str(sender))
            await work.store.link(relation, email, [known], {})
            return known
        sets: list[Set[Any]] = [Case.name.to(subject), Case.description.to(words), Case.channel.to(CHANNEL)]
        box = await work.get(Mailbox, mailbox)
        whose = (Case.assigned_to.to(await taker(work, box, team)), Case.team.to(box.team))
        case = await work.create(Case, *sets, Case.contact.to(contact), *whose)
        await work.store.link(relation, email, [case], {})
        if files := (await work.get(Email, email)).attachments:
            await carry(work, Ref("cases", case), subject, files)
        await confirm(work, box, email, case, sender)
    except Problem:
        return None
    return case


async def _known(work: "Work", email: UUID, subject: str, contact: Ref | None) -> UUID | None:
    """The case of the letter's thread, or the one whose number its subject has if that is the writer's own."""
    threaded = await work.store.related(work.relation("emails", "cases"), email, ListQuery(columns=("name",), limit=1))
    if threaded.rows:
        return threaded.rows[0].id
    named = NUMBERED.search(subject)
    if named is None or contact is None:
        return None
    query = ListQuery(filter=Condition("case_number", "eq", int(named[1])), columns=("name", "contact"), limit=1)
    rows = (await work.store.page(work.module(Case), query)).rows
    if not rows:
        return None
    everybody = ListQuery(columns=("name",), limit=MOST_CONTACTS)
    linked = await work.store.related(work.relation("cases", "contacts"), rows[0].id, everybody)
    people = {row.id for row in linked.rows} | ({rows[0]["contact"].id} if rows[0]["contact"] else set[UUID]())
    return rows[0].id if contact.id in people else None


def unquoted(text: str) -> str:
    """What is new in an answer: the words above those it answers."""
    lines = text.splitlines()
    quoted = (QUOTATION.match(line.strip()[:220]) or ABOVE.match(line[:220]) for line in lines)
    end = next((at for at, found in enumerate(quoted) if at and found), len(lines))
    return "\n".join(lines[:end]).strip() or text


async def _contact(work: "Work", sender: Party) -> Ref | None:
    """The one contact with that address; with two of them nobody knows which."""
    query = ListQuery(filter=Condition("emails", "eq", sender.address), columns=("name",), limit=2)
    rows = (await work.store.page(work.module(Contact), query)).rows
    return Ref("contacts", rows[0].id) if len(rows) == 1 else None
