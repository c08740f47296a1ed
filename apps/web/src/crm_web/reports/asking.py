"""One run of a report: its question, the reader's own answers to what it asks, and what comes of it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.modules.reports import Report
from crm_domain.problems import BadValue, Invalid, NotFound
from crm_domain.query.page import Row
from crm_domain.records.shelf import ListState
from crm_domain.reports.answer import MOST_ON_SCREEN, Answer
from crm_domain.reports.question import Asked, Question, read_question
from crm_storage.reports.ask import answered
from crm_web.reach import one
from crm_web.visit import Visit


async def report_row(visit: Visit, record_id: UUID) -> tuple[Row, Question]:
    """A report the reader may see, with its question. Raises NotFound."""
    row = await one(visit, visit.work.module(Report), record_id)
    if not row.values.get("question"):
        raise NotFound
    try:
        return row, read_question(row["question"])
    except BadValue as bad:
        raise Invalid({"question": (bad.problem,)}) from None


async def answer_of(visit: Visit, question: Question, *, limit: int = MOST_ON_SCREEN, offset: int = 0) -> Answer:
    """The answer for this reader. Raises NotFound without the base, and what `answered` raises."""
    visit.module(question.base)
    return await answered(visit.context, question, visit.voice, limit=limit, offset=offset)


def asked_with(question: Question, given: Iterable[tuple[str, str]]) -> Question:
    """The question with the reader's answers in the place of the conditions it asks for; a blank one asks nothing."""
    answers = tuple((name, value) for name, value in given if name in question.asks and value.strip())
    kept = tuple((name, value) for name, value in question.asked if name not in question.asks)
    return msgspec.structs.replace(question, asked=(*kept, *answers), asks=())


def shelf_key(report: str) -> str:
    """Under what the reader's answers are remembered."""
    return f"reports:{report}"


async def with_answers(visit: Visit, report: str, question: Question) -> Question:
    """The question as the address answers its prompts, or as the reader answered them last."""
    if not question.asks:
        return question
    params = visit.request.query_params
    if "asked" in params:
        given: Asked = tuple((name, value) for name, value in params.multi_items() if name in question.asks)
        await visit.work.store.shelf.keep_state(shelf_key(report), ListState(params=given or (("asked", "1"),)))
        return asked_with(question, given)
    remembered: Any = (await visit.work.store.shelf.desk(shelf_key(report))).state.params
    return asked_with(question, remembered) if remembered else question
