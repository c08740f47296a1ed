"""What everybody did in a company, newest first: the whole audit, looked through by administrators."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.ports import HistoryEntry
from crm_storage.database import Session
from crm_storage.records.history import entry_of

COLUMNS = """
e.id, e.at, e.actor_id, coalesce(u.name, u.user_name), e.action, e.source, e.request_id, concat_ws(' · ', e.support, e.address), e.changes
"""
READ = f"SELECT {COLUMNS}, e.module, e.record_id FROM audit_event e LEFT JOIN users u ON u.id = e.actor_id"
NARROWED = {
    "module": "e.module = %(module)s",
    "action": "e.action = %(action)s",
    "actor": "e.actor_id = %(actor)s",
    "record": "e.record_id = %(record)s",
    "since": "e.at >= %(since)s",
    "until": "e.at < %(until)s",
    "before": "(e.at, e.id) < (SELECT b.at, b.id FROM audit_event b WHERE b.id = %(before)s)",
}
"""How each part of a question narrows what is read; a part that is not asked does not stand in the statement."""


class AuditQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which events: of one kind of thing, action, user or record, from an instant on and before another, older than one."""

    module: str = ""
    action: str = ""
    actor: UUID | None = None
    record: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: UUID | None = None


class AuditLine(msgspec.Struct, frozen=True):
    """An event and what it was about; the record's name is for whoever may see the record."""

    entry: HistoryEntry
    module: str
    record: UUID | None

    @property
    def about(self) -> Ref | None:
        return Ref(self.module, self.record) if self.record else None


async def audited(session: Session, question: AuditQuestion, *, limit: int) -> list[AuditLine]:
    """The events asked for, newest first."""
    asked: dict[str, Any] = {name: value for name, value in msgspec.structs.asdict(question).items() if value}
    where = " AND ".join(NARROWED[name] for name in asked) or "true"
    rows = await session.rows(
        f"{READ} WHERE {where} ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s", {**asked, "limit": limit}
    )
    return [AuditLine(entry_of(row[:-2]), row[-2], row[-1]) for row in rows]
