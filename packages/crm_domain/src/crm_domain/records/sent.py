"""What becomes of a record whose document has gone to the customer."""

from typing import TYPE_CHECKING, Any

from crm_domain.definition import Module, kinds
from crm_domain.problems import Denied, Invalid, NotFound, Refused
from crm_domain.query.page import Row
from crm_domain.records import save

if TYPE_CHECKING:
    from crm_domain.records.work import Work


async def mark_sent(work: "Work", module: Module[Any], row: Row) -> None:
    """Moves it on from an option that stands before the one its module calls sent.

    A sender who may not change the record, or rules that keep it as it is, do not hold the document back.
    """
    for key, option in module.sent.items():
        field = module.field(key)
        assert isinstance(field, kinds.Choice)
        order = [item.key for item in field.options.items]
        if row[key] not in order[: order.index(option)]:
            continue
        try:
            await save.update(work, module, row.id, {key: option})
        except (Denied, NotFound, Invalid, Refused):
            return
