"""Which backups of a company are kept: the last of each of so many days, weeks and months, by the company's plan."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from crm_domain.tenancy import Quotas

ASKED_DAYS = 30
"""How long a backup stays that somebody asked for, or that was taken before a restoration."""


def kept(taken: Sequence[tuple[UUID, datetime, bool]], quotas: Quotas, now: datetime) -> set[UUID]:
    """Of backups as id, moment, whether the clock took it: those that stay. The newest always does."""
    ordered = sorted(taken, key=lambda one: one[1], reverse=True)
    stay = {id_ for id_, _, _ in ordered[:1]}
    stay |= {id_ for id_, at, nightly in ordered if not nightly and at > now - timedelta(days=ASKED_DAYS)}
    nights = [(id_, at) for id_, at, nightly in ordered if nightly]
    stay |= _last_of_each(nights, _day, quotas.backup_days)
    stay |= _last_of_each(nights, _week, quotas.backup_weeks)
    return stay | _last_of_each(nights, _month, quotas.backup_months)


def _day(at: datetime) -> object:
    return at.date()


def _week(at: datetime) -> object:
    return at.isocalendar()[:2]


def _month(at: datetime) -> object:
    return at.year, at.month


def _last_of_each(
    newest_first: Sequence[tuple[UUID, datetime]], period: Callable[[datetime], object], most: int
) -> set[UUID]:
    last: dict[object, UUID] = {}
    for id_, at in newest_first:
        last.setdefault(period(at), id_)
    return set(list(last.values())[:most])
