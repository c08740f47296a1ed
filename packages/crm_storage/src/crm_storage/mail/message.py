"""A notice as a mail in the recipient's language, built only with the standard e-mail policy (SEC-16)."""

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Any

from crm_domain.messages.catalogue import catalogue
from crm_domain.sending.letter import Attachment

PAGE = (
    '<!doctype html><html lang="{language}" dir="{dir}"><meta charset="utf-8"><body dir="{dir}">'
    '<p style="white-space:pre-line">{text}</p>{link}</body></html>'
)


def notice(
    payload: Mapping[str, Any], *, sender: str, message_id: str, files: Sequence[Attachment] = ()
) -> EmailMessage:
    """The mail that a `mail.send` job asks for: plain text and simple HTML, with its files."""
    language = payload["language"]
    words = catalogue(language)
    facts = words.told(payload["facts"])
    text = words.text(f"mail.{payload['template']}.text", **facts)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    if payload.get("reply_to"):
        message["Reply-To"] = payload["reply_to"]
    message["To"] = payload["to"]
    message["Subject"] = words.text(f"mail.{payload['template']}.subject", **facts)
    message["Message-ID"] = f"<{message_id}>"
    link = facts.get("link", "")
    message.set_content(f"{text}\n\n{link}\n" if link else f"{text}\n")
    anchor = f'<p><a href="{escape(link)}">{escape(link)}</a></p>' if link else ""
    html = PAGE.format(language=language, dir="rtl" if language == "fa" else "ltr", text=escape(text), link=anchor)
    message.add_alternative(html, subtype="html")
    if calendar := payload.get("calendar"):
        _invite(message, calendar["method"], calendar["text"])
    for file in files:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, kind, subtype or "octet-stream", filename=file.name)
    return message


def _invite(message: EmailMessage, method: str, text: str) -> None:
    """The calendar file twice, as programs want it: one that answers in place, one to be opened."""
    message.add_alternative(text, subtype="calendar", params={"method": method})
    message.add_attachment(text.encode(), maintype="text", subtype="calendar", filename="invite.ics")
