"""Guests of one occurrence of a series, of it and the following ones, or of all: brought, taken out, answering."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Module, Ref
from crm_domain.modules.activities.attendance import guests
from crm_domain.modules.activities.invite import call_off, call_off_together
from crm_domain.modules.activities.series import attended, is_open, slot_of
from crm_domain.modules.activities.spread import Which, reached
from crm_domain.problems import Denied
from crm_domain.query.page import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_domain.records.work import Work


async def bring(work: "Work", module: Module[Any], row: Row, guest: Ref, which: Which = "one") -> None:
    """Makes somebody a guest; who is one already keeps his answer. Raises NotFound, Denied."""
    _, ids = await reached(work, module, row.id, which)
    await _link(work, module, row, guest, ids, {})


async def take_out(
    work: "Work", module: Module[Any], row: Row, guest: Ref, which: Which = "one", *, company: str = ""
) -> None:
    """The reverse; a guest who was invited is told once. Raises NotFound, Denied."""
    series, ids = await reached(work, module, row.id, which)
    told = [one for one in await guests(work, module, row.id) if one.ref.id == guest.id]
    if series and which != "one":
        for one in told:
            await call_off_together(work, module, series, ids, company=company, of=one)
    else:
        await call_off(work, module, module.record(row.id, row.values), told, company=company)
    await work.store.unlink(work.relation(module.key, f"guest_{guest.module}"), row.id, [guest.id])
    if others := [id_ for id_ in ids if id_ != row.id]:
        await work.store.unlink(work.relation(guest.module, f"invited_{module.key}"), guest.id, others)


async def answer(
    work: "Work", module: Module[Any], row: Row, guest: Ref, accepted: str, which: Which = "one"
) -> list[Row]:
    """A guest's answer for one occurrence, or for those of a choice that are still to come; the ones it is for.

    Raises Denied for who does not take part in any of them.
    """
    mine = await attended(work, module, row, guest)
    if which == "one":
        meant = [one for one in mine if one.id == row.id]
    else:
        meant = [one for one in mine if is_open(module, one) and one["starts_at"] >= work.now()]
    if which == "following":
        meant = [one for one in meant if slot_of(one) >= slot_of(row)]
    if not meant:
        raise Denied
    await _link(work, module, row, guest, [one.id for one in meant], {"acceptance": accepted})
    return meant


async def _link(
    work: "Work", module: Module[Any], row: Row, guest: Ref, ids: "Sequence[UUID]", values: dict[str, Any]
) -> None:
    """In one statement each for the occurrence at hand, whose history tells it, and for all the others."""
    if row.id in ids:
        await work.store.link(work.relation(module.key, f"guest_{guest.module}"), row.id, [guest.id], values)
    if others := [id_ for id_ in ids if id_ != row.id]:
        await work.store.link(work.relation(guest.module, f"invited_{module.key}"), guest.id, others, values)
