"""The core of a company's name, whatever legal form stands beside it."""

import re

from crm_domain.text.normalise import search_key

FORMS = (
    "شرکت", "موسسه", "گروه", "سهامی خاص", "سهامی عام", "با مسئولیت محدود", "مسئولیت محدود", "تضامنی", "تعاونی", "ltd", "limited",
    "llc", "inc", "incorporated", "corp", "corporation", "co", "company", "gmbh", "ag", "plc", "sa", "bv",
)  # fmt: skip
_FORMS = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(search_key(form)) for form in FORMS)})(?!\w)")
_MARKS = re.compile(r"[^\w\s]+")


def bare(name: str) -> str:
    """The name as it is compared: blind to spelling, marks and legal form."""
    plain = _MARKS.sub(" ", search_key(name))
    return " ".join(_FORMS.sub(" ", plain).split())
