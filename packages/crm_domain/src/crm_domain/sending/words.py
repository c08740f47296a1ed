"""What a campaign's template may name: the recipient, who looks after him, the campaign, the sender, today."""

from collections.abc import Iterable
from typing import Any

from crm_domain.definition import Module
from crm_domain.meaning.spoken import words_of
from crm_domain.meaning.voice import Voice
from crm_domain.text.format import format_date
from crm_domain.text.merge_tags import Vocabulary, Word

PEOPLE = ("recipient", "contact", "lead", "target", "user")
"""One group under several names: whoever the mail goes to, of whichever module."""
SYSTEM = ("unsubscribe_url", "preferences_url", "web_view_url")
OTHERS = {
    "account": ("name", "website", "industry"),
    "owner": ("name", "title", "email", "phone"),
    "campaign": ("name",),
}


def vocabulary(modules: Iterable[Module[Any]], voice: Voice) -> Vocabulary:
    """The words for recipients of these modules, written for one language. A field that a module lacks is empty."""
    fields: dict[str, Word] = {}
    for module in modules:
        for name, word in words_of(module, "", voice).items():
            fields.setdefault(name.removeprefix("."), word)
    words = {f"{group}.{key}": word for group in PEOPLE for key, word in fields.items()}
    for group, keys in OTHERS.items():
        words |= {f"{group}.{key}": Word(sort="link" if key == "website" else "text") for key in keys}
    words |= {"sender.name": Word(), "sender.address": Word(latin=True)}
    words |= {f"system.{key}": Word(sort="link") for key in SYSTEM}
    words["system.today"] = Word(sort="date", write=lambda day: _day(day, voice))
    return Vocabulary(words, voice.locale, voice.catalogue)


def _day(value: Any, voice: Voice) -> str:
    return format_date(value.astimezone(voice.locale.zone).date(), voice.locale, voice.catalogue, "medium")
