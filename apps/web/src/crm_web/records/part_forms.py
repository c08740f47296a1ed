"""Some of a record's fields as a form of their own: one step of several, read and saved like the whole."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.problems import Conflict, FieldProblem, Invalid, Refused
from crm_domain.query.page import Row
from crm_domain.records import save
from crm_domain.text.digits import plain_number
from crm_ui.inputs import Draft, Input
from crm_web.pages.forms import currencies, read_posted
from crm_web.visit import Visit


async def drafted(visit: Visit, module: Module[Any], values: Mapping[str, Any], **more: Any) -> Draft:
    """These values in inputs; `more` as `Draft` takes it."""
    return Draft(module, visit.voice, values, currencies=await currencies(visit), **more)


async def written(
    visit: Visit,
    module: Module[Any],
    row: Row | None,
    posted: FormMultiDict,
    keys: Sequence[str],
    fixed: Mapping[str, Any],
) -> UUID | Draft:
    """Saves these fields of a record, or of a new one that begins with `fixed`, which the caller commits: its id, or the form
    again with what is wrong."""
    form = await read_posted(visit, module, posted, keys)
    problems: dict[str, Sequence[FieldProblem]] = dict(form.problems)
    if not problems:
        try:
            if row is None:
                return await save.create(visit.work, module, {**fixed, **form.values})
            await save.update(visit.work, module, row.id, form.values, version=plain_number(posted.get("version", "")))
            return row.id
        except Invalid as invalid:
            problems = dict(invalid.fields)
        except Refused as refused:
            problems = {"": (FieldProblem(refused.id, refused.facts),)}
        except Conflict:
            problems = {"": (FieldProblem("problems.conflict"),)}
    values = {**fixed, **(row.values if row else {}), **form.values}
    return await drafted(visit, module, values, raw=form.raw, problems=problems)


def inputs(visit: Visit, draft: Draft, keys: Sequence[str]) -> list[Input]:
    """The inputs of these fields, without those the reader may not see."""
    module = draft.module
    rights = {key: visit.access.field(module.key, key) for key in keys}
    return [draft.input(key, readonly=right == "read") for key, right in rights.items() if right != "hidden"]
