"""The words that definitions ask for: every label of a module, a relation and an option, and which of them a language lacks."""

from collections.abc import Container, Iterator, Mapping

from crm_domain.definition import kinds
from crm_domain.definition.options import Options
from crm_domain.definition.registry import Registry


def unworded(registry: Registry, catalogues: Mapping[str, Container[str]]) -> tuple[str, ...]:
    """Labels that a language lacks. `catalogues` holds the known message ids by language."""
    return tuple(
        f"{choices[0]} has no message in {language}"
        for choices in wanted_messages(registry)
        for language, known in catalogues.items()
        if not any(choice in known for choice in choices)
    )


def wanted_messages(registry: Registry) -> Iterator[tuple[str, ...]]:
    """Every label the definitions ask for, with its fallback: `accounts.title` may be worded as `record.title`."""
    for module in registry.modules.values():
        key = module.key
        for name in ("one", "many", "new", "empty", "help"):
            yield (f"{key}.{name}",)
        for field in module.fields:
            yield (f"{key}.{field.key}", f"record.{field.key}")
        for panel in module.layout.panels:
            yield (f"{key}.panel.{panel.key}",)
        for name, relation in registry.relations(key).items():
            plain = (f"{relation.target}.many",) if name == relation.target else ()
            yield (f"{key}.relation.{name}", f"record.relation.{name}", *plain)
        if module.group:
            yield (f"nav.{module.group}",)
    for table in registry.tables.values():
        for field in table.kinds():
            yield (f"{table.key}.{field.key}", f"record.{field.key}")
    for name, options in option_lists(registry):
        for option in options.items:
            yield (f"{name}.{option.key}",)


def option_lists(registry: Registry) -> Iterator[tuple[str, Options]]:
    """The option lists of all modules and relations, each once."""
    seen: set[str] = set()
    tables = (field for table in registry.tables.values() for field in table.kinds())
    fields = (field for module in registry.modules.values() for field in module.fields)
    for field in (*fields, *tables):
        if (
            isinstance(field, kinds.Choice | kinds.DependentChoice | kinds.MultiChoice)
            and field.options.name not in seen
        ):
            seen.add(field.options.name)
            yield field.options.name, field.options
