"""Handing a mail to the installation's SMTP server."""

from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

TIMEOUT_S = 60
"""REL-21."""


async def send(url: str, message: EmailMessage) -> None:
    """Sends one mail by `smtp://`, `smtp+starttls://` or `smtps://`; raises what the server refuses."""
    parts = urlsplit(url)
    await aiosmtplib.send(
        message,
        hostname=parts.hostname or "localhost",
        port=parts.port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=parts.scheme == "smtps",
        start_tls=parts.scheme == "smtp+starttls",
        timeout=TIMEOUT_S,
    )
