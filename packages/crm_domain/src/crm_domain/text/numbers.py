"""Numbers as people type and read them: three digit sets, two styles of marks, short forms."""

import re
from decimal import ROUND_HALF_UP, Decimal

from crm_domain.messages.catalogue import Catalogue
from crm_domain.problems import BadValue
from crm_domain.text.digits import to_ascii
from crm_domain.text.locale import Locale

MINUS = "\u2212"
PERSIAN_MARKS = str.maketrans(",.%", "٬٫٪")
LONGEST = 60
SHORT_FORMS = (("trillion", 12), ("billion", 9), ("million", 6), ("thousand", 3))
SHORT_FROM = 10_000
"""Smaller numbers are short enough in full."""
_SPELLINGS = str.maketrans({"٬": ",", "،": ",", "٫": ".", MINUS: "-", "\u2013": "-"})
_IGNORED = re.compile(r"[\s\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069']+")


def parse_decimal(text: str) -> Decimal:
    """The number somebody typed. Raises BadValue, also for «۲/۵» and "2,5", which may mean two things."""
    plain = _IGNORED.sub("", to_ascii(text).translate(_SPELLINGS))
    if len(plain) <= LONGEST and re.fullmatch(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+", plain, re.ASCII):
        return Decimal(plain.replace(",", ""))
    if re.fullmatch(r"[+-]?\d+[/,]\d+", plain, re.ASCII):
        raise BadValue("problems.ambiguous_decimal", value=text[:80])
    raise BadValue("problems.not_a_number", value=text[:80])


def parse_integer(text: str) -> int:
    """The whole number somebody typed. Raises BadValue."""
    number = parse_decimal(text)
    if number != number.to_integral_value():
        raise BadValue("problems.not_a_whole_number", value=text[:80])
    return int(number)


def format_number(value: int | Decimal, locale: Locale, scale: int | None = None) -> str:
    """The number in the reader's digits and marks; rounded to `scale` decimals, or with those it has."""
    number = Decimal(value) if scale is None else rounded(Decimal(value), scale)
    text = f"{abs(number):,f}"
    return f"{MINUS if number < 0 else ''}{_in_marks(text, locale)}"


def format_percent(value: int | Decimal, locale: Locale) -> str:
    """A number of hundredths with the percent sign: 25 is «۲۵٪»."""
    return format_number(trimmed(Decimal(value)), locale) + ("٪" if locale.digits == "persian" else "%")


def short_number(value: int | Decimal, locale: Locale, catalogue: Catalogue) -> str:
    """The number to three digits with its magnitude: «۱٫۲ میلیارد», "1.2B"."""
    size = abs(Decimal(value))
    if size < SHORT_FROM:
        return format_number(trimmed(rounded(Decimal(value), 0 if size >= 100 else 2)), locale)
    for name, power in SHORT_FORMS:
        share = size.scaleb(-power)
        short = rounded(share, 0 if share >= 100 else 1 if share >= 10 else 2)
        if short >= 1:
            number = format_number(trimmed(short.copy_sign(Decimal(value))), locale)
            return catalogue.text(f"numbers.short.{name}", number=number)
    raise AssertionError(value)


def magnitude(value: int | Decimal) -> tuple[str, int]:
    """The largest short form a number reaches and its power of ten: ("billion", 9); ("", 0) below the first."""
    return next(((name, power) for name, power in SHORT_FORMS if abs(Decimal(value)).scaleb(-power) >= 1), ("", 0))


def rounded(value: Decimal, scale: int) -> Decimal:
    """The number with so many decimals, halves away from zero as in trade."""
    return value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


def trimmed(value: Decimal) -> Decimal:
    """The number without zeros at the end of its decimals."""
    return value.normalize() if value else Decimal(0)


def _in_marks(text: str, locale: Locale) -> str:
    return locale.in_digits(text).translate(PERSIAN_MARKS) if locale.digits == "persian" else text
