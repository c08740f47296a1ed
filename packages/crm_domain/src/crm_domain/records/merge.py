"""Records that mean the same thing become one: the one that stays takes the values chosen and all that hung on the others."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import EmailEntry, Module, Ref, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.problems import Denied, FieldProblem, Invalid, NotFound, Refused
from crm_domain.query.page import Row
from crm_domain.records import save

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST = 10
"""Records merged at once."""
ALL = "all"
"""Instead of one record: the values of all of them, united."""
Choices = Mapping[str, UUID | str]
"""By field, whose value the survivor takes."""
UNITED = (kinds.Emails, kinds.MultiChoice, kinds.Files)
JOINED = (kinds.LongText, kinds.RichText)


def choosable(module: Module[Any], access: Any) -> list[Kind]:
    """The fields that are compared: those the actor may write; of all others the survivor keeps its own."""
    return [
        field
        for field in module.writable()
        if access.field(module.key, field.key) == "write" and not isinstance(field, kinds.Secret | kinds.Bill)
    ]


def unites(field: Kind) -> bool:
    """Whether values of several records make one value."""
    return isinstance(field, (*UNITED, *JOINED))


async def candidates(work: "Work", module: Module[Any], ids: Sequence[UUID], *, lock: bool = False) -> list[Row]:
    """The records in the order asked for. Raises Denied, NotFound, Refused: each must be open to changing and deleting."""
    if not module.mergeable or module.closed_to(admin=work.access.admin) or not work.access.can(module.key, "merge"):
        raise Denied
    asked = list(dict.fromkeys(ids))
    if not 1 < len(asked) <= MOST:
        raise Refused("merge.number", most=MOST)
    rows = {row.id: row for row in await work.store.fetch(module, asked, action="edit", lock=lock)}
    deletable = await work.store.fetch(module, asked, action="delete", columns=("name",))
    if len(rows) < len(asked) or len(deletable) < len(asked):
        seen = await work.store.fetch(module, asked, columns=("name",))
        raise Denied("merge.out_of_reach") if len(seen) == len(asked) else NotFound
    return [rows[id_] for id_ in asked]


async def merge(
    work: "Work", module: Module[Any], ids: Sequence[UUID], choices: Choices, versions: Mapping[UUID, int] | None = None
) -> Mapping[str, int]:
    """Makes the first of `ids` of all of them; what moved, by module or relation.

    Raises Denied, NotFound, Invalid, and Refused where one of them has another version than it was compared in.
    """
    rows = await candidates(work, module, ids, lock=True)
    keep, *others = rows
    if versions and any(versions.get(row.id) != row["version"] for row in rows):
        raise Refused("merge.changed")
    values = chosen_values(choosable(module, work.access), rows, choices)
    lost = [row.id for row in others]
    moved = await work.store.move_to(module, keep.id, lost)
    removal, _ = await work.store.remove(module, lost)
    await work.store.name_survivor(removal, keep.id)
    await save.update(work, module, keep.id, values)
    await work.store.note(module, keep.id, "merge", {"merged": ", ".join(str(row["name"]) for row in others), **moved})
    for row in others:
        await work.store.note(module, row.id, "merged", {"into": keep["name"]})
    return moved


def usual(fields: Sequence[Kind], rows: Sequence[Row]) -> dict[str, UUID | str]:
    """What is proposed: lists united, otherwise the survivor's value or, where it has none, the first there is."""
    found: dict[str, UUID | str] = {}
    for field in fields:
        if isinstance(field, UNITED):
            found[field.key] = ALL
        else:
            filled = (row.id for row in rows if not save.same(_value(row, field, rows), None))
            found[field.key] = next(filled, rows[0].id)
    return found


def chosen_values(fields: Sequence[Kind], rows: Sequence[Row], choices: Choices) -> dict[str, Any]:
    """The survivor's values by these choices; fields without one are as proposed."""
    by_id = {row.id: row for row in rows}
    picked = {**usual(fields, rows), **choices}
    values: dict[str, Any] = {}
    if unknown := set(choices) - {field.key for field in fields}:
        raise Invalid(dict.fromkeys(unknown, (FieldProblem("problems.unknown_field", {"field": min(unknown)}),)))
    for field in fields:
        choice = picked[field.key]
        if choice == ALL and unites(field):
            values[field.key] = united(field, [row[field.key] for row in rows])
        elif isinstance(choice, UUID) and choice in by_id:
            values[field.key] = _value(by_id[choice], field, rows)
        else:
            raise NotFound
    return values


def _value(row: Row, field: Kind, rows: Sequence[Row]) -> Any:
    """A record's value; a link to one of those that become one would point at itself and is none."""
    value = row[field.key]
    return None if isinstance(value, Ref) and value.id in {other.id for other in rows} else value


def united(field: Kind, values: Sequence[Any]) -> Any:
    """One value of several: addresses, options and files each once, texts one below the other."""
    there = [value for value in values if value]
    match field:
        case kinds.Emails():
            return _addresses(there)
        case kinds.MultiChoice() | kinds.Files():
            return tuple(dict.fromkeys(item for value in there for item in value)) or None
        case kinds.RichText():
            return "".join(dict.fromkeys(there)) or None
        case _:
            return "\n".join(dict.fromkeys(there)) or None


def _addresses(lists: Sequence[tuple[EmailEntry, ...]]) -> tuple[EmailEntry, ...] | None:
    """Every address once; the first primary one stays primary."""
    found: dict[str, EmailEntry] = {}
    for entry in (entry for entries in lists for entry in entries):
        found.setdefault(entry.address.lower(), entry)
    first = next((key for key, entry in found.items() if entry.primary), next(iter(found), ""))
    return tuple(
        EmailEntry(entry.address, key == first, entry.opted_out, entry.invalid) for key, entry in found.items()
    )
