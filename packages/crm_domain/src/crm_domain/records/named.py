"""The record that a written name means: one way for forms, files, address cards and whatever else names records."""

from typing import TYPE_CHECKING, Any

from crm_domain.definition import Module, Ref, kinds
from crm_domain.query.filter import Condition, Filter, Quick
from crm_domain.query.page import ListQuery, Row
from crm_domain.records import save

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST = 20
"""Names that are looked at; where more are alike, none is meant."""


async def meant(work: "Work", module: Module[Any], name: str) -> Ref | None:
    """The only record within reach of that name; without one of that very name, the only one whose name has the same core."""
    rows = await _rows(work, module, Condition("name", "eq", name))
    core_of = module.name_core
    if not rows and core_of and (core := core_of(name)):
        rows = [row for row in await _rows(work, module, Quick(core)) if core_of(str(row["name"])) == core]
    return Ref(module.key, rows[0].id, str(rows[0]["name"])) if len(rows) == 1 else None


async def meant_or_made(work: "Work", module: Module[Any], name: str, *, make: bool) -> Ref | None:
    """The record that is meant, else, where one is to be made and the actor may, a new one with that name alone.

    Raises Invalid, Refused where a rule stands against a new one; the caller commits.
    """
    if not work.access.can(module.key, "list"):
        return None
    if found := await meant(work, module, name):
        return found
    if not (make and work.access.can(module.key, "create")):
        return None
    field = module.field("name")
    short = name[: field.max_length] if isinstance(field, kinds.Text) else name
    return Ref(module.key, await save.create(work, module, {"name": short}), short)


async def _rows(work: "Work", module: Module[Any], asked: Filter) -> list[Row]:
    """Those of them, as long as they are few enough to tell apart."""
    page = await work.store.page(module, ListQuery(filter=asked, columns=("name",), limit=MOST))
    return [] if page.after else list(page.rows)
