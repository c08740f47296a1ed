"""Where a demo company stands: its language's words, its towns, its money and its calendar."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Literal

import msgspec

from crm_domain.definition import Amount, PostalAddress
from crm_domain.demo import words_en, words_fa
from crm_domain.demo.chance import Chance, Weights
from crm_domain.demo.identifiers import american_phone, iranian_landline, iranian_mobile
from crm_domain.modules.places import PROVINCES
from crm_domain.tenancy import locale_for
from crm_domain.text.business_hours import WEEKENDS
from crm_domain.text.workdays import Workdays

Language = Literal["fa", "en"]
Pair = tuple[str, str]
"""A word and its Latin spelling."""
Label = Callable[[str], str]

OFFSETS: Mapping[Language, timezone] = {
    "fa": timezone(timedelta(hours=3, minutes=30)),
    "en": timezone(timedelta(hours=-5)),
}
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
OPENS, CLOSES = 8, 18
"""Hours of work."""
PROVINCE_WEIGHTS = {
    "tehran": 34,
    "isfahan": 11,
    "razavi_khorasan": 9,
    "fars": 7,
    "alborz": 7,
    "east_azerbaijan": 6,
    "khuzestan": 6,
}
OTHER_PROVINCE = 2
CAPITAL_WEIGHT = 5
RIAL_EXPONENTS, DOLLAR_EXPONENTS = (7.6, 10.75), (3.1, 5.7)
LEAST_RIAL, MOST_RIAL = Decimal(10_000_000), Decimal(80_000_000_000)


class Town(msgspec.Struct, frozen=True):
    """A city with what addresses and phones there begin with."""

    city: str
    state: str
    area_code: str
    postal_prefix: str


class Setting:
    """One demo company's surroundings. `label` words the messages of cities and provinces in its language."""

    def __init__(self, language: Language, currency: str, now: datetime, label: Label) -> None:
        self.language: Language = language
        self.currency = currency
        self.now = now
        self.workdays = Workdays(locale_for(language))
        self._rest = WEEKENDS[locale_for(language).calendar]
        self.words = words_fa if language == "fa" else words_en
        self.women, self.men, self.families = (
            tuple(_pair(word) for word in words) for words in (self.words.WOMEN, self.words.MEN, self.words.FAMILIES)
        )
        self.towns = _iranian_towns(label) if language == "fa" else _american_towns()
        self.industries = tuple(self.words.TRADES)

    def person(self, chance: Chance) -> tuple[str, Pair, Pair]:
        """Someone's gender, first and last name."""
        woman = chance.maybe(0.42)
        first = chance.pick(self.women if woman else self.men)
        return "female" if woman else "male", first, chance.pick(self.families)

    def company(self, chance: Chance, industry: str) -> Pair:
        """A company's name and the beginning of its web address."""
        trade, brand = chance.pick(self.words.TRADES[industry]), chance.pick(self.words.BRANDS)
        quality = chance.pick(self.words.QUALITIES) if chance.maybe(0.6) else ""
        if self.language == "fa":
            names, latin = zip(*(_pair(word) for word in (trade, brand, quality) if word), strict=True)
            return " ".join(names), _slug("-".join((latin[1], *latin[2:], latin[0])))
        parts = [str(part) for part in (quality, brand, trade, chance.pick(words_en.ENDINGS)) if part]
        return " ".join(parts), _slug("-".join((str(brand), str(trade))))

    def town(self, chance: Chance) -> Town:
        return chance.weighted(self.towns)

    def address(self, chance: Chance, town: Town) -> PostalAddress:
        street = chance.pick(self.words.STREETS)
        if self.language == "fa":
            alley = f"، {chance.pick(words_fa.ALLEYS)}" if chance.maybe(0.5) else ""
            unit = f"، واحد {chance.whole(1, 24)}" if chance.maybe(0.4) else ""
            line = f"{street}{alley}، پلاک {chance.whole(1, 320)}{unit}"
            return PostalAddress(
                line.translate(PERSIAN_DIGITS), town.city, town.state, town.postal_prefix + chance.digits(8), "ایران"
            )
        code = town.postal_prefix + chance.digits(2)
        return PostalAddress(f"{chance.whole(10, 9900)} {street}", town.city, town.state, code, "United States")

    def landline(self, chance: Chance, town: Town) -> str:
        return (
            iranian_landline(chance, town.area_code)
            if self.language == "fa"
            else american_phone(chance, town.area_code)
        )

    def mobile(self, chance: Chance, town: Town) -> str:
        return iranian_mobile(chance) if self.language == "fa" else american_phone(chance, town.area_code)

    def amount(self, chance: Chance, factor: int = 1) -> Amount:
        """A deal's worth, rounded as people round; `factor` for larger sums such as a year's revenue."""
        low, high = RIAL_EXPONENTS if self.currency == "IRR" else DOLLAR_EXPONENTS
        raw = 10 ** ((chance.between(low, high) + chance.between(low, high)) / 2)
        step = 10 ** max(len(str(int(raw))) - 2, 1)
        value = Decimal(max(round(raw / step), 1) * step)
        if self.currency == "IRR":
            value = min(max(value, LEAST_RIAL), MOST_RIAL)
        return Amount(value * factor, self.currency)

    def at_work(self, chance: Chance, moment: datetime) -> datetime:
        """The moment moved into hours and days of work, never into the future."""
        local = self._working_day(moment)
        hour, minute = chance.whole(OPENS, CLOSES - 1), chance.whole(0, 59)
        settled = local.replace(hour=hour, minute=minute, second=chance.whole(0, 59), microsecond=0)
        return settled if settled <= self.now else settled - timedelta(days=7)

    def appointment(self, chance: Chance, moment: datetime) -> datetime:
        """A quarter of an hour of a working day near the moment, which may lie ahead."""
        quarter = chance.whole(0, (CLOSES - OPENS - 1) * 4)
        day = self._working_day(moment)
        return day.replace(hour=OPENS + quarter // 4, minute=quarter % 4 * 15, second=0, microsecond=0)

    def _working_day(self, moment: datetime) -> datetime:
        local = moment.astimezone(OFFSETS[self.language])
        while local.weekday() in self._rest:
            local -= timedelta(days=1)
        return local


def _pair(word: str | Pair) -> Pair:
    return (word, word) if isinstance(word, str) else word


def _slug(latin: str) -> str:
    return "".join(letter for letter in latin.lower() if letter.isalnum() or letter == "-")


def _iranian_towns(label: Label) -> Weights[Town]:
    weights: dict[Town, float] = {}
    for province in PROVINCES:
        share = PROVINCE_WEIGHTS.get(province.key, OTHER_PROVINCE)
        whole = CAPITAL_WEIGHT + len(province.cities) - 1
        for place, city in enumerate(province.cities):
            state = label(f"province.{province.key}")
            town = Town(label(f"city.{city.key}"), state, province.area_code, city.postal_prefix)
            weights[town] = share * (1 if place else CAPITAL_WEIGHT) / whole
    return Weights(weights)


def _american_towns() -> Weights[Town]:
    return Weights({Town(*town): 1.0 for town in words_en.TOWNS})
