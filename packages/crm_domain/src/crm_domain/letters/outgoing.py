"""A letter as a mail, built only with the standard e-mail policy (SEC-16)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

import msgspec

from crm_domain.letters.addresses import Party
from crm_domain.sending.letter import Attachment
from crm_domain.sending.mime import ascii_domain

PAGE = '<!doctype html><html><head><meta charset="utf-8"></head><body dir="auto">{body}</body></html>'


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What leaves. `reply_to` where answers go elsewhere than to the sender."""

    sender: Party
    reply_to: Party | None = None
    to: Sequence[Party]
    copies: Sequence[Party] = ()
    subject: str
    text: str
    markup: str = ""
    message_id: str
    answers: str = ""
    ancestors: str = ""
    at: datetime
    attachments: Sequence[Attachment] = ()
    pictures: Mapping[str, Attachment] = {}
    """Those within the markup, by content id."""
    automatic: bool = False
    """Nobody wrote it, and no program shall answer it."""
    pixel: str = ""
    """An address that tells when the letter is opened; plain text never has it."""


def mail_of(sent: Sent) -> EmailMessage:
    """The mail. Blind recipients stand in the envelope only. Raises BadValue, ValueError for what no header may hold."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(sent.sender)
    if sent.reply_to:
        mail["Reply-To"] = _address(sent.reply_to)
    mail["To"] = [_address(party) for party in sent.to] or "undisclosed-recipients:;"
    if sent.copies:
        mail["Cc"] = [_address(party) for party in sent.copies]
    mail["Subject"] = sent.subject
    mail["Date"] = format_datetime(sent.at)
    mail["Message-ID"] = sent.message_id
    if sent.answers:
        mail["In-Reply-To"] = sent.answers
        mail["References"] = sent.ancestors or sent.answers
    if sent.automatic:
        mail["Auto-Submitted"] = "auto-replied" if sent.answers else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(sent.text or "\n")
    if sent.markup:
        mail.add_alternative(PAGE.format(body=sent.markup + _seen(sent.pixel)), subtype="html")
        _place(mail, sent.pictures)
    for item in sent.attachments:
        kind, _, subtype = item.media_type.partition("/")
        mail.add_attachment(item.content, kind, subtype or "octet-stream", filename=item.name)
    return mail


def _seen(pixel: str) -> str:
    return f'<img src="{escape(pixel)}" width="1" height="1" alt="">' if pixel else ""


def _place(mail: EmailMessage, pictures: Mapping[str, Attachment]) -> None:
    """Pictures go with the markup that shows them, so that nobody loads anything from us."""
    page = mail.get_body(("html",))
    for id_, picture in pictures.items():
        kind, _, subtype = picture.media_type.partition("/")
        if isinstance(page, EmailMessage):
            page.add_related(picture.content, kind, subtype, cid=f"<{id_}>", disposition="inline")


def _address(party: Party) -> Address:
    return Address(party.name, addr_spec=ascii_domain(party.address))
