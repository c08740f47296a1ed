"""Tax rates: the percentages that lines are taxed with. Lines keep the figure, so a new rate changes no document."""

from typing import TYPE_CHECKING

from crm_domain.definition import Arrangement, Change, Module, Record, panel, required
from crm_domain.definition.kinds import Boolean, Choice, LongText, Percent, Text
from crm_domain.modules.selling_options import AVAILABILITIES
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class TaxRate(Record):
    name = required(Text(max_length=100, search=True, unique=True, copied=False))
    rate = required(Percent(indexed=True))
    status = required(Choice(options=AVAILABILITIES, default="active"))
    is_default = Boolean(copied=False)
    description = LongText()

    layout = Arrangement(
        columns=(name, rate, status, is_default),
        offered=(Record.created_at, Record.modified_at, Record.modified_by),
        panels=(panel("overview", (name, rate), (status, is_default), (description,)),),
        quick=((name, rate), (status, is_default)),
        picker=(name, rate),
        basic=(name,),
        advanced=(name, rate, status),
        highlights=(rate, status, is_default),
        sort="rate",
    )


async def one_default(work: "Work", change: Change[TaxRate]) -> None:
    """A rate that becomes the usual one takes that from the other."""
    if not change.after.is_default or not change.touches(TaxRate.is_default):
        return
    module = work.module(TaxRate)
    page = await work.store.page(module, ListQuery(filter=Condition("is_default", "eq", True), columns=("name",)))
    others = [row.id for row in page.rows if row.id != change.after.id]
    if others:
        await work.store.update(module, others, {"is_default": False})


TAX_RATES = Module(
    key="tax_rates",
    record=TaxRate,
    icon="percent",
    group="admin",
    open_field="status",
    catalogue=True,
    admin_only=True,
    with_work=(one_default,),
)
