"""Finding records by many values of one field in one statement, each compared as a search compares it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row
from crm_domain.text.normalise import search_key

if TYPE_CHECKING:
    from crm_domain.records.work import Work

SPARE = 100
"""Room for values that several records have."""


def folded(field: Kind, value: Any) -> Any:
    """The value as it is compared: texts blind to spelling, addresses to case."""
    match field:
        case kinds.Emails():
            return value.lower()
        case kinds.Text() | kinds.Computed() if isinstance(value, str):
            return search_key(value)
        case _:
            return value


async def ids_by(work: "Work", module: Module[Any], field: Kind, values: Sequence[str]) -> dict[Any, list[UUID]]:
    """By each value, folded, the records within reach that have it. Empty where there are far more than values."""
    wanted = dict.fromkeys(folded(field, value) for value in values)
    query = ListQuery(filter=Condition(field.key, "in", tuple(wanted)), columns=(field.key,), limit=len(wanted) + SPARE)
    page = await work.store.page(module, query)
    if page.after is not None:
        return {}
    found: dict[Any, list[UUID]] = {key: [] for key in wanted}
    for row in page.rows:
        for key in keys_of(field, row[field.key]):
            if key in found:
                found[key].append(row.id)
    return found


async def locked_by(work: "Work", module: Module[Any], field: Kind, values: Sequence[str]) -> dict[Any, Row | None]:
    """By a value, folded, the only record that has it, locked for editing, or None where there is none.

    Values are left out that several records have, or a record that is out of reach or has another of the values too.
    """
    found = await ids_by(work, module, field, values)
    times = Counter(id_ for ids in found.values() for id_ in ids)
    alone = {key: ids[0] for key, ids in found.items() if len(ids) == 1 and times[ids[0]] == 1}
    fetched = await work.store.fetch(module, list(alone.values()), action="edit", lock=True) if alone else []
    rows = {row.id: row for row in fetched}
    none = {key: None for key, ids in found.items() if not ids}
    return {**none, **{key: rows[id_] for key, id_ in alone.items() if id_ in rows}}


def keys_of(field: Kind, value: Any) -> Iterator[Any]:
    """By what, folded, a record with this value is found."""
    if isinstance(field, kinds.Emails):
        yield from (folded(field, entry.address) for entry in value or ())
    elif value is not None:
        yield folded(field, value)
