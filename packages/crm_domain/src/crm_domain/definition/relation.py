"""Relations between modules, each declared once: by a link field (one to many), or by a table of its own (`ManyToMany`, `ManyToAny`)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from uuid import UUID

import msgspec

from crm_domain.definition.field import Field

if TYPE_CHECKING:
    from crm_domain.definition.kinds import Kind
    from crm_domain.records.work import Work

LinkRule = Callable[["Work", Sequence[tuple[UUID, UUID]]], Awaitable[None]]
"""Runs after records were linked, with the left and the right id of each link. Raises Invalid or Refused to stop it."""


class LinkFields:
    """The own fields of a many-to-many relation, such as a role; subclasses read like a record."""


class ManyToMany(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A relation kept in its own table. `left` shows its partners under `left_key`, `right` under `right_key`.

    `primary` names the boolean of the link of which each right record has at most one that is true; that link's left
    record stands in the right record's link field `mirrors`. `pins` names the link's own field that keeps which record of a
    right record's many was the newest when they were linked: a document's revision. `began_as` names the left's former link
    field that this relation took the place of: a table that is new is filled from it, own fields from what was named alike.
    """

    key: str
    left: str
    right: str
    left_key: str
    right_key: str
    fields: type[LinkFields] = LinkFields
    primary: str = ""
    mirrors: str = ""
    pins: str = ""
    began_as: str = ""
    after_link: tuple[LinkRule, ...] = ()

    def kinds(self) -> "tuple[Kind, ...]":
        """The link's own fields, in order."""
        return fields_of(self.fields)


class ManyToAny(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A relation of one module with records of several others, kept in one table whose right end names its module.

    `left` shows its partners under each partner module's own key; every one of `rights` shows the left's records under
    `right_key`. `counter` names the left's number field that always holds how many partners there are.
    """

    key: str
    left: str
    rights: tuple[str, ...]
    right_key: str
    counter: str = ""
    told: bool = False
    """Whether the left's records are part of the partners' history, beside what belongs to them by a flexible link."""
    along: Mapping[str, str] = {}
    """Which relation of a partner module goes along, when asked: an account's contacts."""
    fields: type[LinkFields] = LinkFields
    primary: ClassVar[str] = ""
    mirrors: ClassVar[str] = ""
    pins: ClassVar[str] = ""
    began_as: ClassVar[str] = ""
    after_link: ClassVar[tuple[LinkRule, ...]] = ()

    def kinds(self) -> "tuple[Kind, ...]":
        """The link's own fields, in order."""
        return fields_of(self.fields)


RelationTable = ManyToMany | ManyToAny


class Relation(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One module's side of a relation: what subpanels, the API, merge and export derive from."""

    key: str
    module: str
    """Where it is shown."""
    target: str
    """Whose records it lists."""
    kind: Literal["many_to_one", "many_to_many", "many_to_any"]
    link_field: str = ""
    """On the target: the field that points back (many to one)."""
    table: RelationTable | None = None
    left: bool = True
    """Whether `module` is the left side of the table."""
    labels: Mapping[str, str] = {}
    """What a tenant calls its own link, by language."""

    @property
    def right_module(self) -> str:
        """The module at the table's right end."""
        return self.target if self.left else self.module


def fields_of(owner: type) -> "tuple[Kind, ...]":
    """A class's fields with those of its ancestors last, in the order they are written, each key once."""
    found: dict[str, Any] = {}
    for cls in owner.__mro__:
        for name, value in vars(cls).items():
            if isinstance(value, Field) and name not in found:
                found[name] = value
    return tuple(found.values())
