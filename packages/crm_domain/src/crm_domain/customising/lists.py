"""The option lists a tenant may make its own: where each is used, and what may be done to its values."""

from collections.abc import Mapping

import msgspec

from crm_domain.definition import Option, Options, Registry
from crm_domain.definition.kinds import Choice, DependentChoice, Kind
from crm_domain.definition.overlay import options_of
from crm_domain.definition.relation import ManyToAny

SHOWN_KINDS = ("open", "won", "lost", "closed")
"""What an added value may mean; documents become `sent` by being sent."""


class Use:
    """A field whose values come from a list. `owner` words its label: the module, or the relation whose links carry it."""

    def __init__(self, module: str, owner: str, field: Kind) -> None:
        self.module = module
        self.owner = owner
        self.field = field


class TenantList(msgspec.Struct, frozen=True, kw_only=True):
    """A list as the tenant has it now. `shipped` is the product's; None for the list of a field the tenant added."""

    options: Options
    shipped: Options | None
    uses: tuple[Use, ...]
    leader: Options | None = None
    """The list that decides which of these values are offered."""

    @property
    def name(self) -> str:
        return self.options.name

    @property
    def grows(self) -> bool:
        return not self.options.fixed or self.options.grows

    @property
    def coloured(self) -> bool:
        """Whether its values stand as badges somewhere."""
        return any(isinstance(use.field, Choice | DependentChoice) for use in self.uses)

    @property
    def weighed(self) -> bool:
        return any(item.weight is not None for item in self.options.items)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What an added value may mean; empty where values have no meaning of that sort."""
        present = {item.kind for item in self.options.items}
        return tuple(kind for kind in SHOWN_KINDS if kind in present)

    @property
    def parted(self) -> bool:
        """Whether people say under which values of the leading list a value is offered; else its kind says it."""
        return self.leader is not None and not self.kinds

    def own(self, key: str) -> bool:
        """Whether the tenant added that value."""
        return self.shipped is None or key not in self.shipped

    def protected(self, item: Option) -> bool:
        """Whether a value must stay on offer: behaviour hangs on it, or new records start with it."""
        if any(use.field.default == item.key for use in self.uses):
            return True
        if self.own(item.key) or not self.options.fixed:
            return False
        return not self.options.grows or item.kind not in ("", "open")

    def parents(self, item: Option) -> tuple[str, ...]:
        """The leading values that go with a value's kind."""
        assert self.leader is not None
        return tuple(leading.key for leading in self.leader.items if leading.kind == item.kind)


def lists_of(static: Registry, registry: Registry) -> dict[str, TenantList]:
    """The lists people choose from, by name, in the order of the modules that use them first."""
    shipped = {options.name: options for _, _, field in _fields(static) if (options := options_of(field))}
    found: dict[str, list[Use]] = {}
    current: dict[str, Options] = {}
    for module, owner, field in _fields(registry):
        if (options := options_of(field)) and not field.readonly and not registry[module].kept:
            found.setdefault(options.name, []).append(Use(module, owner, field))
            current[options.name] = options
    return {
        name: TenantList(
            options=current[name], shipped=shipped.get(name), uses=tuple(uses), leader=_leader(registry, uses)
        )
        for name, uses in found.items()
    }


def _fields(registry: Registry) -> list[tuple[str, str, Kind]]:
    """Every field with the module that shows it and the one that words it."""
    fields = [(module.key, module.key, field) for module in registry.modules.values() for field in module.fields]
    for table in registry.tables.values():
        shows = table.right if not isinstance(table, ManyToAny) else table.left
        fields += [(shows, table.key, field) for field in table.kinds()]
    return fields


def _leader(registry: Registry, uses: list[Use]) -> Options | None:
    for use in uses:
        if isinstance(use.field, DependentChoice):
            return options_of(registry[use.module].field(use.field.leader))
    return None


def labels_changed(labels: Mapping[str, str], shipped: Mapping[str, str]) -> dict[str, str]:
    """Only what is worded otherwise than the product words it."""
    return {language: label for language, label in labels.items() if label and label != shipped.get(language)}
