"""Giving what one user has to another: whole modules at once, each as a run that can be looked at and taken back."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref
from crm_domain.problems import FieldProblem, Invalid, Refused
from crm_domain.query.filter import Condition, Filter, StillOpen, both
from crm_domain.query.page import Count, ListQuery
from crm_domain.records import bulk
from crm_domain.records.assigning import FIELD
from crm_domain.records.run_many import begin, open_run
from crm_domain.records.runs import MOST

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class Belongings(msgspec.Struct, frozen=True):
    """How much of a module a user has, and how much of that is still open; the same where nothing ever ends."""

    module: Module[Any]
    all: Count
    open: Count


async def belongings(work: "Work", user: UUID) -> list[Belongings]:
    """What the user has, of every module that the actor may hand over; counted in one statement."""
    modules = [module for module in work.registry.modules.values() if _may(work, module)]
    asked = [(module, _his(module, user, only_open=only)) for module in modules for only in (False, True)]
    counts = await work.store.counts(asked)
    found = [Belongings(*three) for three in zip(modules, counts[::2], counts[1::2], strict=True)]
    return [one for one in found if one.all.number]


async def hand_over(
    work: "Work", user: UUID, to: UUID | None, modules: Collection[str], *, only_open: bool, besides: bool = False
) -> list[UUID]:
    """Begins a job for each of the modules; the jobs. With something `besides` there may be none. The caller commits.

    Raises Denied, Invalid with the keys `to` and `modules`, and Refused where a module has too many records for one run.
    """
    _check(user, to, modules, besides=besides)
    assert to is not None
    if not await _active(work, to):
        raise Invalid({"to": (FieldProblem("users.inactive_receiver"),)})
    jobs: list[UUID] = []
    for module in (work.registry[key] for key in dict.fromkeys(modules) if key in work.registry):
        ids = await _ids(work, module, user, only_open=only_open)
        if ids:
            run = await open_run(work, module, "update", ids, {FIELD: Ref("users", to)})
            job = await begin(work, run, always_job=True)
            jobs += [job] if job else []
    return jobs


def _may(work: "Work", module: Module[Any]) -> bool:
    """Where many records may be given to somebody else."""
    rights = all(work.access.can(module.key, action) for action in ("list", "edit", "mass_update"))
    return (
        rights
        and not module.admin_only
        and not module.closed_to(admin=work.access.admin)
        and FIELD in bulk.mass_fields(work, module)
    )


def _his(module: Module[Any], user: UUID, *, only_open: bool) -> Filter:
    his = Condition(FIELD, "eq", user)
    return both(his, StillOpen()) if only_open and module.open_field else his


def _check(user: UUID, to: UUID | None, modules: Collection[str], *, besides: bool) -> None:
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    if to is None:
        problems["to"] = (FieldProblem("problems.required"),)
    elif to == user:
        problems["to"] = (FieldProblem("users.same_receiver"),)
    if not modules and not besides:
        problems["modules"] = (FieldProblem("list.nothing_selected"),)
    if problems:
        raise Invalid(problems)


async def _active(work: "Work", user: UUID) -> bool:
    rows = await work.store.fetch(work.registry["users"], [user], columns=("status",))
    return bool(rows) and rows[0]["status"] == "active"


async def _ids(work: "Work", module: Module[Any], user: UUID, *, only_open: bool) -> list[UUID]:
    query = ListQuery(filter=_his(module, user, only_open=only_open), columns=("name",), limit=MOST)
    page = await work.store.page(module, query)
    if page.after is not None:
        raise Refused("list.too_many", number=MOST)
    return [row.id for row in page.rows]
