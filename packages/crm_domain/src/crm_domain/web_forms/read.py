"""What was posted, as far as the page itself can judge it: the fields of the form and nothing else."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from crm_domain.text.digits import to_ascii
from crm_domain.text.normalise import search_key
from crm_domain.web_forms.shown import Asked, Said, Shown

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
LINK = re.compile(r"https?://|\[url|<a\s", re.IGNORECASE)
MANY_LINKS = 2
Odd = Literal["trap", "links"]
"""What makes a form look as if no person had filled it in; worded by `web_forms.odd.<word>`."""
TRAP = "homepage"
"""A field that no person sees; whoever fills it in is no person."""
CONSENT = "agreed"
ANSWER = "answer"
"""What was said to the form's own question."""
BETWEEN = re.compile(r"[,،;؛\n]")
PREFIX = "f."
"""Before the key of every field, so that no field can be taken for the form's own."""


def read_posted(form: Shown, posted: Mapping[str, Sequence[str]]) -> tuple[Said, dict[str, str]]:
    """What was said, and what is wrong with it: field key to message id. Whatever is not on the form is not looked at."""
    values: dict[str, str | list[str]] = {}
    wrong: dict[str, str] = {}
    for field in form.fields:
        given = [_plain(text, field) for text in posted.get(PREFIX + field.key, ())]
        given = [text for text in given if text]
        if problem := _problem(field, given):
            wrong[field.key] = problem
        if given:
            values[field.key] = given if field.sort == "several" else given[0]
    agreed = bool(posted.get(CONSENT))
    if form.consent and not agreed:
        wrong[CONSENT] = "agree"
    if form.question and search_key(" ".join(posted.get(ANSWER, ())).strip()) not in form.answers:
        wrong[ANSWER] = "not_the_answer"
    odd: list[Odd] = ["trap"] if any(text.strip() for text in posted.get(TRAP, ())) else []
    if sum(len(LINK.findall(text)) for text in _texts(values)) > MANY_LINKS:
        odd.append("links")
    consent, edition = (form.consent, form.consent_version) if agreed else ("", 0)
    return Said(values=values, consent=consent, consent_version=edition, odd=tuple(odd)), wrong


def read_answers(text: str) -> tuple[str, ...]:
    """The answers to a question, each as it is compared: blind to letter variants, digits and case."""
    return tuple(key for part in BETWEEN.split(text) if (key := search_key(part.strip())))


def _plain(text: str, field: Asked) -> str:
    """Without what no keyboard types; one line where one is asked."""
    kept = "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    if field.sort != "text":
        kept = " ".join(kept.split())
    return to_ascii(kept) if field.sort in ("email", "url") else kept.strip()


def _problem(field: Asked, given: Sequence[str]) -> str:
    if not given:
        return "missing" if field.required else ""
    if any(len(text) > field.longest for text in given):
        return "too_long"
    known = {key for key, _ in field.options}
    match field.sort:
        case "email":
            return "" if EMAIL.fullmatch(given[0]) and len(given[0]) <= 254 else "not_an_address"
        case "choice" | "several":
            return "" if known.issuperset(given) else "not_offered"
        case "number":
            return "" if re.fullmatch(r"-?\d{1,15}(?:[./٫]\d{1,4})?", to_ascii(given[0])) else "not_a_number"
        case _:
            return ""


def _texts(values: Mapping[str, str | list[str]]) -> list[str]:
    return [value for value in values.values() if isinstance(value, str)]
