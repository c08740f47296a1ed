"""The catalogues hold the same messages in both languages, with the same placeholders."""

import re

from crm_domain.messages.catalogue import catalogue, messages_of
from crm_domain.text.locale import ENGLISH, PERSIAN

FA, EN = messages_of("fa"), messages_of("en")
LANGUAGE_OWN = {"numbers.words.one_thousand", "numbers.words.trillion", "numbers.words.quadrillion"}


def names(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", text))


def test_every_message_is_in_both_languages() -> None:
    missing = {id_ for id_ in FA.keys() ^ EN.keys() if id_.removesuffix(".one") not in FA or not id_.endswith(".one")}
    assert missing - LANGUAGE_OWN == set()


def test_no_message_is_empty() -> None:
    assert [id_ for words in (FA, EN) for id_, text in words.items() if not text] == []


def test_placeholders_are_the_same() -> None:
    free = ("calendar.", "numbers.money.", "numbers.words.")
    both = [id_ for id_ in FA.keys() & EN.keys() if not id_.startswith(free)]
    assert [id_ for id_ in both if names(FA[id_]) != names(EN[id_])] == []


def test_persian_is_spelt_with_persian_letters() -> None:
    assert [id_ for id_, text in FA.items() if re.search("[يىكةٱ]", text)] == []


def test_lookup() -> None:
    fa, en = catalogue("fa"), catalogue("en")
    assert en.text("problems.too_long", most=5) == "This text can have at most 5 characters."
    assert en.plural("calendar.days", 1, number="1") == "1 day"
    assert fa.plural("calendar.days", 1, number="۱") == "۱ روز"
    assert fa.text("no.such.message") == "no.such.message"
    assert fa.text("numbers.words.trillion") == "trillion"
    assert (PERSIAN.rtl, ENGLISH.rtl) == (True, False)
