"""Relations between modules, each declared once: by a link field (one to many) or by a `ManyToMany` (a table of its own)."""

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from crm_domain.definition.field import Field

if TYPE_CHECKING:
    from crm_domain.definition.kinds import Kind


class LinkFields:
    """The own fields of a many-to-many relation, such as a role; subclasses read like a record."""


class ManyToMany(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A relation kept in its own table. `left` shows its partners under `left_key`, `right` under `right_key`.

    `primary` names the boolean of the link of which each right record has at most one that is true; that link's left
    record stands in the right record's link field `mirrors`.
    """

    key: str
    left: str
    right: str
    left_key: str
    right_key: str
    fields: type[LinkFields] = LinkFields
    primary: str = ""
    mirrors: str = ""

    def kinds(self) -> "tuple[Kind, ...]":
        """The link's own fields, in order."""
        return fields_of(self.fields)


class Relation(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One module's side of a relation: what subpanels, the API, merge and export derive from."""

    key: str
    module: str
    """Where it is shown."""
    target: str
    """Whose records it lists."""
    kind: Literal["many_to_one", "many_to_many"]
    link_field: str = ""
    """On the target: the field that points back (many to one)."""
    table: ManyToMany | None = None
    left: bool = True
    """Whether `module` is the left side of the table."""


def fields_of(owner: type) -> "tuple[Kind, ...]":
    """A class's fields with those of its ancestors last, in the order they are written, each key once."""
    found: dict[str, Any] = {}
    for cls in owner.__mro__:
        for name, value in vars(cls).items():
            if isinstance(value, Field) and name not in found:
                found[name] = value
    return tuple(found.values())
