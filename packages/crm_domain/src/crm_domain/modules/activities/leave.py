"""When colleagues are on leave: what the people directory says of who has an account."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.modules.employees import Employee
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST = 200


async def leaves(
    work: "Work", people: Sequence[UUID], begin: datetime, end: datetime
) -> Mapping[UUID, list[tuple[datetime, datetime]]]:
    """Each user's leave between two moments, in whole days of the actor's zone, as far as he may see the directory."""
    module, zone = work.module(Employee), work.locale.zone
    if not people or not work.access.can(module.key, "list"):
        return {}
    of_them = both(
        Condition("account_user", "in", tuple(people)),
        Condition("leave_from", "le", end.astimezone(zone).date()),
        Condition("leave_until", "ge", begin.astimezone(zone).date()),
    )
    query = ListQuery(filter=of_them, columns=("account_user", "leave_from", "leave_until"), limit=MOST)
    found: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for row in (await work.store.page(module, query)).rows:
        first = datetime.combine(row["leave_from"], time(), zone)
        after = datetime.combine(row["leave_until"] + timedelta(days=1), time(), zone)
        found.setdefault(row["account_user"].id, []).append((first.astimezone(UTC), after.astimezone(UTC)))
    return found
