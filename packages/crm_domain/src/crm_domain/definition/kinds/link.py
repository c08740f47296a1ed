"""Kinds of links to other records. Modules are named by key, so definitions import nothing from each other."""

from crm_domain.definition.field import Field
from crm_domain.definition.values import OnDelete, Ref


class Link(Field[Ref | None], frozen=True, kw_only=True, eq=False):
    """A record of one module. With `inverse`, the target shows its many records under that relation key.

    With `among`, a link that both modules have under that key: once it is filled in, those of the same record are offered first.
    `on_delete` says what becomes of this record when the target goes to the trash: kept, in the way, or taken along.
    """

    target: str
    inverse: str = ""
    among: str = ""
    on_delete: OnDelete = "keep"


class UserLink(Field[Ref | None], frozen=True, kw_only=True, eq=False):
    """A user of the tenant. With `mine`, a new record has the one who makes it unless another is named."""

    mine: bool = False


class AnyLink(Field[Ref | None], frozen=True, kw_only=True, eq=False):
    """A record of any of several modules. With `inverse`, each target shows its many records under that relation key."""

    targets: tuple[str, ...]
    inverse: str = ""


def targets_of(field: object) -> tuple[str, ...]:
    """The modules whose records a field may name; none where it names no records."""
    match field:
        case Link():
            return (field.target,)
        case UserLink():
            return ("users",)
        case AnyLink():
            return field.targets
        case _:
            return ()
