"""A document sent as a letter: with the PDF attached or written in it, in the files of its record, from the sender's own
address."""

import io
from uuid import UUID

from crm_domain.definition import Blob, Ref
from crm_domain.letters.addresses import Party
from crm_domain.letters.incoming import as_markup
from crm_domain.modules.emails.write import Written, keep_draft, send
from crm_domain.problems import FieldProblem, Invalid
from crm_storage.letters.about import spared
from crm_web.letters.form import senders
from crm_web.letters.lines import HOUSE
from crm_web.pages.mail_compose import leaving_at
from crm_web.papers.document import Printed
from crm_web.visit import Visit


async def mailed(visit: Visit, record: Ref, made: Printed | str, *, box: str, to: str, subject: str, text: str) -> UUID:
    """Hands the letter over to be sent, the document as PDF or as HTML; its id.

    Raises Refused, and Invalid for an address where nothing arrives. The caller has asked for the right to write letters.
    """
    if (await spared(visit.session, [to])).invalid:
        raise Invalid({"to": (FieldProblem("my_mail.invalid", {"addresses": to}),)})
    offered = await senders(visit)
    chosen, _, signature = next((one for one in offered if one[0] == box), offered[0])
    files = () if isinstance(made, str) else (await _received(visit, made),)
    written = Written(
        writer=Party(visit.actor.name, visit.actor.email),
        mailbox=None if chosen == HOUSE else UUID(chosen),
        to=(Party("", to),),
        subject=subject,
        body=as_markup(text) + (made if isinstance(made, str) else "") + signature,
        attachments=files,
        records=(record,),
    )
    id_ = await keep_draft(visit.work, written, untitled=subject)
    await send(visit.work, id_, await leaving_at(visit))
    return id_


async def _received(visit: Visit, made: Printed) -> Blob:
    house = visit.installation
    return await house.files.receive(house.database, visit.tenant, visit.access.user, made.name, io.BytesIO(made.body))
