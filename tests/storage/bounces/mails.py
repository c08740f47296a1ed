"""Returned mails as servers write them: each about one of our mails, whose sign is where that server leaves it."""

from email.message import EmailMessage
from email.policy import SMTP

from crm_domain.tracking.tokens import Content, Kind
from tests.storage.mailing import TOKENS

PERSIAN = "پیام شما به مقصد نرسید"


def sign(tenant: int, message: int, marks: int = 0) -> str:
    """Our sign in a return path."""
    return TOKENS.sign_mail(Kind.BOUNCE, Content(tenant, message, marks=marks))


def report(
    status: str,
    *,
    to: str = "bounce@company.example",
    action: str = "failed",
    diagnostic: str = "",
    address: str = "reader1@shop.example",
    returned: str = "",
    sender: str = "MAILER-DAEMON@relay.example",
    subject: str = "Undelivered Mail Returned to Sender",
) -> bytes:
    """A report as RFC 3464 wants it; `returned` are headers of the mail that came back."""
    lines = [
        f"From: Mail Delivery System <{sender}>",
        f"To: {to}",
        f"Subject: {subject}",
        "Return-Path: <>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="line"',
        "",
        "--line",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        PERSIAN,
        "--line",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; relay.example",
        "Arrival-Date: Fri, 20 Nov 2026 11:30:00 +0330",
        "",
        f"Final-Recipient: rfc822; {address}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; {diagnostic or status}",
        "",
        "--line",
        "Content-Type: message/rfc822",
        "",
        returned or "Subject: Autumn",
        "",
        "",
        "--line--",
        "",
    ]
    return "\r\n".join(lines).encode()


def in_words(sender: str, text: str, to: str = "bounce@company.example", subject: str = "failure notice") -> bytes:
    """What servers write that know of no reports."""
    return f"From: {sender}\r\nTo: {to}\r\nReturn-Path: <>\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()


def complaint(returned: str, kind: str = "abuse", to: str = "bounce@company.example") -> bytes:
    """A feedback report (RFC 5965)."""
    lines = [
        "From: <feedback@provider.example>",
        f"To: {to}",
        "Subject: Spam complaint",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="line"',
        "",
        "--line",
        "Content-Type: text/plain",
        "",
        "This is an email abuse report.",
        "--line",
        "Content-Type: message/feedback-report",
        "",
        f"Feedback-Type: {kind}",
        "User-Agent: Provider/1.0",
        "Version: 1",
        "",
        "--line",
        "Content-Type: message/rfc822",
        "",
        returned,
        "",
        "",
        "--line--",
        "",
    ]
    return "\r\n".join(lines).encode()


def letter(sender: str, subject: str, text: str, to: str = "bounce@company.example", **headers: str) -> bytes:
    """A mail that a person or his program wrote."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()
