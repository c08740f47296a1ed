"""Numbers of documents: `QT-1405-0012`, in a series for each kind and year, given inside the transaction that saves."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_domain.definition import Change, Field
from crm_domain.definition.module import AsyncRule
from crm_domain.text.jalali import parts

if TYPE_CHECKING:
    from crm_domain.records.work import Work

Prefix = Callable[[Change[Any]], str]
DIGITS = 4


def numbered(field: Field[str | None], prefix: Prefix) -> AsyncRule:
    """The rule that gives a new record the next number of its series, unless it brings one.

    The series' row stays locked until the transaction ends: two who save at once get different numbers, and a save
    that fails leaves no gap.
    """

    async def rule(work: "Work", change: Change[Any]) -> None:
        if not change.new or change.after.values.get(field.key):
            return
        today = work.now().astimezone(work.locale.zone).date()
        series = f"{prefix(change)}-{parts(today, work.locale.calendar).year}"
        change.set(field, f"{series}-{await work.store.next_number(series):0{DIGITS}}")

    return rule
