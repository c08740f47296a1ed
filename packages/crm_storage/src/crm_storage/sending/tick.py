"""The engine's round through a tenant: what is due begins, what was left behind is picked up, what must stop stops."""

from datetime import timedelta
from uuid import UUID

import msgspec

from crm_domain.sending.audience import NOBODY, AudienceReport
from crm_domain.sending.plan import GRACE_MINUTES, Plan
from crm_storage.database import Session
from crm_storage.sending import quarantine, states
from crm_storage.sending.alarm import alarm
from crm_storage.sending.fill import fill_slice, freeze_spared
from crm_storage.sending.lease import reap
from crm_storage.sending.schedule import filling_of
from crm_storage.sending.station import Station

HOPELESS = 9
"""So many failures in a row, each rest twice as long: the account's server has been away for half an hour."""
OPEN = "SELECT EXISTS (SELECT FROM mkt_run WHERE state NOT IN ('finished', 'cancelled', 'failed'))"
DUE = """
SELECT r.id, r.scheduled_for, r.kind, c.status = 'active' AND e.status = 'active' AND c.deleted_at IS NULL AND e.deleted_at IS NULL,
  e.name
FROM mkt_run r JOIN campaigns c ON c.id = r.campaign_id JOIN email_marketing e ON e.id = r.marketing_id
WHERE r.state = 'scheduled' AND r.scheduled_for <= %(now)s ORDER BY r.scheduled_for FOR UPDATE OF r SKIP LOCKED
"""
GONE_INACTIVE = """
SELECT r.id FROM mkt_run r JOIN campaigns c ON c.id = r.campaign_id
WHERE r.state IN ('filling', 'ready', 'sending') AND r.kind = 'live' AND (c.status <> 'active' OR c.deleted_at IS NOT NULL)
"""
AWAY = f"""
SELECT r.id FROM mkt_run r JOIN rate_bucket b ON b.scope = 'account' AND b.key = r.settings ->> 'account'
WHERE r.state = 'sending' AND b.failures >= {HOPELESS}
"""
IN_STATE = "SELECT id FROM mkt_run WHERE state = %(state)s ORDER BY kind = 'test' DESC, state_at"
ACCOUNTS = """
SELECT settings ->> 'account' FROM mkt_run r WHERE state = 'sending' AND NOT EXISTS (
  SELECT FROM rate_bucket b WHERE b.scope = 'account' AND b.key = r.settings ->> 'account' AND b.closed_until > now())
GROUP BY 1 ORDER BY bool_or(kind = 'test') DESC, min(state_at)
"""
FILL_STATE = """
SELECT marketing_id, settings, fill_slices, fill_done, audience FROM mkt_run WHERE id = %(run)s AND state = 'filling' FOR UPDATE
"""
SLICES = "UPDATE mkt_run SET fill_slices = %(slices)s WHERE id = %(run)s"
FILLED = """
UPDATE mkt_run SET fill_done = fill_done + 1, audience = %(audience)s::jsonb, total = total + %(new)s WHERE id = %(run)s
"""


class Round(msgspec.Struct, frozen=True):
    """What a tenant has to do now: runs to fill, accounts to send from."""

    fill: tuple[UUID, ...] = ()
    accounts: tuple[UUID, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fill or self.accounts)


async def tick(station: Station) -> Round:
    """One round, each step a transaction of its own; a tenant without open runs costs one statement."""
    async with station.session() as session:
        row = await session.one(OPEN)
        if not row or not row[0]:
            return Round()
        if await quarantine.holds(session):
            return Round()
        await reap(session)
        await _begin_due(session, station)
        for (run,) in await session.rows(GONE_INACTIVE):
            await states.pause(session, run, "campaign_inactive")
        for (run,) in await session.rows(AWAY):
            await states.move(session, run, ("sending",), "halted", "server_away")
        await session.commit()
        for (run,) in await session.rows(IN_STATE, {"state": "cancelling"}):
            while await states.cancel_batch(session, run):
                await session.commit()
            await session.commit()
        fill = tuple(row[0] for row in await session.rows(IN_STATE, {"state": "filling"}))
        accounts = tuple(UUID(row[0]) for row in await session.rows(ACCOUNTS))
        return Round(fill, accounts)


async def fill(station: Station, run: UUID) -> AudienceReport:
    """Fills a run's queue, slice by slice, from wherever a former attempt got to; then it is sending."""
    report = NOBODY
    while True:
        async with station.session() as session:
            row = await session.one(FILL_STATE, {"run": run})
            if row is None:
                return report
            marketing, settings, slices, done, audience = row
            filling = filling_of(run, marketing, msgspec.convert(settings, Plan))
            report = msgspec.convert(audience, AudienceReport) if audience else NOBODY
            if not slices:
                slices = await freeze_spared(session, filling)
                await session.execute(SLICES, {"run": run, "slices": slices})
            if done >= slices:
                await states.move(session, run, ("filling",), "ready")
                await states.move(session, run, ("ready",), "sending")
                await session.commit()
                return report
            more = await fill_slice(session, filling, done, slices)
            report = report.plus(more)
            facts = {"run": run, "audience": msgspec.json.encode(report).decode(), "new": more.audience}
            await session.execute(FILLED, facts)
            await session.commit()


async def _begin_due(session: Session, station: Station) -> None:
    """What comes much too late is not sent by itself: a restored copy must not mail yesterday's campaign."""
    now = station.clock()
    for run, start, kind, active, name in await session.rows(DUE, {"now": now}):
        if kind == "live" and start < now - timedelta(minutes=GRACE_MINUTES):
            await states.move(session, run, ("scheduled",), "overdue", "late")
            await alarm(session, "sending_overdue", {"mailing": name})
        elif active or kind == "test":
            await states.move(session, run, ("scheduled",), "filling")
