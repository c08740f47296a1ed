"""One mail of a bounce account: stored whole, judged once, applied to the message it speaks of."""

import hashlib
import zlib
from datetime import datetime, timedelta
from email.message import Message
from typing import Any
from uuid import UUID

import msgspec
from flufl.bounce import scan_message  # pyright: ignore[reportUnknownVariableType] - it has no types

from crm_domain.bounces.judge import Verdict, judge
from crm_domain.bounces.read import Recipient, Returned, read
from crm_domain.tracking.events import Act
from crm_domain.tracking.tokens import TEST, Content, Kind, Tokens
from crm_storage.bounces.apply import complained, refused, replied
from crm_storage.database import Session
from crm_storage.tracking.consent import Wish, apply_wishes

KNOWN = ("report", "complaint", "automatic", "receipt", "leave", "reply")
"""Sorts that may leave the inbox; whatever else arrives there stays where it is."""
SUSPECT_DAYS = 7
STORE = """
INSERT INTO inbound_mail (account_id, digest, uid, received_at, sender, subject, raw, sort)
VALUES (%(account)s, %(digest)s, %(uid)s, %(at)s, %(sender)s, %(subject)s, %(raw)s, %(sort)s)
ON CONFLICT (account_id, digest) DO NOTHING RETURNING id
"""
DECIDED = """
UPDATE inbound_mail SET message = %(message)s, status = %(status)s, rule = %(rule)s, decision = %(decision)s WHERE id = %(id)s
"""
BY_ADDRESS = """
SELECT q.id FROM email_queue q JOIN email_address a ON a.id = q.address_id
WHERE a.address_key = lower(%(address)s) AND q.state IN ('sent', 'begun', 'uncertain') AND NOT q.is_test
  AND coalesce(q.ended_at, q.begun_at, q.created_at) > %(since)s
ORDER BY q.id DESC LIMIT 1
"""


class Taken(msgspec.Struct, frozen=True):
    """What became of a mail: its sort, the message it was about, and what was decided; `new` is False for a repeat."""

    sort: str
    message: int | None = None
    decision: str = ""
    new: bool = True

    @property
    def known(self) -> bool:
        """Whether it may be moved away."""
        return self.sort in KNOWN and (self.message is not None or self.sort in {"automatic", "receipt"})


class Taker:
    """Judges the mails of one tenant's accounts."""

    def __init__(self, tokens: Tokens, tenant: int) -> None:
        self._tokens, self._tenant = tokens, tenant

    async def take(self, session: Session, account: UUID, uid: str, raw: bytes, at: datetime) -> Taken:
        """Stores and applies a mail, once however often it is fetched (REL-16). The caller commits."""
        mail = read(raw, _failures)
        row = await session.one(STORE, {
            "account": account, "digest": hashlib.sha256(raw).digest(), "uid": uid, "at": at, "sender": mail.sender,
            "subject": mail.subject, "raw": zlib.compress(raw), "sort": mail.sort,
        })  # fmt: skip
        if row is None:
            return Taken(mail.sort, new=False)
        message, verdict, decision = await self._apply(session, mail, at)
        status = mail.recipients[0].status[:20] if mail.recipients else ""
        facts = {"id": row[0], "message": message, "status": status, "rule": verdict.rule if verdict else ""}
        await session.execute(DECIDED, {**facts, "decision": decision})
        return Taken(mail.sort, message, decision)

    async def _apply(self, session: Session, mail: Returned, at: datetime) -> tuple[int | None, Verdict | None, str]:
        content = self._content(mail)
        match mail.sort:
            case "leave" if left := self._tokens.read_mail(Kind.OPT_OUT, mail.tokens.left):
                if left.tenant != self._tenant:
                    return None, None, "foreign"
                wish = Wish(Act.OPT_OUT, left.message, "one_click", at, test=bool(left.marks & TEST))
                await apply_wishes(session, [wish])
                return left.message, None, "left"
            case "complaint" if content and mail.feedback != "not-spam":
                await complained(session, content.message, at)
                return content.message, None, "complained"
            case "reply" if content:
                await replied(session, content.message, at)
                return content.message, None, "replied"
            case "report":
                return await self._report(session, mail.recipients, content, at)
            case _:
                return (content.message if content else None), None, ""

    async def _report(
        self, session: Session, recipients: tuple[Recipient, ...], content: Content | None, at: datetime
    ) -> tuple[int | None, Verdict | None, str]:
        """Without our sign a report is worth a doubt at most: nobody may switch off an address by a forged one (SEC-27)."""
        first = recipients[0]
        verdict = judge(first.action, first.status, first.diagnostic)
        if content is not None:
            if content.marks & TEST:
                return content.message, verdict, "test"
            await refused(session, content.message, verdict, at)
            return content.message, verdict, verdict.outcome
        facts: dict[str, Any] = {"address": first.address, "since": at - timedelta(days=SUSPECT_DAYS)}
        row = await session.one(BY_ADDRESS, facts) if first.address else None
        if row is None:
            return None, verdict, "unmatched"
        if verdict.outcome in {"hard", "hard_late", "soft"}:
            await refused(session, row[0], Verdict("soft", f"unsigned.{verdict.rule}"), at)
        return row[0], verdict, "suspected"

    def _content(self, mail: Returned) -> Content | None:
        """What the first sign of ours with a good MAC and this tenant's number says."""
        found = [self._tokens.read_mail(Kind.BOUNCE, token) for token in mail.tokens.returned]
        found += [self._tokens.read(Kind.OPT_OUT, token) for token in mail.tokens.opt_out]
        return next((content for content in found if content and content.tenant == self._tenant), None)


def _failures(mail: Message) -> set[bytes]:
    """What the detectors of odd servers' reports find; whatever confuses them is no report."""
    try:
        return set(scan_message(mail))
    except Exception:  # a hostile mail may break any of them in any way
        return set()
