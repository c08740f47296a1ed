"""Telling administrators what needs a person: once, by mail, with the change that made it necessary."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from crm_storage.database import Session
from crm_storage.people.administrators import tell_administrators
from crm_storage.sending import states

Alarm = Literal["sending_account_disabled", "sending_halted", "sending_overdue", "sending_quarantine", "bounces_unread"]
MAILING = "SELECT e.name FROM mkt_run r JOIN email_marketing e ON e.id = r.marketing_id WHERE r.id = %(run)s"
DISABLE = """
UPDATE outbound_accounts SET state = 'disabled', state_note = left(%(note)s, 255), version = version + 1
WHERE id = %(id)s AND coalesce(state, '') <> 'disabled' RETURNING name
"""


async def alarm(session: Session, which: Alarm, facts: Mapping[str, Any]) -> int:
    """Puts a mail to every administrator into the outbox; how many."""
    return await tell_administrators(session, which, facts)


async def halt_if_bad(session: Session, run: UUID) -> bool:
    """Stops a run that goes wrong, and says so; False when it goes well enough."""
    halt = await states.halt_if_bad(session, run)
    return halt is not None and await _say_halted(session, run, halt)


async def halt_if_complained(session: Session, message: int) -> bool:
    """Stops the run of that mail when too many of its readers called it spam, and says so."""
    found = await states.halt_if_complained(session, message)
    return found is not None and await _say_halted(session, *found)


async def _say_halted(session: Session, run: UUID, halt: states.Halt) -> bool:
    row = await session.one(MAILING, {"run": run})
    facts = {"mailing": row[0] if row else "", "number": halt.number, "attempts": halt.attempts}
    await alarm(session, "sending_halted", facts)
    return True


async def disable_account(session: Session, account: UUID, note: str) -> bool:
    """Stops an account whose sign-in was refused, and says so; False when that was done before."""
    row = await session.one(DISABLE, {"id": account, "note": note})
    if row is None:
        return False
    await alarm(session, "sending_account_disabled", {"account": row[0]})
    return True
