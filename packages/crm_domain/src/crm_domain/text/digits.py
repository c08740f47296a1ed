"""Digits of three scripts: all are understood, ASCII is stored, the reader's are shown."""

PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
ARABIC = "٠١٢٣٤٥٦٧٨٩"
LATIN = "0123456789"
TO_ASCII = str.maketrans(PERSIAN + ARABIC, LATIN * 2)
TO_PERSIAN = str.maketrans(LATIN, PERSIAN)


def to_ascii(text: str) -> str:
    """Persian and Arabic digits as ASCII ones."""
    return text.translate(TO_ASCII)


def to_persian(text: str) -> str:
    """ASCII digits as Persian ones."""
    return text.translate(TO_PERSIAN)


def plain_number(text: str, digits: int = 9) -> int | None:
    """The number that an address or a form carries along; None for anything else, also for more digits than it could have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
