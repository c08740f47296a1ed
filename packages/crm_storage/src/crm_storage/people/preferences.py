"""Keeping what users prefer and what their company set."""

from collections.abc import Mapping
from typing import Any, get_args
from uuid import UUID

import msgspec

from crm_domain.access.rights import Combination
from crm_domain.people.preferences import check_choices, with_choices
from crm_domain.problems import FieldProblem, Invalid
from crm_storage.database import Session
from crm_storage.people.actor import LOCALE, ROLE_COMBINATION

OWN = "SELECT body FROM preference WHERE user_id = %(user)s FOR UPDATE"
SAVE = """
INSERT INTO preference (user_id, body) VALUES (%(user)s, %(body)s::jsonb)
ON CONFLICT (user_id) DO UPDATE SET body = excluded.body
"""
SETTING = "SELECT value FROM setting WHERE key = %(key)s"
SET = """
INSERT INTO setting (key, value) VALUES (%(key)s, %(value)s::jsonb)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
SETTLED = """
INSERT INTO audit_event (actor_id, source, request_id, module, action, changes)
VALUES (%(by)s, 'web', %(request)s, 'settings', %(key)s, %(changes)s::jsonb)
"""


async def keep(session: Session, user: UUID, choices: Mapping[str, Any]) -> None:
    """Keeps these choices beside earlier ones; None goes back to the company's. Raises Invalid."""
    row = await session.one(OWN, {"user": user})
    body = with_choices(row[0] if row else {}, check_choices(choices))
    await session.execute(SAVE, {"user": user, "body": _json(body)})


async def company_preferences(session: Session) -> dict[str, Any]:
    """The choices the company made for everybody."""
    return await setting(session, LOCALE) or {}


async def keep_for_company(session: Session, choices: Mapping[str, Any], *, by: UUID, request: str) -> None:
    """Sets the company's choices beside earlier ones; None goes back to the language's. Raises Invalid."""
    kept = with_choices(await company_preferences(session), check_choices(choices))
    await settle(session, LOCALE, kept, by=by, request=request)


async def keep_combination(session: Session, combination: str, *, by: UUID, request: str) -> None:
    """How several roles of one user combine, which changes what many may: with a note in the audit. Raises Invalid."""
    if combination not in get_args(Combination):
        raise Invalid({ROLE_COMBINATION: (FieldProblem("problems.not_an_option", {"value": combination}),)})
    await settle(session, ROLE_COMBINATION, combination, by=by, request=request)


async def setting(session: Session, key: str) -> Any:
    """A setting of the tenant; None when it was never set."""
    row = await session.one(SETTING, {"key": key})
    return row[0] if row else None


async def settle(session: Session, key: str, value: Any, *, by: UUID, request: str) -> None:
    """Saves a setting of the tenant and notes in the audit what it was before; the caller commits."""
    changes = {"before": await setting(session, key), "after": value}
    await save_setting(session, key, value)
    await noted(session, key, changes, by=by, request=request)


async def noted(session: Session, key: str, facts: Mapping[str, Any], *, by: UUID, request: str) -> None:
    """Notes in the audit what was done about the company as a whole."""
    await session.execute(SETTLED, {"by": by, "request": request, "key": key, "changes": _json(facts)})


async def save_setting(session: Session, key: str, value: Any) -> None:
    await session.execute(SET, {"key": key, "value": _json(value)})


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
