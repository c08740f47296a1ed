"""The answer that the writer of a new case gets by itself: that his letter arrived, and under which number."""

from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.letters.addresses import Party
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.cases.automatic import MOST_AN_HOUR, Automatic, bearable, put_on_its_way
from crm_domain.modules.cases.fields import Case
from crm_domain.modules.emails import Email
from crm_domain.modules.mailboxes import Mailbox

if TYPE_CHECKING:
    from crm_domain.records.work import Work


async def confirm(work: "Work", mailbox: Mailbox, letter: UUID, case: UUID, sender: Party) -> UUID | None:
    """The answer on its way, in the thread of the letter and in the case's files; None where none is due."""
    address = sender.address.lower()
    if not mailbox.auto_reply or _spared(mailbox, address):
        return None
    if not await bearable(work, address, mailbox.auto_reply_most or MOST_AN_HOUR):
        return None
    text = mailbox.auto_reply_text or catalogue(work.locale.language).text("cases.auto_reply")
    former, opened = await work.get(Email, letter), await work.get(Case, case)
    to = Party("", sender.address)
    answer = Automatic(to=to, text=text, locale=work.locale, mailbox=mailbox, answers=former)
    return await put_on_its_way(work, opened, answer)


def _spared(mailbox: Mailbox, address: str) -> bool:
    """Whether the mailbox's keeper wants none to go there."""
    excepted = (mailbox.auto_reply_except or "").lower().replace("،", ",").replace("؛", ",").replace(";", ",")
    spared = {word.strip().removeprefix("@") for word in excepted.split(",")}
    return address in spared or address.rpartition("@")[2] in spared
