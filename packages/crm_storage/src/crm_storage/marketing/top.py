"""The campaigns that earned most, by the deals won through them, as far as somebody may see both."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# SQLAlchemy's expressions lose their value types in functions and labels.

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Boolean, Date, Text, bindparam, cast, func, null, or_, select

from crm_storage.records.context import Context
from crm_storage.records.reach import ME, reach

DEALS, CAMPAIGNS = "opportunities", "campaigns"
MOST = 10


class Earner(msgspec.Struct, frozen=True):
    """A campaign with what it earned and cost, in the base currency; None where the cost is unknown or hidden."""

    id: UUID
    name: str
    revenue: Decimal
    cost: Decimal | None


async def top(
    context: Context, won: Sequence[str], *, first: date | None, last: date | None, mine: bool
) -> list[Earner]:
    """The ten that earned most by deals in the stages `won`, closed from `first` to `last`; nothing for whom amounts are hidden."""
    access = context.access
    hidden = access.hidden(DEALS)
    if not (access.can(DEALS, "list") and access.can(CAMPAIGNS, "list")) or {"amount", "stage", "campaign"} & hidden:
        return []
    costed = "actual_cost" not in access.hidden(CAMPAIGNS)
    scopes = (access.scope(DEALS, "list"), access.scope(CAMPAIGNS, "list"))
    sql = context.remembered(("top", costed, scopes), lambda: _statement(context, scopes, costed=costed))
    facts = {"won": list(won), "first": first, "last": last, "mine": mine}
    return [Earner(*row) for row in await context.rows(sql, **facts)]


def _statement(context: Context, scopes: tuple[Any, Any], *, costed: bool) -> Any:
    deals, campaigns = context.tables[DEALS].c, context.tables[CAMPAIGNS].c
    first, last = (cast(bindparam(name, type_=Date()), Date) for name in ("first", "last"))
    mine = cast(bindparam("mine", type_=Boolean()), Boolean)
    revenue = func.sum(deals.amount_base)
    cost = campaigns.actual_cost_base if costed else null()
    return (
        select(campaigns.id, campaigns.name, revenue, cost)
        .join(context.tables[DEALS], deals.campaign == campaigns.id)
        .where(
            deals.deleted_at.is_(None),
            campaigns.deleted_at.is_(None),
            deals.stage == bindparam("won", type_=ARRAY(Text())).any_(),
            or_(first.is_(None), deals.closes_on >= first),
            or_(last.is_(None), deals.closes_on <= last),
            or_(~mine, campaigns.assigned_to == ME),
            reach(scopes[0], context.tables[DEALS]),
            reach(scopes[1], context.tables[CAMPAIGNS]),
        )
        .group_by(campaigns.id)
        .having(revenue > 0)
        .order_by(revenue.desc(), campaigns.id)
        .limit(MOST)
    )
