"""One spelling for every text: what is stored, what is searched, what is sorted.

The tables here also make the SQL functions (`sql_twin`), so that Python and the database cannot differ.
"""

import re
import unicodedata

from crm_domain.text.digits import ARABIC, LATIN, PERSIAN

ZWNJ = "\u200c"
INVISIBLE = r"\u00ad\u200d-\u200f\u202a-\u202e\u2066-\u2069\ufeff"
DROPPED = f"[{INVISIBLE}\\u0300-\\u036f\\u0621\\u0640\\u064b-\\u065f\\u0670]+"
"""What vanishes from keys: invisible marks, Latin accents and Arabic vowel signs, the hamza and the tatweel.

Texts are decomposed before, so that أ إ آ ؤ ئ ۀ é lose their marks. Patterns are read by Python and PostgreSQL alike.
"""
GAPS = (
    "[\\t-\\r !-*,./:-?\\[-`{-~\\u00a1\\u00ab\\u00b7\\u00bb\\u00bf\\u060c\\u061b\\u061f\\u066a-\\u066d\\u06d4"
    "\\u2010-\\u201f\\u2022\\u2028\\u2029]+"
)
"""What becomes one blank: blanks and punctuation, but for @ + - of e-mail addresses, phone numbers and ranges."""
LETTERS = {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ە": "ه", "ہ": "ه", "ٱ": "ا", "ς": "σ"}
FOLD_FROM = "".join(LETTERS) + PERSIAN + ARABIC
FOLD_TO = "".join(LETTERS.values()) + LATIN * 2
ALEF_MADDA = "\u0627\u0653"
ALEF_MADDA_KEPT = "\ue000"
"""Stands for آ while folding makes every other alef ا: the alphabet begins with آ."""
ALPHABET = ALEF_MADDA_KEPT + "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
ALPHABET_CODES = "".join(chr(0x0621 + place) for place in range(len(ALPHABET)))
"""Consecutive code points, so that byte order is alphabetical order; digits and Latin come before."""
SORT_FROM = FOLD_FROM + ALPHABET
SORT_TO = FOLD_TO.translate(str.maketrans(ALPHABET, ALPHABET_CODES)) + ALPHABET_CODES

_FOLD = str.maketrans(FOLD_FROM, FOLD_TO)
_SORT = str.maketrans(SORT_FROM, SORT_TO)
_DROPPED, _GAPS = re.compile(DROPPED), re.compile(GAPS)
_STORED = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "\u00a0": " "})
_ZWNJS, _STRAY_ZWNJ = re.compile(f"{ZWNJ}+"), re.compile(rf"(?:^|(?<=\s)){ZWNJ}|{ZWNJ}(?=\s|$)")
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")


def stored(text: str, *, single_line: bool = True) -> str:
    """Text as it is kept: NFC, Persian ye and kaf, no invisible marks, ZWNJ only between letters, no stray blanks."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text).translate(_STORED))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if ZWNJ in text:
        text = _STRAY_ZWNJ.sub("", _ZWNJS.sub(ZWNJ, text))
    if single_line:
        return " ".join(text.split())
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def search_key(text: str) -> str:
    """Text as it is searched. A word with ZWNJ is found joined and split: «می‌روم» gives «میروم می روم»."""
    folded = _bare(text).translate(_FOLD)
    joined = _spaced(folded.replace(ZWNJ, ""))
    return f"{joined} {_spaced(folded.replace(ZWNJ, ' '))}" if ZWNJ in folded else joined


def query_words(text: str) -> list[str]:
    """The words that must all occur in the search key of what is looked for; ZWNJ joins."""
    return search_key(text.replace(ZWNJ, "")).split()


def sort_key(text: str) -> str:
    """Text as it is sorted by code points: digits, Latin, then Persian in the order of its alphabet."""
    return _spaced(_bare(text, keep_madda=True).translate(_SORT).replace(ZWNJ, ""))


def _bare(text: str, *, keep_madda: bool = False) -> str:
    """Decomposed, in lower case, without marks."""
    text = unicodedata.normalize("NFKD", text).lower()
    return _DROPPED.sub("", text.replace(ALEF_MADDA, ALEF_MADDA_KEPT) if keep_madda else text)


def _spaced(text: str) -> str:
    return _GAPS.sub(" ", text).strip(" ")
