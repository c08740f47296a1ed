"""Identifiers that pass their checks and reach nobody: invented numbers, example domains."""

from crm_domain.demo.chance import Chance, Weights

LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
MOBILE_PREFIXES = Weights(
    {"12": 30, "13": 6, "11": 4, "14": 4, "15": 4, "35": 8, "36": 6, "37": 4, "01": 4, "02": 6, "90": 8, "21": 6}
)


def national_id(chance: Chance) -> str:
    """Ten digits whose last one checks the others."""
    digits = chance.digits(9)
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    return digits + str(rest if rest < 2 else 11 - rest)


def legal_id(chance: Chance) -> str:
    """Eleven digits of a company, the last one checking the others."""
    digits = "10" + chance.digits(8)
    tens = int(digits[9]) + 2
    rest = sum((int(digit) + tens) * weight for digit, weight in zip(digits, LEGAL_WEIGHTS, strict=True)) % 11
    return digits + str(rest % 10)


def iranian_mobile(chance: Chance) -> str:
    return f"+989{chance.weighted(MOBILE_PREFIXES)}{chance.digits(7)}"


def iranian_landline(chance: Chance, area_code: str) -> str:
    return f"+98{area_code}{chance.whole(2, 8)}{chance.digits(7)}"


def american_phone(chance: Chance, area_code: str) -> str:
    """A number of the exchange that films use."""
    return f"+1{area_code}555{chance.digits(4)}"
