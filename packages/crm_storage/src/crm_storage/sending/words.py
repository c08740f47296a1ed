"""What templates of a language may name in a tenant."""

from datetime import datetime

from crm_domain.definition import Registry
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.sending.audience import MEMBERS
from crm_domain.sending.words import vocabulary
from crm_domain.text.locale import ENGLISH, PERSIAN
from crm_domain.text.merge_tags import Vocabulary


def words_in(registry: Registry, language: str, now: datetime) -> Vocabulary:
    """The words of everybody who may be on a list, the tenant's own fields included."""
    voice = Voice(catalogue(language), PERSIAN if language == "fa" else ENGLISH, now)
    return vocabulary([registry[member.module] for member in MEMBERS if member.module in registry], voice)
