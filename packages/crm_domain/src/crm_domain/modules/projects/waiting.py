"""What a task waits for: any number of tasks before it, each by a kind of relation and a lag in days of work."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from crm_domain.definition import LinkFields
from crm_domain.definition.kinds import Choice, Integer
from crm_domain.modules.projects.options import TASK_RELATIONSHIPS

if TYPE_CHECKING:
    from crm_domain.records.work import Work

BEFORE, AFTER = "predecessors", "successors"
"""The relations of tasks, and of tasks of templates, with those before and those after them."""
FURTHEST = 365
"""Days of lag."""


class Waiting(LinkFields):
    """How a task waits for another one."""

    relationship = Choice(options=TASK_RELATIONSHIPS, default="fs")
    lag = Integer(minimum=-FURTHEST, maximum=FURTHEST)


class Wait(msgspec.Struct, frozen=True):
    """A task that another one waits for, by `relation` (fs, ss, ff, sf) and so many days of `lag`."""

    before: UUID
    relation: str = "fs"
    lag: int = 0


async def waits(work: "Work", module: str, tasks: Sequence[UUID]) -> dict[UUID, list[Wait]]:
    """What each of these tasks waits for; those that wait for nothing are left out."""
    found: dict[UUID, list[Wait]] = {}
    for tie in await work.store.ties(work.relation(module, BEFORE), tasks):
        found.setdefault(tie.owner, []).append(
            Wait(tie.other, tie.values["relationship"] or "fs", tie.values["lag"] or 0)
        )
    return found


def downhill(after: Mapping[UUID, Collection[UUID]]) -> list[UUID]:
    """Every task after all that it waits for; what waits for itself, round about, comes last."""
    left = {id_: {one for one in before if one in after} for id_, before in after.items()}
    followers: dict[UUID, list[UUID]] = {}
    for id_, before in left.items():
        for one in before:
            followers.setdefault(one, []).append(id_)
    found = [id_ for id_, before in left.items() if not before]
    for id_ in found:  # grows while it is walked, so that no chain is too long
        for follower in followers.get(id_, ()):
            left[follower].discard(id_)
            if not left[follower]:
                found.append(follower)
    placed = set(found)
    return found + [id_ for id_ in after if id_ not in placed]


def names_of(waiting: Iterable[Wait]) -> tuple[UUID, ...]:
    """The tasks waited for."""
    return tuple(wait.before for wait in waiting)
