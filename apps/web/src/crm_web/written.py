"""Templates that are written in an editor page of their own: who may write, and what saving answers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.problems import Denied, Invalid
from crm_domain.query.page import Row
from crm_domain.records import save
from crm_domain.records.forms import read_form
from crm_domain.text.digits import plain_number
from crm_web.reach import one
from crm_web.visit import Visit

Page = Callable[[Visit, Row, dict[str, Any], list[str]], Awaitable[Response[str]]]
"""The editor with these values and the problems to tell of them."""


async def writable(visit: Visit, module: Module[Any], id_: UUID) -> Row:
    """The template, for somebody who may change it. Raises NotFound, Denied."""
    row = await one(visit, module, id_)
    if not await visit.work.store.fetch(module, [id_], action="edit", columns=("name",)):
        raise Denied
    return row


async def keep_written(
    visit: Visit, module: Module[Any], row: Row, posted: FormMultiDict, fields: Sequence[str], page: Page
) -> Response[Any]:
    """Saves what was written and shows the editor again: with what is wrong, when it could not be kept."""
    form = read_form(module, posted.multi_items(), fields, visit.voice)
    problems = dict(form.problems)
    if not problems:
        try:
            await save.update(visit.work, module, row.id, form.values, version=plain_number(posted.get("version", "")))
            await visit.commit()
            query = visit.request.url.query
            again = f"/{module.key}/{row.id}/editor" + (f"?{query}" if query else "")
            return visit.go(again, visit.text("record.saved"))
        except Invalid as invalid:
            problems = dict(invalid.fields)
    told = [visit.text(problem.id, **problem.facts) for found in problems.values() for problem in found]
    answer = await page(visit, row, {**row.values, **form.raw}, told)
    answer.status_code = 422
    return answer


def tag(name: str) -> str:
    """A merge tag as authors write it."""
    return "{{ " + name + " }}"
