"""What templates may name, in the language of the letter."""

import msgspec

from crm_domain.meaning.voice import Voice
from crm_domain.meaning.wording import catalogue_of
from crm_domain.sending.letter import Language
from crm_domain.sending.words import vocabulary
from crm_domain.text.locale import ENGLISH, PERSIAN
from crm_domain.text.merge_tags import Vocabulary
from crm_web.visit import Visit

READERS = ("contacts", "leads", "targets", "accounts", "users")
"""The modules whose records get mail."""


def letter_voice(visit: Visit, language: Language) -> Voice:
    """How a letter speaks: its own language, calendar and digits, whoever writes it."""
    locale = ENGLISH if language == "en" else PERSIAN
    return msgspec.structs.replace(visit.voice, catalogue=catalogue_of(visit.work.registry, language), locale=locale)


def letter_words(visit: Visit, language: Language) -> Vocabulary:
    """The vocabulary of letters to any of them."""
    return vocabulary([visit.module(key) for key in READERS], letter_voice(visit, language))
