"""Money as people type and read it. Rials are shown and typed in tomans where the reader's money unit says so."""

import re
from decimal import Decimal

from babel.numbers import get_currency_precision

from crm_domain.messages.catalogue import Catalogue
from crm_domain.problems import BadValue
from crm_domain.text.locale import Locale
from crm_domain.text.normalise import stored
from crm_domain.text.numbers import MINUS, format_number, parse_decimal, rounded, short_number, trimmed

RIAL = "IRR"
RIALS_IN_TOMAN = 10
UNITS = {
    "تومان": "toman",
    "تومن": "toman",
    "toman": "toman",
    "tomans": "toman",
    "ریال": "rial",
    "rial": "rial",
    "rials": "rial",
    "﷼": "rial",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₺": "TRY",
}
"""What people type beside an amount."""
_WORD = re.compile(r"[^\W\d_]+|[﷼$€£₺]")


def format_money(value: Decimal, currency: str, locale: Locale, catalogue: Catalogue, *, short: bool = False) -> str:
    """The amount with its unit, to the currency's decimals: «۱٫۲ میلیارد تومان», "$1,200.00"."""
    amount, unit = _in_unit(abs(value), currency, locale)
    number = short_number(amount, locale, catalogue) if short else format_number(_whole(amount, currency), locale)
    known = f"numbers.money.{unit}"
    pattern = known if catalogue.has(known) else "numbers.money.other"
    return (MINUS if value < 0 else "") + catalogue.text(pattern, amount=number, unit=unit)


def money_unit(currency: str, locale: Locale, catalogue: Catalogue) -> str:
    """The unit's name alone, for labels and column headers: «تومان», "USD"."""
    unit = _in_unit(Decimal(0), currency, locale)[1]
    name = f"numbers.unit.{unit}"
    return catalogue.text(name) if catalogue.has(name) else unit


def in_reader_unit(value: Decimal, currency: str, locale: Locale) -> Decimal:
    """The amount counted in the unit the reader sees: tomans where rials are shown so."""
    return _in_unit(value, currency, locale)[0]


def edit_money(value: Decimal, currency: str, locale: Locale) -> str:
    """The exact amount as an input shows it, without its unit."""
    return format_number(trimmed(_in_unit(value, currency, locale)[0]), locale)


def parse_money(text: str, currency: str, locale: Locale) -> Decimal:
    """The amount somebody typed, in rials for IRR; a unit in the text outweighs the reader's own. Raises BadValue."""
    number, unit = _split(stored(text))
    own = _in_unit(Decimal(0), currency, locale)[1]
    if unit not in (("", RIAL, "rial", "toman") if currency == RIAL else ("", currency)):
        raise BadValue("problems.other_currency", currency=currency)
    amount = parse_decimal(number)
    return amount * RIALS_IN_TOMAN if (unit or own) == "toman" else amount


def _in_unit(value: Decimal, currency: str, locale: Locale) -> tuple[Decimal, str]:
    if currency != RIAL:
        return value, currency
    if locale.money_unit == "toman":
        return value / RIALS_IN_TOMAN, "toman"
    return value, "rial"


def _whole(amount: Decimal, currency: str) -> Decimal:
    """Rounded to the currency's decimals; of a toman a tenth is shown where there is one."""
    if currency == RIAL:
        return trimmed(rounded(amount, 1))
    return rounded(amount, get_currency_precision(currency))


def _split(text: str) -> tuple[str, str]:
    """The number, and the unit written with it. A word that is none stays, so that it is refused."""
    word = "".join(_WORD.findall(text)).lower()
    unit = UNITS.get(word, word.upper() if re.fullmatch("[a-z]{3}", word) else "")
    return (_WORD.sub("", text) if unit else text), unit
