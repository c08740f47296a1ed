"""Records whose day has passed."""

from datetime import date
from typing import TYPE_CHECKING, Any

from crm_domain.definition import Module
from crm_domain.query.filter import Condition, StillOpen, both
from crm_domain.query.page import ListQuery

if TYPE_CHECKING:
    from crm_domain.records.work import Work

AT_ONCE = 200


async def expire(work: "Work", module: Module[Any], today: date) -> int:
    """Gives every open record whose day has passed the status that says so; how many. The caller commits."""
    expiry = module.expiry
    if expiry is None or not expiry.becomes:
        return 0
    past = both(Condition(expiry.day, "lt", today), StillOpen())
    number = 0
    while rows := (await work.store.page(module, ListQuery(filter=past, columns=("name",), limit=AT_ONCE))).rows:
        await work.store.update(module, [row.id for row in rows], {module.open_field: expiry.becomes})
        number += len(rows)
    return number
