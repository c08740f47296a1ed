"""Rules by which target lists keep themselves: a question about a module, asked again with the rights of who set it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm_storage.database import Session

COLUMNS = "r.list_id, r.module, r.name, r.question, r.owner_id, r.refreshed_at, r.problem"
FROM = f"SELECT {COLUMNS} FROM target_list_rule r JOIN target_lists l ON l.id = r.list_id AND l.deleted_at IS NULL"
OF_LIST = f"{FROM} WHERE r.list_id = %(list)s ORDER BY r.module"
DUE = f"""
{FROM} WHERE r.refreshed_at IS NULL OR r.refreshed_at < %(before)s
ORDER BY r.refreshed_at NULLS FIRST, r.list_id, r.module LIMIT %(limit)s
"""
OF_RUN = f"""
{FROM} JOIN campaign_target_lists c ON c.right_id = r.list_id JOIN mkt_run m ON m.campaign_id = c.left_id
WHERE m.id = %(run)s AND coalesce(m.fill_slices, 0) = 0 ORDER BY r.list_id, r.module
"""
KEEP = """
INSERT INTO target_list_rule (list_id, module, name, question, owner_id)
VALUES (%(list)s, %(module)s, %(name)s, %(question)s::jsonb, %(owner)s)
ON CONFLICT (list_id, module) DO UPDATE SET name = excluded.name, question = excluded.question, owner_id = excluded.owner_id,
  refreshed_at = NULL, problem = ''
"""
DROP = "DELETE FROM target_list_rule WHERE list_id = %(list)s AND module = %(module)s"
DONE = """
UPDATE target_list_rule SET refreshed_at = %(at)s, problem = %(problem)s WHERE list_id = %(list)s AND module = %(module)s
"""
TOGETHER = 100
"""Rules of one company refreshed in one go of the clock."""


class ListRule(msgspec.Struct, frozen=True):
    """`question` as it stands in the address of the module's list; `problem` is the id of what stood against it last time."""

    list: UUID
    module: str
    name: str
    question: tuple[tuple[str, str], ...]
    owner: UUID
    refreshed_at: datetime | None = None
    problem: str = ""


async def rules_of(session: Session, list_: UUID) -> list[ListRule]:
    """The list's rules, one a module."""
    return _rules(await session.rows(OF_LIST, {"list": list_}))


async def due_rules(session: Session, before: datetime) -> list[ListRule]:
    """Those not asked since then, the longest ago first."""
    return _rules(await session.rows(DUE, {"before": before, "limit": TOGETHER}))


async def rules_of_run(session: Session, run: UUID) -> list[ListRule]:
    """Those of all lists of the run's campaign, as long as nobody was put into its queue."""
    return _rules(await session.rows(OF_RUN, {"run": run}))


async def keep_rule(session: Session, rule: ListRule) -> None:
    """Sets or replaces it; the caller commits."""
    question = msgspec.json.encode(rule.question).decode()
    facts = {"list": rule.list, "module": rule.module, "name": rule.name, "question": question, "owner": rule.owner}
    await session.execute(KEEP, facts)


async def drop_rule(session: Session, list_: UUID, module: str) -> bool:
    """Takes it away; who is in the list stays. Whether there was one."""
    return await session.execute(DROP, {"list": list_, "module": module}) > 0


async def note_refreshed(session: Session, rule: ListRule, at: datetime, problem: str = "") -> None:
    """Writes down when it was asked, and what stood against it."""
    await session.execute(DONE, {"list": rule.list, "module": rule.module, "at": at, "problem": problem})


def _rules(rows: Sequence[Any]) -> list[ListRule]:
    return [
        ListRule(list_, module, name, tuple((key, value) for key, value in question), owner, at, problem)
        for list_, module, name, question, owner, at, problem in rows
    ]
