"""A trial on the whole way: a mail that must arrive in the bounce account, and one that must come back to it."""

import secrets
import zlib
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP, compat32
from email.utils import formataddr
from typing import NamedTuple

from crm_domain.sending.checkup import FIRST_PROBE, Probe, proofs
from crm_domain.sending.letter import Outgoing
from crm_domain.sending.mime import ascii_domain
from crm_domain.sending.replies import Class
from crm_domain.tracking.tokens import TEST, Content, Kind
from crm_storage.database import Session
from crm_storage.mail.dkim import BadKey, signer
from crm_storage.sending.courier import connect
from crm_storage.sending.station import Outlet, Station
from crm_storage.smtp.connection import Unusable
from crm_storage.smtp.transfer import Fate, transfer

ACCOUNT = """
SELECT id, name, from_name, from_addr FROM outbound_accounts
WHERE deleted_at IS NULL AND coalesce(state, '') <> 'disabled' ORDER BY bulk DESC NULLS LAST, created_at, id LIMIT 1
"""
BOX = """
SELECT address, coalesce(return_domain, '') FROM bounce_accounts WHERE deleted_at IS NULL AND active ORDER BY created_at, id LIMIT 1
"""
CAME = "SELECT message, raw FROM inbound_mail WHERE message = ANY(%(numbers)s)"
LONGEST_LOCAL = 64
SUBJECT = "Trial of returned mail"
TEXT = "A trial mail, sent to see whether mailings arrive and what cannot be delivered comes back.\r\n"


class Came(NamedTuple):
    """What is known of a trial by now. `proofs` is what the receiver says of SPF, DKIM and DMARC."""

    arrived: bool
    returned: bool
    proofs: dict[str, str]


async def send_probe(station: Station) -> Probe | None:
    """Sends both mails by the account that mailings use; None where there is no such account or nothing to return to."""
    async with station.session() as session:
        account, box = await session.one(ACCOUNT), await session.one(BOX)
        outlet = await station.outlet(session, account[0]) if account else None
    if account is None or box is None or outlet is None:
        return None
    _, name, from_name, sender = account
    at = station.clock()
    number = FIRST_PROBE + 2 * int(at.timestamp())
    tokens = [station.tokens.sign_mail(Kind.BOUNCE, Content(station.number, number + n, 0, TEST)) for n in (0, 1)]
    paths = [_return_path(token, *box) for token in tokens]
    nobody = f"nobody-{secrets.token_hex(8)}@{ascii_domain(sender).rpartition('@')[2]}"
    author = formataddr((from_name, ascii_domain(sender)))
    mails = zip(tokens, paths, (paths[0], nobody), strict=True)
    sent, refused = [await _send(station, outlet, _mail(author, to, token, at), path, to) for token, path, to in mails]
    return Probe(number=number, account=name, at=at, sent=sent, refused=refused)


async def came(session: Session, probe: Probe) -> Came:
    """What the bounce account got of it so far."""
    rows = dict(await session.rows(CAME, {"numbers": [probe.number, probe.number + 1]}))
    raw = rows.get(probe.number)
    headers = BytesHeaderParser(policy=compat32).parsebytes(zlib.decompress(bytes(raw))) if raw else None
    said = str(headers.get("Authentication-Results", "")) if headers else ""
    returned = probe.number + 1 in rows or probe.refused == Class.BAD_ADDRESS.value
    return Came(raw is not None, returned, proofs(said))


def _return_path(token: str, address: str, domain: str) -> str:
    """Where a mail comes back to: its own address, as far as the account has such."""
    if domain:
        return f"b-{token}@{ascii_domain(domain).removeprefix('@')}"
    local, _, host = ascii_domain(address).partition("@")
    return f"{local}+{token}@{host}" if len(local) + len(token) < LONGEST_LOCAL else f"{local}@{host}"


def _mail(author: str, to: str, token: str, at: datetime) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = author, to, SUBJECT, at
    mail["Message-ID"] = f"<{token}@{author.rpartition('@')[2].rstrip('>')}>"
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Sadra-Msg"] = token
    mail.set_content(TEXT)
    return mail.as_bytes()


async def _send(station: Station, outlet: Outlet, content: bytes, path: str, to: str) -> str:
    """The class of the server's answer."""
    fates: list[Fate] = []
    try:
        content = signer(*outlet.dkim)(content, station.clock()) if outlet.dkim else content
        connection = await connect(station, outlet)
    except BadKey:
        return "bad_key"
    except Unusable as trouble:
        return trouble.kind.value
    try:
        await transfer(connection, Outgoing(0, path, to, content, to.isascii()), lambda: None, fates.append)
    finally:
        await connection.quit()
    return fates[0].kind.value
