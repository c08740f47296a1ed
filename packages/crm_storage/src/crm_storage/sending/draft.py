"""A marketing record with all it refers to, and what stands against sending it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from crm_domain.definition import Blob, Registry
from crm_domain.problems import BadValue, FieldProblem, NotFound, Refused
from crm_domain.sending.judge import faults
from crm_domain.sending.letter import Attachment, Letter, Tracked
from crm_domain.sending.mime import ascii_domain, checked_address
from crm_domain.sending.plan import GRACE_MINUTES
from crm_storage.database import Session
from crm_storage.sending.words import words_in

READ = """
SELECT e.id AS marketing, e.starts_at, e.status = 'active' AS active, e.from_name, e.from_addr,
  coalesce(e.reply_to_name, o.reply_to_name, '') AS reply_to_name, coalesce(e.reply_to_addr, o.reply_to_addr, '') AS reply_to_addr,
  e.all_lists, e.track_opens, e.track_clicks,
  (SELECT s.value FROM setting s WHERE s.key = 'frequency_cap' AND NOT coalesce(e.ignore_cap, false)) AS cap,
  c.id AS campaign, c.name AS campaign_name, c.campaign_type,
  c.status = 'active' AS campaign_active, c.consent_policy, t.id AS template, t.subject, coalesce(t.preheader, '') AS preheader,
  coalesce(t.body_html, '') AS html, coalesce(t.body_text, '') AS text, coalesce(t.text_only, false) AS text_only, t.language,
  t.attachments,
  o.id AS account, o.state AS account_state, coalesce(o.own_return_path, true) AS own_return_path,
  coalesce(b.return_domain, '') AS return_domain, coalesce(b.address, '') AS return_address
FROM email_marketing e
JOIN campaigns c ON c.id = e.campaign AND c.deleted_at IS NULL
LEFT JOIN email_templates t ON t.id = e.template AND t.deleted_at IS NULL
LEFT JOIN outbound_accounts o ON o.id = coalesce(e.outbound_account, (
  SELECT id FROM outbound_accounts WHERE deleted_at IS NULL AND bulk ORDER BY created_at, id LIMIT 1)) AND o.deleted_at IS NULL
LEFT JOIN bounce_accounts b ON b.id = e.bounce_account AND b.deleted_at IS NULL
WHERE e.id = %(marketing)s AND e.deleted_at IS NULL FOR UPDATE OF e
"""
COLUMNS: tuple[str, ...] = (
    "marketing", "starts_at", "active", "from_name", "from_addr", "reply_to_name", "reply_to_addr", "all_lists", "track_opens",
    "track_clicks", "cap", "campaign", "campaign_name", "campaign_type", "campaign_active", "consent_policy", "template", "subject",
    "preheader", "html", "text", "text_only", "language", "attachments", "account", "account_state", "own_return_path", "return_domain",
    "return_address",
)  # fmt: skip
TRACKERS = """
SELECT name, coalesce(url, ''), coalesce(is_opt_out, false) FROM tracker_urls WHERE campaign = %(campaign)s AND deleted_at IS NULL
"""
LISTS = """
SELECT count(*) FROM campaign_target_lists c JOIN target_lists t ON t.id = c.right_id AND t.deleted_at IS NULL
WHERE c.left_id = %(campaign)s AND t.list_type = ANY(%(classes)s)
  AND (%(all)s OR EXISTS (SELECT FROM email_marketing_lists m WHERE m.left_id = %(marketing)s AND m.right_id = t.id))
"""
UNDER_WAY = """
SELECT count(*) FROM mkt_run WHERE marketing_id = %(marketing)s AND kind = %(kind)s
AND state NOT IN ('finished', 'cancelled', 'failed')
"""

MOST_ATTACHED = 5 * 1024**2
"""Bytes of files with every mail; more is refused by many providers' patience, if not by their limits."""
RunKind = Literal["live", "test"]


class House(msgspec.Struct, frozen=True):
    """What a schedule must know of the tenant and the installation."""

    tenant: int
    tenant_name: str
    tracker_url: str
    registry: Registry
    opened: Callable[[str], Awaitable[bytes]] | None = None
    """The content of a file by its key. Raises NotFound."""


class Draft(msgspec.Struct, frozen=True):
    """A marketing record with all it refers to, read and locked."""

    facts: dict[str, Any]
    trackers: tuple[Tracked, ...]
    lists: int
    under_way: bool
    attachments: tuple[Attachment, ...] = ()
    """With their contents, once they are read."""

    @property
    def files(self) -> tuple[Blob, ...]:
        """What goes with the mail."""
        return tuple(msgspec.convert(self.facts["attachments"] or (), tuple[Blob, ...]))

    @property
    def letter(self) -> Letter:
        names = ("subject", "html", "text", "text_only", "language", "preheader")
        named = tuple(Attachment(blob.name, blob.media_type, b"") for blob in self.files)
        return Letter(**{name: self.facts[name] for name in names}, attachments=self.attachments or named)


async def read(session: Session, marketing: UUID, kind: RunKind) -> Draft:
    """Raises NotFound."""
    row = await session.one(READ, {"marketing": marketing})
    if row is None:
        raise NotFound
    facts: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    trackers = tuple(Tracked(*one) for one in await session.rows(TRACKERS, {"campaign": facts["campaign"]}))
    classes = ["test"] if kind == "test" else ["default", "seed"]
    params = {
        "campaign": facts["campaign"],
        "marketing": marketing,
        "classes": classes,
        "all": bool(facts["all_lists"]),
    }
    lists = await session.one(LISTS, params)
    under_way = await session.one(UNDER_WAY, {"marketing": marketing, "kind": kind})
    return Draft(facts, trackers, lists[0] if lists else 0, bool(under_way and under_way[0]))


async def with_files(house: House, draft: Draft) -> Draft:
    """The same with the contents of its files. Raises Refused for a file that is gone."""
    found: list[Attachment] = []
    for blob in draft.files:
        try:
            if house.opened is None:
                raise NotFound
            found.append(Attachment(blob.name, blob.media_type, await house.opened(blob.key)))
        except NotFound:
            raise Refused("sending.attachment_gone", name=blob.name) from None
    return msgspec.structs.replace(draft, attachments=tuple(found))


def obstacles(house: House, draft: Draft, kind: RunKind, now: datetime) -> list[FieldProblem]:
    """What must be mended before it can be sent, each in one sentence (9.1)."""
    facts, live = draft.facts, kind == "live"
    checks = (
        (live and not facts["campaign_active"], "sending.campaign_inactive"),
        (live and not facts["active"], "sending.record_inactive"),
        (not draft.lists, "sending.no_list" if live else "sending.no_test_list"),
        (facts["template"] is None, "sending.no_template"),
        (not _is_address(facts["from_addr"]), "sending.bad_sender"),
        (facts["account_state"] == "disabled", "sending.account_disabled"),
        (live and facts["starts_at"] < now - timedelta(minutes=GRACE_MINUTES), "sending.start_passed"),
        (draft.under_way, "sending.under_way"),
        (sum(blob.size for blob in draft.files) > MOST_ATTACHED, "sending.attachments_too_large"),
    )
    found = [FieldProblem(id_) for holds, id_ in checks if holds]
    if facts["template"] is None:
        return found
    words = words_in(house.registry, draft.letter.language, now)
    return [*found, *faults(draft.letter, draft.trackers, words)]


def _is_address(text: str) -> bool:
    try:
        return bool(checked_address(ascii_domain(text)))
    except BadValue:
        return False
