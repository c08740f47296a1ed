"""What somebody has besides records: views of lists that all use, rules that fill target lists, schedules of reports."""

from collections.abc import Collection, Mapping
from typing import Literal, get_args
from uuid import UUID

from crm_domain.definition import Ref
from crm_storage.database import Session
from crm_storage.people.log import By, log

Part = Literal["views", "list_rules", "report_schedules"]
PARTS: tuple[Part, ...] = get_args(Part)
WITH_RIGHTS: frozenset[Part] = frozenset({"list_rules", "report_schedules"})
"""What acts with its owner's rights."""
COUNT = """
SELECT (SELECT count(*) FROM list_view WHERE owner_id = %(user)s AND shared),
  (SELECT count(*) FROM target_list_rule r JOIN target_lists l ON l.id = r.list_id AND l.deleted_at IS NULL
   WHERE r.owner_id = %(user)s),
  (SELECT count(*) FROM report_schedule s JOIN reports r ON r.id = s.report_id AND r.deleted_at IS NULL
   WHERE s.owner_id = %(user)s)
"""
PASS_ON: dict[Part, str] = {
    "views": "UPDATE list_view SET owner_id = %(to)s WHERE owner_id = %(user)s AND shared",
    "list_rules": "UPDATE target_list_rule SET owner_id = %(to)s, problem = '' WHERE owner_id = %(user)s",
    "report_schedules": "UPDATE report_schedule SET owner_id = %(to)s WHERE owner_id = %(user)s",
}


async def estate(session: Session, user: UUID) -> Mapping[Part, int]:
    """How much there is of each part; rules fill lists, and schedules send to addresses, with their owner's
    rights, and so stop when he leaves."""
    row = await session.one(COUNT, {"user": user})
    assert row is not None
    return {part: number for part, number in zip(PARTS, row, strict=True) if number}


async def pass_on(session: Session, by: By, user: UUID, to: UUID, parts: Collection[str]) -> int:
    """Gives these parts to the colleague, with a note in the audit; how many things that were. The caller commits."""
    facts = {"user": user, "to": to}
    moved = {part: await session.execute(PASS_ON[part], facts) for part in PARTS if part in parts}
    given = {part: number for part, number in moved.items() if number}
    if given:
        await log(session, by, "passed_on", of=Ref("users", user), changes={"to": str(to), **given})
    return sum(given.values())
