"""Telling a case's customer by mail that it was opened or closed, where the company wants that.

The worker writes the letter: whoever opened the case need not be allowed to write letters for the company, and a case that
was closed by mistake has a minute to be opened again.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Change
from crm_domain.letters.addresses import Party
from crm_domain.letters.answer import language_of
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.cases.automatic import Automatic, bearable, put_on_its_way
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.cases.rules import OCCASIONS, Occasion, case_rules
from crm_domain.modules.emails import Email
from crm_domain.modules.mailboxes import Mailbox
from crm_domain.problems import NotFound
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Sort
from crm_domain.tenancy import locale_for
from crm_domain.text.rich import to_plain

if TYPE_CHECKING:
    from crm_domain.records.work import Work

SUBJECT = "cases.tell"
SECOND_THOUGHT = timedelta(seconds=60)
SILENT: Mapping[Occasion, tuple[str, ...]] = {"opened": ("import", "mail", "demo"), "closed": ("import", "demo")}
"""Where a change comes from without anybody being told; whose letter opened a case, that one's mailbox answers."""


async def customer_learns(work: "Work", change: Change[Case]) -> None:
    """Asks for the letter that this change is an occasion for."""
    occasion = _occasion(change)
    if occasion is None or work.store.source in SILENT[occasion]:
        return
    if (await case_rules(work)).mail(occasion).sent:
        closed = occasion == "closed"
        facts = {"case": str(change.after.id), "occasion": occasion, "closed_at": _stamp(change.after)}
        await work.store.enqueue(SUBJECT, facts, change.now + SECOND_THOUGHT if closed else None)


def _occasion(change: Change[Case]) -> Occasion | None:
    """Cases among colleagues and those of nobody are none."""
    case, before = change.after, change.before
    if case.contact is None or case.is_internal:
        return None
    if change.new:
        return "opened" if case.state == "open" else None
    return "closed" if before is not None and before.state == "open" and case.state == "closed" else None


def _stamp(case: Case) -> str:
    return case.closed_at.isoformat() if case.closed_at else ""


async def tell_customer(
    work: "Work", facts: Mapping[str, Any], *, mailbox: UUID | None, sender: Party | None, address: str
) -> UUID | None:
    """The letter that was asked for, on its way from the mailbox or, without one, from `sender`; None where none is due any more.

    It is in the language in which the case is written. The caller commits.
    """
    occasion: Occasion = next(one for one in OCCASIONS if one == facts["occasion"])
    mail = (await case_rules(work)).mail(occasion)
    try:
        case = await work.get(Case, UUID(facts["case"]))
    except NotFound:
        return None
    if case.contact is None or _stamp(case) != facts["closed_at"] or not mail.sent:
        return None
    if not address or (mailbox is None and sender is None) or not await bearable(work, address.lower()):
        return None
    language = language_of(f"{case.name} {to_plain(case.description or '')}")
    locale = work.locale if language == work.locale.language else locale_for(language)
    letter = Automatic(
        to=Party(case.contact.name, address),
        text=mail.words.get(language) or standard_words(occasion, language),
        locale=locale,
        mailbox=await work.get(Mailbox, mailbox) if mailbox else None,
        sender=sender,
        answers=await _latest(work, case),
    )
    return await put_on_its_way(work, case, letter)


def standard_words(occasion: Occasion, language: str) -> str:
    """The product's own, with places as in canned replies."""
    return catalogue(language).text(f"cases.mail_{occasion}")


async def _latest(work: "Work", case: Case) -> Email | None:
    """The last letter that came about the case."""
    query = ListQuery(
        filter=Condition("email_type", "eq", "inbound"),
        columns=("message_id", "ancestors", "answers", "thread"),
        sort=(Sort("sent_at", descending=True),),
        limit=1,
    )
    rows = (await work.store.related(work.relation("cases", "correspondence"), case.id, query)).rows
    return Email(rows[0].id, rows[0].values) if rows else None
