"""Which records a bulk action means: the ticked ones, or the whole result as it is at this moment."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.meaning.voice import Voice
from crm_domain.problems import FieldProblem, Invalid, Refused
from crm_domain.query.page import ListQuery
from crm_domain.query.read import read_filter
from crm_domain.query.resolve import resolve
from crm_domain.records.runs import MOST
from crm_domain.text import numbers
from crm_web.lists.listing import is_question
from crm_web.visit import Visit


async def selected(visit: Visit, module: Module[Any], posted: FormMultiDict) -> list[UUID]:
    """The ids are fixed now: what matches later does not count. Raises Invalid for none, Refused for too many."""
    if posted.get("all"):
        params = [(name, value) for name, value in posted.multi_items() if is_question(name)]
        return await whole_result(visit, module, params, visit.voice)
    try:
        ids = [UUID(text) for text in posted.getall("id", [])]
    except ValueError:
        raise Invalid({"id": (FieldProblem("problems.unknown_record"),)}) from None
    if not ids:
        raise Invalid({"id": (FieldProblem("list.nothing_selected"),)})
    return ids


async def whole_result(
    visit: Visit, module: Module[Any], params: Iterable[tuple[str, str]], voice: Voice
) -> list[UUID]:
    """Every record that answers a list's question. Raises Invalid for a question that makes no sense, Refused for too many."""
    registry = visit.work.registry
    resolved = resolve(read_filter(registry, module, list(params), voice), registry, module, visit.access, voice)
    if resolved.dropped:
        raise Invalid({path: (FieldProblem("problems.unknown_field", {"field": path}),) for path in resolved.dropped})
    query = ListQuery(filter=resolved.filter, columns=("name",), limit=MOST)
    page = await visit.work.store.page(module, query)
    if page.after is not None:
        raise Refused("list.too_many", number=numbers.format_number(MOST, visit.voice.locale))
    return [row.id for row in page.rows]
