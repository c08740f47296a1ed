"""Trying an outbound account: one mail to whoever asks, the way mailings go, and what the server said to it."""

from email.message import EmailMessage
from email.utils import formataddr
from typing import Any
from uuid import UUID, uuid4

import msgspec

from crm_domain.people.preferences import preferences_of
from crm_domain.sending.letter import Outgoing
from crm_domain.sending.mime import ascii_domain
from crm_domain.sending.replies import Class, Reply
from crm_storage.database import Session
from crm_storage.mail.dkim import BadKey, signer
from crm_storage.mail.message import notice
from crm_storage.notices import tell
from crm_storage.outbox import put
from crm_storage.people.preferences import company_preferences
from crm_storage.sending.courier import connect
from crm_storage.sending.station import Outlet, Station
from crm_storage.smtp.connection import Unusable
from crm_storage.smtp.transfer import Fate, transfer

SUBJECT = "account.try"
NOTICE = "account_tried"
ACCOUNT = "SELECT name, from_name, from_addr FROM outbound_accounts WHERE id = %(account)s AND deleted_at IS NULL"
WHO = """
SELECT u.name, a.address, (SELECT p.body FROM preference p WHERE p.user_id = u.id)
FROM users u JOIN email_link l ON l.record_id = u.id AND l.module = 'users' AND l.is_primary
JOIN email_address a ON a.id = l.address_id
WHERE u.id = %(user)s AND u.status = 'active' AND u.deleted_at IS NULL
"""
LEARN = """
UPDATE outbound_accounts SET state = coalesce(%(state)s, state), state_note = nullif(left(%(note)s, 255), ''), version = version + 1
WHERE id = %(account)s
"""
STATES = {Class.ACCEPTED: "working", Class.SIGN_IN: "disabled"}
"""What an account is after such an answer; of others nothing follows for it."""


class Outcome(msgspec.Struct, frozen=True):
    """How it ended, as a key of `account_trial`, what it says of the account, and the server's own words."""

    key: str
    state: str | None = None
    reply: str = ""


async def ask(session: Session, account: UUID, *, by: UUID) -> None:
    """Has the worker try the account with a mail to that user; the caller commits."""
    await put(session, SUBJECT, {"account": str(account), "user": str(by)})


async def try_account(station: Station, account: UUID, user: UUID) -> Outcome | None:
    """Sends the mail and tells the user what came of it; None when account or user is gone."""
    async with station.session() as session:
        known = await session.one(ACCOUNT, {"account": account})
        who = await session.one(WHO, {"user": user})
        outlet = await station.outlet(session, account, disabled=True)
        company = await company_preferences(session)
    if known is None or outlet is None:
        return None
    name, from_name, from_addr = known
    if who is None:
        outcome = Outcome("no_address")
    else:
        person, address, own = who
        language = preferences_of(company, own or {}).language
        facts = {"person": person or "", "account": name}
        mail = _mail(language, facts, (from_name, from_addr), address)
        outcome = await _send(station, outlet, mail, from_addr, address)
    async with station.session() as session:
        if who is not None:
            await session.execute(LEARN, {"account": account, "state": outcome.state, "note": outcome.reply})
        said: dict[str, Any] = {"name": name, "outcome": {"id": f"account_trial.{outcome.key}"}, "reply": outcome.reply}
        await tell(session, NOTICE, [user], f"/outbound_accounts/{account}", said)
        await session.commit()
    return outcome


def _mail(language: str, facts: dict[str, str], sender: tuple[str, str], to: str) -> EmailMessage:
    payload = {"to": to, "template": "account_trial", "language": language, "facts": facts}
    domain = ascii_domain(sender[1]).rpartition("@")[2]
    return notice(payload, sender=formataddr(sender), message_id=f"{uuid4()}@{domain}")


async def _send(station: Station, outlet: Outlet, mail: EmailMessage, sender: str, to: str) -> Outcome:
    now = station.clock()
    mail["Date"] = now
    content = mail.as_bytes()
    try:
        content = signer(*outlet.dkim)(content, now) if outlet.dkim else content
        connection = await connect(station, outlet)
    except BadKey:
        return Outcome("bad_key")
    except Unusable as trouble:
        return _outcome(trouble.kind, trouble.reply)
    fates: list[Fate] = []
    try:
        envelope = ascii_domain(sender), ascii_domain(to)
        wide = not all(part.isascii() for part in envelope)
        await transfer(connection, Outgoing(0, *envelope, content, not wide), lambda: None, fates.append)
    finally:
        await connection.quit()
    return _outcome(fates[0].kind, fates[0].reply)


def _outcome(kind: Class, reply: Reply | None) -> Outcome:
    said = f"{reply.code} {reply.text}" if reply and kind is not Class.ACCEPTED else ""
    return Outcome(kind.value, STATES.get(kind), said.strip())
