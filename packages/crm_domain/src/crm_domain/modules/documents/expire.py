"""Documents past their day."""

from datetime import date
from typing import TYPE_CHECKING

from crm_domain.modules.documents.fields import Document
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery

if TYPE_CHECKING:
    from crm_domain.records.work import Work

AT_ONCE = 200


async def expire_documents(work: "Work", today: date) -> int:
    """Marks every document whose day has passed as expired; how many. The caller commits."""
    module = work.module(Document)
    past = both(Condition("expires_on", "lt", today), Condition("status", "ne", "expired"))
    number = 0
    while rows := (await work.store.page(module, ListQuery(filter=past, columns=("name",), limit=AT_ONCE))).rows:
        await work.store.update(module, [row.id for row in rows], {"status": "expired"})
        number += len(rows)
    return number
