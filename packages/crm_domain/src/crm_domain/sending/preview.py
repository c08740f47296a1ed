"""A letter as one reader would see it, without a mail: for its author, while it is being written."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crm_domain.messages.catalogue import catalogue
from crm_domain.problems import FieldProblem
from crm_domain.sending.judge import faults, warnings
from crm_domain.sending.letter import Letter, Tracked
from crm_domain.sending.page import Page
from crm_domain.sending.plain import drawn_text, own_text
from crm_domain.text.merge_tags import Place, Vocabulary, Word, compile_template, parse

NAMED = re.compile(r"(?<!\{)\{([A-Za-z][A-Za-z0-9_]{0,79})\}(?!\})")
ADDRESSES = ("unsubscribe_url", "preferences_url", "web_view_url")
NOWHERE = "https://example.com/"
"""Where the preview's own links lead."""
LONG_SUBJECT = 60
"""Letters that phones show of a subject."""


class Preview(msgspec.Struct, frozen=True):
    """What a reader would get: `html` is empty in a letter of text alone."""

    subject: str
    html: str
    text: str


def preview(letter: Letter, vocabulary: Vocabulary, values: Mapping[str, Any]) -> Preview:
    """Raises BadTemplate or BadValue where the letter cannot be read. Links lead where they say and count nothing."""
    words = catalogue(letter.language)
    page = Page(letter, named_links(letter), track=False)
    text = own_text(page, letter.text, words) if letter.text.strip() else drawn_text(page, words)
    shown = "" if letter.text_only else page.finish(words, pixel=False)
    known = {**vocabulary.words, **{f"system.{name}": Word(sort="link", trusted=True) for name in ADDRESSES}}
    vocabulary = msgspec.structs.replace(vocabulary, words=known)
    facts = {**dict.fromkeys((f"system.{name}" for name in ADDRESSES), NOWHERE), **values}

    def filled(source: str, place: Place) -> str:
        return compile_template(parse(source, html=place is Place.HTML), vocabulary, place)(facts)

    return Preview(filled(letter.subject, Place.HEADER), filled(shown, Place.HTML), filled(text, Place.TEXT))


def named_links(letter: Letter) -> Sequence[Tracked]:
    """The campaign links that the letter names, whatever campaign will bring them."""
    names = dict.fromkeys([*NAMED.findall(letter.html), *NAMED.findall(letter.text)])
    return [Tracked(name, NOWHERE) for name in names]


def lint(letter: Letter, vocabulary: Vocabulary) -> tuple[tuple[FieldProblem, ...], tuple[FieldProblem, ...]]:
    """What must be mended before it can be sent, and what its author should know."""
    wrong = faults(letter, named_links(letter), vocabulary)
    if wrong:
        return wrong, ()
    told = [*warnings(letter, named_links(letter))]
    if "system.unsubscribe_url" not in letter.html + letter.text and "{" + "leave" + "}" not in letter.html:
        told.append(FieldProblem("email_templates.no_opt_out"))
    if len(letter.subject) > LONG_SUBJECT:
        told.append(FieldProblem("email_templates.long_subject", {"most": LONG_SUBJECT}))
    if not letter.preheader.strip():
        told.append(FieldProblem("email_templates.no_preheader"))
    return (), tuple(told)
