"""Who is being spoken to: their language, calendar, digits, zone, and the words of the tenant."""

from datetime import date, datetime
from typing import Any

import msgspec

from crm_domain.definition.kinds import Kind
from crm_domain.definition.layout import Panel
from crm_domain.definition.module import Module
from crm_domain.definition.options import Option, Options
from crm_domain.definition.overlay import CUSTOM_PANEL
from crm_domain.definition.relation import Relation, RelationTable
from crm_domain.messages.catalogue import Catalogue, catalogue
from crm_domain.text.locale import ENGLISH, PERSIAN, Locale
from crm_domain.text.numbers import format_number


class Voice(msgspec.Struct, frozen=True):
    """Everything that turns a value into words. `now` is the time of the request."""

    catalogue: Catalogue
    locale: Locale
    now: datetime
    base_currency: str = "IRR"

    @property
    def language(self) -> str:
        return self.locale.language

    def today(self) -> date:
        """The reader's calendar day."""
        return self.now.astimezone(self.locale.zone).date()

    def text(self, id_: str, **facts: Any) -> str:
        """A message with its facts, numbers in the reader's digits."""
        shown = {name: format_number(fact, self.locale) if type(fact) is int else fact for name, fact in facts.items()}
        return self.catalogue.text(id_, **shown)

    def label(self, module: Module[Any], field: Kind) -> str:
        """A field's label: the tenant's own, the module's, or the one all records share."""
        if self.language in field.labels:
            return field.labels[self.language]
        own = f"{module.key}.{field.key}"
        return self.text(own if self.catalogue.has(own) else f"record.{field.key}")

    def relation(self, relation: Relation) -> str:
        """What a module calls the records on the other side: its own word, the one all records share, or what they are."""
        if self.language in relation.labels:
            return relation.labels[self.language]
        own, shared = f"{relation.module}.relation.{relation.key}", f"record.relation.{relation.key}"
        return self.text(next((id_ for id_ in (own, shared) if self.catalogue.has(id_)), f"{relation.target}.many"))

    def link_label(self, table: RelationTable, field: Kind) -> str:
        """The label of what a link says of itself: the relation's own, or the one all records share."""
        own = f"{table.key}.{field.key}"
        return self.text(own if self.catalogue.has(own) else f"record.{field.key}")

    def path_label(self, module: Module[Any], path: str, target: Module[Any] | None) -> str:
        """The label of a one-hop path or an address part: «شرکت › صنعت»."""
        first, _, rest = path.partition(".")
        if not rest:
            return self.label(module, module.field(first))
        end = self.label(target, target.field(rest)) if target else self.text(f"record.address.{rest}")
        return self.text("record.path", first=self.label(module, module.field(first)), rest=end)

    def option(self, options: Options, key: str | None) -> str:
        """An option's label; a key that is no longer in the list speaks for itself."""
        item = options.get(key)
        return self.option_label(options, item) if item else (key or "")

    def option_label(self, options: Options, item: Option) -> str:
        return item.labels.get(self.language) or self.text(f"{options.name}.{item.key}")

    def panel(self, module: Module[Any], panel: Panel) -> str:
        """A panel's title: the tenant's own, the module's, or the one for fields of the tenant's own."""
        own = f"{module.key}.panel.{panel.key}"
        return panel.labels.get(self.language) or self.text(
            own if self.catalogue.has(own) else f"record.panel.{CUSTOM_PANEL}"
        )

    def module(self, module: Module[Any], number: str = "many") -> str:
        """The module's name, `one` or `many`."""
        return module.labels.get(f"{self.language}.{number}") or self.text(f"{module.key}.{number}")


def usual_voice(language: str, now: datetime) -> Voice:
    """How people of a language are usually spoken to."""
    return Voice(catalogue(language), PERSIAN if language == "fa" else ENGLISH, now)
