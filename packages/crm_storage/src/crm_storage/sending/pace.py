"""How fast: evenly spaced places for an account's and a provider's mails, windows for hours and days, and rests (4.4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from crm_storage.database import Session

Scope = Literal["account_second", "account_hour", "account_day", "tenant_day", "account", "provider"]
Unit = Literal["hour", "day"]
PLACES = """
INSERT INTO rate_bucket (scope, key, updated_at) VALUES (%(scope)s, %(key)s, now() + make_interval(secs => %(span)s))
ON CONFLICT (scope, key) DO UPDATE
SET updated_at = greatest(rate_bucket.updated_at, now()) + make_interval(secs => %(span)s)
RETURNING updated_at - make_interval(secs => %(span)s) - now()
"""
"""`updated_at` is where the next free place is. Places that nobody used are lost, never saved up."""
WINDOW = """
INSERT INTO rate_bucket (scope, key, tokens, updated_at)
VALUES (%(scope)s, %(key)s, least(%(want)s, %(most)s), date_trunc(%(unit)s, now()))
ON CONFLICT (scope, key) DO UPDATE SET
  tokens = CASE WHEN rate_bucket.updated_at < date_trunc(%(unit)s, now()) THEN least(%(want)s, %(most)s)
    ELSE least(rate_bucket.tokens + %(want)s, greatest(rate_bucket.tokens, %(most)s)) END,
  updated_at = date_trunc(%(unit)s, now())
RETURNING new.tokens - CASE WHEN old.updated_at IS NULL OR old.updated_at < date_trunc(%(unit)s, now()) THEN 0
  ELSE old.tokens END
"""
"""`tokens` counts what the present hour or day has used."""
UNUSED = """
UPDATE rate_bucket SET tokens = greatest(0, tokens - %(number)s)
WHERE scope = %(scope)s AND key = %(key)s AND updated_at = date_trunc(%(unit)s, now())
"""
REST = """
INSERT INTO rate_bucket (scope, key, failures, closed_until) VALUES (%(scope)s, %(key)s, 1, NULL)
ON CONFLICT (scope, key) DO UPDATE SET failures = rate_bucket.failures + 1,
  closed_until = CASE WHEN rate_bucket.failures + 1 >= %(patience)s
    THEN now() + make_interval(secs => least(%(longest)s, %(first)s * power(2, rate_bucket.failures + 1 - %(patience)s)))
    ELSE rate_bucket.closed_until END
RETURNING failures, closed_until
"""
WELL = "UPDATE rate_bucket SET failures = 0, closed_until = NULL WHERE scope = %(scope)s AND key = %(key)s AND failures > 0"
SLOWER = """
INSERT INTO rate_bucket (scope, key, per_second, closed_until, tokens)
VALUES ('provider', %(key)s, greatest(%(rate)s / 2, %(least)s), now() + make_interval(secs => %(rest)s), extract(epoch FROM now()))
ON CONFLICT (scope, key) DO UPDATE SET
  per_second = greatest(coalesce(least(rate_bucket.per_second, %(rate)s), %(rate)s) / 2, %(least)s),
  closed_until = now() + make_interval(secs => %(rest)s), tokens = extract(epoch FROM now())
WHERE coalesce(rate_bucket.closed_until, '-infinity') < now()
"""
"""One rest at a time: many answers of one burst halve the pace once. `tokens` holds when that was."""
PROVIDERS = """
SELECT key, per_second * power(1.1, greatest(0, extract(epoch FROM now()) - tokens - %(rest)s) / 60), closed_until
FROM rate_bucket WHERE scope = 'provider' AND key LIKE %(account)s || ':%%'
"""
RESTS = "SELECT closed_until FROM rate_bucket WHERE scope = 'account' AND key = %(key)s AND closed_until > now()"
FIRST_REST_S, LONGEST_REST_S, PATIENCE = 30, 900, 3
PROVIDER_REST_S = 60
LEAST_PER_SECOND = 0.05
FAST_ENOUGH = 200.0
"""A provider's pace that has grown beyond this is no limit any more."""


class Provider(msgspec.Struct, frozen=True):
    """A provider's present pace, and until when it is given rest."""

    per_second: float | None
    closed_until: datetime | None


async def places(session: Session, scope: Scope, key: str, number: int, per_second: float) -> timedelta:
    """Reserves places in a row, `1 / per_second` apart; in how long the first one is."""
    row = await session.one(PLACES, {"scope": scope, "key": key, "span": number / per_second})
    assert row is not None
    return row[0]


async def window(session: Session, scope: Scope, key: str, unit: Unit, want: int, most: int) -> int:
    """How many of the wanted mails still fit into the present hour or day."""
    row = await session.one(WINDOW, {"scope": scope, "key": key, "unit": unit, "want": want, "most": most})
    return int(row[0]) if row else 0


async def unused(session: Session, scope: Scope, key: str, unit: Unit, number: int) -> None:
    """Returns what was reserved and not sent."""
    await session.execute(UNUSED, {"scope": scope, "key": key, "unit": unit, "number": number})


async def trouble(session: Session, account: str) -> datetime | None:
    """The account's server could not be reached once more; until when it is left alone."""
    facts = {"first": FIRST_REST_S, "longest": LONGEST_REST_S, "patience": PATIENCE}
    row = await session.one(REST, {"scope": "account", "key": account, **facts})
    return row[1] if row else None


async def well(session: Session, account: str) -> None:
    """The account's server works."""
    await session.execute(WELL, {"scope": "account", "key": account})


async def resting(session: Session, account: str) -> datetime | None:
    """Until when the account is left alone, if it is."""
    row = await session.one(RESTS, {"key": account})
    return row[0] if row else None


async def slow_down(session: Session, account: str, provider: str, rate: float) -> None:
    """A provider asked for less: half of the pace, after a rest; it grows again by a tenth a minute."""
    facts = {"rest": PROVIDER_REST_S, "least": LEAST_PER_SECOND, "rate": max(rate, LEAST_PER_SECOND)}
    await session.execute(SLOWER, {"key": f"{account}:{provider}", **facts})


async def providers(session: Session, account: str) -> dict[str, Provider]:
    """The paces of the account's providers that have one."""
    rows: Sequence[tuple[str, float | None, datetime | None]] = await session.rows(
        PROVIDERS, {"account": account, "rest": PROVIDER_REST_S}
    )
    return {
        key.rpartition(":")[2]: Provider(float(rate) if rate is not None and rate < FAST_ENOUGH else None, closed)
        for key, rate, closed in rows
    }
