"""Moving records to the trash and back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition.module import Module
from crm_domain.problems import Denied, NotFound, Refused
from crm_domain.query.page import Row

if TYPE_CHECKING:
    from crm_domain.records.work import Work


async def remove(work: "Work", module: Module[Any], ids: Sequence[UUID]) -> UUID:
    """Moves those within reach to the trash; the removal by which they come back.

    Raises NotFound when none is within reach, Denied when they may only be seen, Refused when something blocks it.
    """
    if module.closed_to(admin=work.access.admin):
        raise Denied
    rows = await work.store.fetch(module, ids, action="delete", lock=True)
    if not rows:
        raise Denied if await work.store.fetch(module, ids, columns=("name",)) else NotFound
    reachable = [row.id for row in rows]
    if blockers := await work.store.blockers(module, reachable):
        key, number = next(iter(blockers.items()))
        relation = work.registry.relations(module.key).get(key)
        raise Refused(
            "problems.blocked", relation={"id": f"{relation.target}.many"} if relation else key, number=number
        )
    for row in rows:
        for rule in module.before_remove:
            await rule(work, module.record(row.id, row.values))
    removal, _ = await work.store.remove(module, reachable)
    await _follow(work, module, rows)
    return removal


async def restore(work: "Work", module: Module[Any], ids: Sequence[UUID]) -> int:
    """Brings these records back with what went along with each; others that were deleted with them stay in the trash.

    Raises NotFound when none of them is in reach of the trash, Denied where administrators alone write such records.
    """
    if module.admin_only and not work.access.admin:
        raise Denied
    rows = await work.store.fetch(module, ids, action="delete", deleted=True)
    if not rows:
        raise NotFound
    number = await work.store.restore_records(module, [row.id for row in rows])
    await _follow(work, module, rows)
    return number


async def undo(work: "Work", module: Module[Any], removal: UUID) -> int:
    """Takes one removal back, as the toast offers. Raises Denied without the right to delete."""
    if not work.access.can(module.key, "delete"):
        raise Denied
    back = await work.store.restore(removal)
    for key, ids in back.items():
        if (of := work.registry[key]).after_trash and ids:
            await _follow(work, of, await work.store.fetch(of, ids))
    return sum(map(len, back.values()))


async def purge(work: "Work", module: Module[Any], ids: Sequence[UUID]) -> int:
    """Deletes for good what is in the trash. Raises Denied without that right."""
    if not work.access.special("purge_trash"):
        raise Denied
    rows = await work.store.fetch(module, ids, action="delete", columns=("name",), deleted=True)
    number = await work.store.purge(module, [row.id for row in rows])
    if number:
        await work.store.note(module, None, "purge", {"records": [str(row.id) for row in rows]})
    return number


async def _follow(work: "Work", module: Module[Any], rows: Sequence[Row]) -> None:
    for rule in module.after_trash:
        await rule(work, [module.record(row.id, row.values) for row in rows])
