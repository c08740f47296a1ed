"""A run as the page's parts: what it asks, its chart, and the table, figures or steps of its kind."""

from typing import Any

from crm_domain.reports.answer import MOST_ON_SCREEN, Answer
from crm_domain.reports.question import Question
from crm_domain.text import numbers
from crm_ui.reports.facts import body_of, heads, left_out
from crm_ui.reports.pictures import picture
from crm_web.reports.asking import answer_of, with_answers
from crm_web.reports.prompts import prompts
from crm_web.visit import Visit

PAGE_ROWS = 100
"""Rows of a list on one page; groups stand all on one."""


async def shown(visit: Visit, report: str, question: Question, page: int) -> dict[str, Any]:
    """Everything below a report's head."""
    asked = await with_answers(visit, report, question)
    page = max(1, min(page, MOST_ON_SCREEN // PAGE_ROWS))
    by_page = question.kind == "list"
    limits = {"limit": PAGE_ROWS, "offset": PAGE_ROWS * (page - 1)} if by_page else {}
    answer = await answer_of(visit, asked, **limits)
    return {
        "asks": await prompts(visit, question, asked),
        "unseen": left_out(visit, answer),
        "more": answer.more and not by_page,
        "chart": picture(visit, answer),
        "cells_hold": " · ".join(heads(visit, answer.asked.question)) if answer.asked.question.kind == "matrix" else "",
        "records": visit.text("list.records", number=answer.total.count),
        "kind": answer.asked.question.kind,
        "any": bool(answer.total.count),
        **body_of(visit, answer),
        **(_pager(visit, answer, page) if by_page else {"stretch": ""}),
    }


def _pager(visit: Visit, answer: Answer, page: int) -> dict[str, str]:
    first = PAGE_ROWS * (page - 1) + 1
    shown_to = first + len(answer.rows) - 1
    texts = [numbers.format_number(number, visit.voice.locale) for number in (first, shown_to, answer.total.count)]
    return {
        "stretch": visit.text("list.range", first=texts[0], last=texts[1], number=texts[2]) if answer.rows else "",
        "previous": f"?page={page - 1}" if page > 1 else "",
        "next": f"?page={page + 1}" if answer.more and page < MOST_ON_SCREEN // PAGE_ROWS else "",
    }
