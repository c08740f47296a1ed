"""The filters: all there are, each with what it takes. They work on values or, where they must, on their text."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from crm_domain.text.digits import to_persian
from crm_domain.text.format import format_date
from crm_domain.text.merge_tags.vocabulary import Vocabulary, Word
from crm_domain.text.money import format_money
from crm_domain.text.numbers import format_number

LONGEST = 10_000
"""Characters that a filter looks at."""
STYLES = ("short", "medium", "long")
Argument = str | int | None
Step = Callable[[Any], Any]
Maker = Callable[[Argument, Word, Vocabulary], Step]


class Rule(msgspec.Struct, frozen=True):
    """How a filter is made, and what may stand after its colon."""

    make: Maker
    takes: Literal["nothing", "text", "number", "style", "scale"] = "nothing"


def accepts(rule: Rule, argument: Argument) -> bool:
    """Whether the filter may be written with this argument."""
    match rule.takes:
        case "nothing":
            return argument is None
        case "text":
            return isinstance(argument, str)
        case "number":
            return isinstance(argument, int) and 0 < argument <= LONGEST
        case "style":
            return argument is None or argument in STYLES
        case "scale":
            return argument is None or (isinstance(argument, int) and 0 <= argument <= 10)


def empty(value: Any) -> bool:
    """Whether there is nothing to show: no value, or only blanks."""
    return value is None or value == () or (isinstance(value, str) and not value.strip())


def _on_text(change: Callable[[str, Argument], str]) -> Maker:
    def make(argument: Argument, word: Word, _vocabulary: Vocabulary) -> Step:
        def step(value: Any) -> Any:
            if value is None:
                return None
            text = value if isinstance(value, str) and not word.coded else word.write(value)
            return change(text[:LONGEST], argument)

        return step

    return make


def _default(argument: Argument, _word: Word, _vocabulary: Vocabulary) -> Step:
    return lambda value: argument if empty(value) else value


def _date(calendar: Literal["jalali", "gregorian", ""]) -> Maker:
    """`date` is in the reader's calendar, `jdate` in the Jalali and `gdate` in the Gregorian one, whoever reads."""

    def make(argument: Argument, _word: Word, vocabulary: Vocabulary) -> Step:
        locale = vocabulary.locale
        if calendar:
            locale = msgspec.structs.replace(locale, calendar=calendar)
        style: Any = argument or "medium"

        def step(value: Any) -> Any:
            if isinstance(value, datetime):
                value = value.astimezone(locale.zone).date()
            return format_date(value, locale, vocabulary.catalogue, style) if isinstance(value, date) else value

        return step

    return make


def _number(argument: Argument, word: Word, vocabulary: Vocabulary) -> Step:
    scale = argument if isinstance(argument, int) else None

    def step(value: Any) -> Any:
        if word.sort == "money" and not empty(value) and not isinstance(value, str):
            value = value.value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return value
        return format_number(value, vocabulary.locale, scale)

    return step


def _money(_argument: Argument, word: Word, vocabulary: Vocabulary) -> Step:
    """An amount of money has its number in `value` and its `currency` beside it."""

    def step(value: Any) -> Any:
        if word.sort != "money" or empty(value) or isinstance(value, str):
            return value
        return format_money(value.value, value.currency, vocabulary.locale, vocabulary.catalogue)

    return step


def _truncate(text: str, argument: Argument) -> str:
    """To so many characters, the last word whole where there is one."""
    limit = argument if isinstance(argument, int) else LONGEST
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    whole = cut.rsplit(None, 1)[0] if " " in cut.strip() else cut
    return whole.rstrip() + "…"


def _first_word(text: str, _argument: Argument) -> str:
    words = text.split(maxsplit=1)
    return words[0] if words else ""


FILTERS: Mapping[str, Rule] = {
    "default": Rule(_default, "text"),
    "upper": Rule(_on_text(lambda text, _: text.upper())),
    "lower": Rule(_on_text(lambda text, _: text.lower())),
    "title": Rule(_on_text(lambda text, _: text.title())),
    "date": Rule(_date(""), "style"),
    "jdate": Rule(_date("jalali"), "style"),
    "gdate": Rule(_date("gregorian"), "style"),
    "number": Rule(_number, "scale"),
    "money": Rule(_money),
    "fa_digits": Rule(_on_text(lambda text, _: to_persian(text))),
    "truncate": Rule(_on_text(_truncate), "number"),
    "first_word": Rule(_on_text(_first_word)),
}
REQUIRED = "required"
"""Not a change but a demand: a recipient without this value gets no mail."""
