"""How long what was thrown away and what was done are kept, and clearing what has lain in the trash for longer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from crm_domain.definition import Module
from crm_domain.query.filter import Condition
from crm_domain.query.page import Cursor, ListQuery
from crm_domain.records import remove

if TYPE_CHECKING:
    from crm_domain.records.work import Work

TRASH_DAYS = (30, 60, 90, 180, 365)
AUDIT_DAYS = (90, 180, 365, 730, 1095, 1825, 3650)
AT_ONCE = 200


class Keeping(msgspec.Struct, frozen=True, kw_only=True):
    """What a company settled about how long it keeps things."""

    trash_days: Annotated[int, Meta(ge=TRASH_DAYS[0], le=TRASH_DAYS[-1])] = 90
    audit_days: Annotated[int, Meta(ge=AUDIT_DAYS[0], le=AUDIT_DAYS[-1])] = 730


def keeping_of(kept: Mapping[str, Any] | None) -> Keeping:
    """As it was kept; what no longer fits counts as not settled."""
    try:
        return msgspec.convert(kept or {}, Keeping)
    except msgspec.ValidationError:
        return Keeping()


async def clear_trash(work: "Work", module: Module[Any], days: int) -> int:
    """Deletes for good what went to the trash longer ago; how many. Commits as it goes.

    What an administrator alone may write stays, for people who left are still named, and so does what was merged, for its
    address leads to the record it became.
    """
    if module.admin_only:
        return 0
    old = Condition("deleted_at", "lt", work.now() - timedelta(days=days))
    number, cursor = 0, None
    while True:
        page = await work.store.page(module, _gone(old, cursor), action="delete")
        ids = [row.id for row in page.rows if not (module.mergeable and await work.store.merged_into(module, row.id))]
        number += await remove.purge(work, module, ids) if ids else 0
        await work.store.commit()
        if page.after is None:
            return number
        cursor = page.after


def _gone(old: Condition, cursor: Cursor | None) -> ListQuery:
    return ListQuery(filter=old, columns=("name",), limit=AT_ONCE, deleted=True, cursor=cursor)
