"""Numbers in words, as documents spell amounts out."""

from decimal import Decimal

from crm_domain.messages.catalogue import Catalogue
from crm_domain.text.locale import Locale
from crm_domain.text.money import money_unit
from crm_domain.text.numbers import rounded

SCALES = {
    "fa": ((10**9, "billion"), (10**6, "million"), (10**3, "thousand")),
    "en": ((10**15, "quadrillion"), (10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand")),
}
"""Persian counts thousands of milliards, without a word for 10¹²."""
TEN, TWENTY, HUNDRED, THOUSAND = 10, 20, 100, 1000


def in_words(number: int, catalogue: Catalogue) -> str:
    """The whole number in the catalogue's language: 1001 is «هزار و یک», "one thousand one"."""
    if number < 0:
        return catalogue.text("numbers.words.minus", number=in_words(-number, catalogue))
    if number == 0:
        return catalogue.text("numbers.words.0")
    return catalogue.text("numbers.words.and").join(_groups(number, catalogue))


def amount_in_words(value: Decimal, currency: str, locale: Locale, catalogue: Catalogue) -> str:
    """The amount with its unit, rials or tomans by the locale: «یک میلیون و دویست و پنجاه هزار تومان»."""
    in_toman = currency == "IRR" and locale.money_unit == "toman"
    amount = rounded(value / 10 if in_toman else value, 2)
    whole, hundredths = divmod(int(abs(amount).scaleb(2)), HUNDRED)
    words = in_words(whole, catalogue)
    if hundredths:
        spelt = in_words(hundredths, catalogue)
        words = catalogue.text("numbers.words.hundredths", number=words, hundredths=spelt, digits=f"{hundredths:02}")
    if amount < 0:
        words = catalogue.text("numbers.words.minus", number=words)
    return catalogue.text("numbers.words.amount", number=words, unit=money_unit(currency, locale, catalogue))


def _groups(number: int, catalogue: Catalogue) -> list[str]:
    """The words of each power of ten, largest first."""
    found: list[str] = []
    for size, name in SCALES.get(catalogue.language, SCALES["en"]):
        count, number = divmod(number, size)
        if count:
            found.append(_scaled(count, name, catalogue))
    return found + (_below_thousand(number, catalogue) if number else [])


def _scaled(count: int, name: str, catalogue: Catalogue) -> str:
    if count == 1 and catalogue.has(f"numbers.words.one_{name}"):
        return catalogue.text(f"numbers.words.one_{name}")
    return f"{in_words(count, catalogue)} {catalogue.text(f'numbers.words.{name}')}"


def _below_thousand(number: int, catalogue: Catalogue) -> list[str]:
    found: list[str] = []
    if number >= HUNDRED:
        found.append(catalogue.text(f"numbers.words.{number // HUNDRED * HUNDRED}"))
        number %= HUNDRED
    if number >= TWENTY and number % TEN:
        tens = catalogue.text(f"numbers.words.{number // TEN * TEN}")
        found.append(tens + catalogue.text("numbers.words.hyphen") + catalogue.text(f"numbers.words.{number % TEN}"))
    elif number:
        found.append(catalogue.text(f"numbers.words.{number}"))
    return found
