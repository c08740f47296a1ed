"""One spelling for every text: what is stored, what is searched, what is sorted.

The tables here also make the SQL functions (`sql_twin`), so that Python and the database cannot differ.
"""

import re
import unicodedata

from crm_domain.text.digits import ARABIC, LATIN, PERSIAN

ZWNJ = "\u200c"
INVISIBLE = "\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad"
DIACRITICS = "".join(map(chr, (*range(0x064B, 0x0660), 0x0670, 0x0640, *range(0x0300, 0x0370))))
"""Arabic marks, the superscript alef, the tatweel, and Latin combining accents."""
LETTERS = {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ە": "ه", "ہ": "ه", "ٱ": "ا", "ς": "σ"}
"""After decomposition: أ إ آ ؤ ئ ۀ have lost their marks by then."""
DROPPED = "ء" + INVISIBLE + DIACRITICS
PUNCTUATION = "،؛؟.,;:!?\"'`()[]{}<>«»“”‘’…|\\/*_%^~#$&=+"
"""Becomes a blank; the signs of e-mail addresses and ranges (@ -) stay."""
BLANKS = "\t\n\r\f\v\u00a0\u2028\u2029"
FOLD_FROM = "".join(LETTERS) + PERSIAN + ARABIC + PUNCTUATION + BLANKS + DROPPED
FOLD_TO = "".join(LETTERS.values()) + LATIN * 2 + " " * len(PUNCTUATION + BLANKS)
"""Shorter than FOLD_FROM: what has no partner is dropped, as `translate` does in SQL."""
ALEF_MADDA = "آ"
ALEF_MADDA_KEPT = "\ue000"
"""Stands for آ while folding makes every other alef ا: the alphabet begins with آ."""
ALPHABET = ALEF_MADDA_KEPT + "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
ALPHABET_CODES = "".join(chr(0x0621 + place) for place in range(len(ALPHABET)))
"""Consecutive code points, so that byte order is alphabetical order; digits and Latin come before."""

_FOLD = {ord(one): FOLD_TO[place] if place < len(FOLD_TO) else None for place, one in enumerate(FOLD_FROM)}
_SORT = str.maketrans(ALPHABET, ALPHABET_CODES)
_STORED = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "\u00a0": " ", **dict.fromkeys(INVISIBLE, None)})


def stored(text: str, *, single_line: bool = True) -> str:
    """Text as it is kept: NFC, Persian ye and kaf, no invisible marks, ZWNJ only between letters, no stray blanks."""
    text = unicodedata.normalize("NFC", text).translate(_STORED).replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(f"{ZWNJ}+", ZWNJ, text)
    text = re.sub(rf"(?:^|(?<=\s)){ZWNJ}|{ZWNJ}(?=\s|$)", "", text)
    if single_line:
        return " ".join(text.split())
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def search_key(text: str) -> str:
    """Text as it is searched. A word with ZWNJ is found joined and split: «می‌روم» gives «میروم می روم»."""
    folded = _fold(unicodedata.normalize("NFKC", text))
    joined = _single_blanks(folded.replace(ZWNJ, ""))
    return f"{joined} {_single_blanks(folded.replace(ZWNJ, ' '))}" if ZWNJ in folded else joined


def query_words(text: str) -> list[str]:
    """The words that must all occur in a search key. A word with ZWNJ counts as its parts, which every spelling has."""
    return search_key(text.replace(ZWNJ, " ")).split()


def sort_key(text: str) -> str:
    """Text as it is sorted by code points: digits, Latin, then Persian in the order of its alphabet."""
    kept = unicodedata.normalize("NFKC", text).replace(ALEF_MADDA, ALEF_MADDA_KEPT)
    return _single_blanks(_fold(kept).replace(ZWNJ, "")).translate(_SORT)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFD", text.lower()).translate(_FOLD)


def _single_blanks(text: str) -> str:
    return re.sub(" +", " ", text).strip(" ")
