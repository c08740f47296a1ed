"""How a reader writes: language, calendar, digits, zone, week and money unit."""

from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from crm_domain.text.digits import to_persian

Calendar = Literal["jalali", "gregorian"]
Digits = Literal["persian", "latin"]
MoneyUnit = Literal["rial", "toman", ""]
RIGHT_TO_LEFT = ("fa", "ar", "he", "ur")
SATURDAY = 5


class Locale(msgspec.Struct, frozen=True):
    """A reader's conventions. `week_start` counts from Monday = 0; `money_unit` is how rials are shown and typed."""

    language: str = "fa"
    calendar: Calendar = "jalali"
    digits: Digits = "persian"
    time_zone: str = "Asia/Tehran"
    week_start: int = SATURDAY
    time_24h: bool = True
    money_unit: MoneyUnit = "toman"

    @property
    def rtl(self) -> bool:
        return self.language in RIGHT_TO_LEFT

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def in_digits(self, text: str) -> str:
        """The text with the reader's digits in place of ASCII ones."""
        return to_persian(text) if self.digits == "persian" else text


PERSIAN = Locale()
ENGLISH = Locale("en", "gregorian", "latin", "Asia/Tehran", week_start=0, time_24h=False, money_unit="")
