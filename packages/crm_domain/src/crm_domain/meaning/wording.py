"""The product's words as a tenant says them: its own names for modules and fields, wherever a sentence or a button has them."""

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from crm_domain.definition import Module, Registry
from crm_domain.messages.catalogue import Catalogue, catalogue

_KEPT: WeakKeyDictionary[Registry, dict[str, Catalogue]] = WeakKeyDictionary()


def catalogue_of(registry: Registry, language: str) -> Catalogue:
    """The language's catalogue in the words of the registry's tenant; made once for each."""
    kept = _KEPT.setdefault(registry, {})
    if language not in kept:
        words = dict(_words(registry, language))
        kept[language] = Catalogue(language, words) if words else catalogue(language)
    return kept[language]


def _words(registry: Registry, language: str) -> Iterator[tuple[str, str]]:
    shipped = catalogue(language)
    for module in registry.modules.values():
        yield from _names(module, shipped)
        for field in module.fields:
            if not field.custom and language in field.labels:
                yield f"{module.key}.{field.key}", field.labels[language]
        for relation in registry.relations(module.key).values():
            own, target = f"{module.key}.relation.{relation.key}", registry[relation.target]
            many = target.labels.get(f"{language}.many")
            if many and shipped.has(own) and shipped.text(own) == shipped.text(f"{target.key}.many"):
                yield own, many


def _names(module: Module[Any], shipped: Catalogue) -> Iterator[tuple[str, str]]:
    for number in ("one", "many"):
        if name := module.labels.get(f"{shipped.language}.{number}"):
            yield f"{module.key}.{number}", name
    if name := module.labels.get(f"{shipped.language}.one"):
        yield f"{module.key}.new", shipped.text("studio.new", name=name)
