"""What a document charges for."""

from crm_domain.definition.bill import Bill as Value
from crm_domain.definition.field import Field
from crm_domain.definition.options import Options


class Bill(Field[Value | None], frozen=True, kw_only=True, eq=False):
    """Lines with quantities, prices, discounts and taxes, in one currency. Lines are kept in a table of their own.

    `units` is the list that a line's unit is chosen from.
    """

    units: Options
