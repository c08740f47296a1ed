"""Money."""

from crm_domain.definition.field import Field
from crm_domain.definition.values import Amount


class Money(Field[Amount | None], frozen=True, kw_only=True, eq=False):
    """An amount with its currency.

    Beside it are stored the rate of the day and the amount in the tenant's base currency, by which lists sort, filter and sum.
    """

    positive: bool = False
    scale: int = 4
    """Decimals that are kept: six for prices of one unit."""
    of: tuple[str, ...] = ()
    """An amount and a percentage of the record: this is so much of it, always, for the database works it out."""
