"""Currencies: the money a company trades in, and what it is worth in the base currency."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm_domain.definition import Arrangement, Change, Module, Record, panel, required
from crm_domain.definition.kinds import Boolean, Choice, DecimalNumber, Integer, Money, Text
from crm_domain.modules.options import CURRENCY_STATUSES, SYMBOL_POSITIONS
from crm_domain.problems import FieldProblem, Invalid, Refused
from crm_domain.query.filter import Condition

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class Currency(Record):
    """`conversion_rate` is units of this currency for one of the base: 0.5 means that 10 of the base are 5 of it."""

    name = required(Text(max_length=36, search=True))
    symbol = required(Text(max_length=36))
    iso4217 = required(Text(max_length=3, check="currency_code", unique=True, search=True, copied=False))
    conversion_rate = required(DecimalNumber(digits=20, scale=10, above=Decimal(0)))
    status = required(Choice(options=CURRENCY_STATUSES, default="active"))
    decimals = Integer(minimum=0, maximum=4, default=2)
    symbol_position = Choice(options=SYMBOL_POSITIONS, default="after")
    is_base = Boolean(readonly=True, copied=False)

    layout = Arrangement(
        columns=(name, iso4217, symbol, conversion_rate, status, is_base),
        offered=(decimals, symbol_position, Record.created_at, Record.modified_at, Record.modified_by),
        panels=(
            panel(
                "overview", (name, iso4217), (symbol, symbol_position), (conversion_rate, decimals), (status, is_base)
            ),
        ),
        quick=((name, iso4217), (symbol, conversion_rate), (status, decimals)),
        picker=(name, iso4217, symbol, conversion_rate),
        basic=(name,),
        advanced=(name, iso4217, status),
        highlights=(iso4217, symbol, conversion_rate, status),
        sort="name",
    )


def base_is_one(change: Change[Currency]) -> None:
    """The base currency counts one for one and stays in use."""
    if not change.after.is_base:
        return
    if change.after.conversion_rate != 1:
        raise Invalid({"conversion_rate": (FieldProblem("currencies.base_rate"),)})
    if change.after.status != "active":
        raise Invalid({"status": (FieldProblem("currencies.base_active"),)})


def code_is_final(change: Change[Currency]) -> None:
    """Amounts carry the code, so it never changes."""
    if change.before and change.touches(Currency.iso4217):
        raise Invalid({"iso4217": (FieldProblem("currencies.code_final"),)})


async def not_in_use(work: "Work", record: Record) -> None:
    """The base currency and any that an amount is in stay; the latter may become inactive."""
    currency = Currency(record.id, record.values)
    if currency.is_base:
        raise Refused("currencies.base_kept")
    for module in work.registry.modules.values():
        for field in module.fields:
            if isinstance(field, Money) and await _used(work, module, field.key, currency.iso4217):
                raise Refused("currencies.in_use", name=currency.name)


async def _used(work: "Work", module: Module[Any], key: str, code: str) -> bool:
    in_code = Condition(f"{key}.currency", "eq", code)
    live = await work.store.count(module, in_code, cap=1)
    return live.number > 0 or (await work.store.count(module, in_code, cap=1, deleted=True)).number > 0


CURRENCIES = Module(
    key="currencies",
    record=Currency,
    icon="coins",
    group="admin",
    open_field="status",
    catalogue=True,
    admin_only=True,
    before_save=(base_is_one, code_is_final),
    before_remove=(not_in_use,),
)
