"""Answers to invitations that calendar programs send by mail."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Module, Ref
from crm_domain.letters.addresses import Party
from crm_domain.modules.activities.series import attended, slot_of
from crm_domain.modules.activities.taking_part import answer
from crm_domain.problems import Denied
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row
from crm_domain.text.ics import Reply

if TYPE_CHECKING:
    from crm_domain.records.work import Work


async def answered_by_mail(work: "Work", replies: Sequence[Reply], sender: Party | None) -> int:
    """Notes them for the guests who have the sender's address; how many occurrences were answered for.

    A letter speaks only for its own sender, and proves nothing beyond that answer.
    """
    own = [reply for reply in replies if sender and reply.address == sender.address.lower()]
    return sum([await _answered(work, module, reply) for reply in own for module in _planned(work)])


def _planned(work: "Work") -> list[Module[Any]]:
    return [module for module in work.registry.modules.values() if module.schedule and module.schedule.guests]


async def _answered(work: "Work", module: Module[Any], reply: Reply) -> int:
    row = await _known(work, module, reply.uid)
    if row is None or module.schedule is None:
        return 0
    found = 0
    for key in module.schedule.guests:
        target = work.relation(module.key, key).target
        query = ListQuery(filter=Condition("emails", "eq", reply.address), columns=("name",), limit=2)
        for person in (await work.store.page(work.registry[target], query)).rows:
            found += await _noted(work, module, row, Ref(target, person.id), reply)
    return found


async def _noted(work: "Work", module: Module[Any], row: Row, guest: Ref, reply: Reply) -> int:
    """An answer to the whole, or to the occurrence that the series has at that time."""
    if reply.instead_of is None:
        try:
            return len(await answer(work, module, row, guest, reply.answer, "all"))
        except Denied:
            return 0
    mine = await attended(work, module, row, guest)
    for one in mine:
        at = slot_of(one)
        if reply.instead_of in (at, at.astimezone(work.locale.zone).date()):
            return len(await answer(work, module, one, guest, reply.answer))
    return 0


async def _known(work: "Work", module: Module[Any], uid: str) -> Row | None:
    """The event of that name, or an occurrence of the series that has it."""
    try:
        rows = await work.store.fetch(module, [UUID(uid)])
    except ValueError:
        return None
    if rows:
        return rows[0]
    query = ListQuery(filter=Condition("series_uid", "eq", uid), columns=("name",), limit=1)
    found = (await work.store.page(module, query)).rows
    return (await work.store.fetch(module, [found[0].id]))[0] if found else None
