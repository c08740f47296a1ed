"""What an administrator calls a module and its fields, in every language."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from crm_domain.definition import Module
from crm_domain.messages.catalogue import LANGUAGES, catalogue
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.text.normalise import search_key, stored

LABEL_MAX = 100
NUMBERS = ("one", "many")
Labels = dict[str, dict[str, str]]
"""By field key, the words by language; under the empty key the module's names by `<language>.<number>`."""


def shipped_labels(module: Module[Any]) -> Labels:
    """How the product words a module's names and its own fields."""
    names = {
        f"{language}.{number}": catalogue(language).text(f"{module.key}.{number}")
        for language in LANGUAGES
        for number in NUMBERS
    }
    fields = {
        field.key: {language: _shipped(module.key, field.key, language) for language in LANGUAGES}
        for field in module.fields
        if not field.custom
    }
    return {"": names, **fields}


def revised_labels(module: Module[Any], typed: Mapping[str, Mapping[str, str]]) -> Labels:
    """The wording that differs from the product's; what is left empty is the product's. Raises Invalid by `<field>.<language>`."""
    shipped = shipped_labels(module)
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    own: Labels = {}
    for key, words in shipped.items():
        for name, usual in words.items():
            label = stored(typed.get(key, {}).get(name, ""))
            if not label or label == usual:
                continue
            own.setdefault(key, {})[name] = label
            if len(label) > LABEL_MAX:
                problems[f"{key}.{name}"] = (FieldProblem("problems.too_long", {"most": LABEL_MAX}),)
            elif set("{}") & set(label):
                problems[f"{key}.{name}"] = (FieldProblem("studio.no_braces"),)
    problems |= _alike(shipped, own)
    if problems:
        raise Invalid(problems)
    return own


def _alike(shipped: Labels, own: Labels) -> dict[str, tuple[FieldProblem, ...]]:
    """New words that another field of the module has too, so that nobody could tell their columns apart."""
    called = Counter(
        (language, search_key({**words, **own.get(key, {})}[language]))
        for key, words in shipped.items()
        if key
        for language in words
    )
    return {
        f"{key}.{language}": (FieldProblem("problems.taken"),)
        for key, words in own.items()
        if key
        for language, label in words.items()
        if called[language, search_key(label)] > 1
    }


def _shipped(module: str, field: str, language: str) -> str:
    words = catalogue(language)
    own = f"{module}.{field}"
    return words.text(own if words.has(own) else f"record.{field}")
