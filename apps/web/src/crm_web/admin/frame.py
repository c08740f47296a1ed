"""What the pages of the tenant's administration share: who may, who it was, whom they show, what is wrong."""

from collections.abc import Sequence
from uuid import UUID

from litestar.datastructures import FormMultiDict

from crm_domain.access.rights import Special
from crm_domain.problems import Denied, FieldProblem, Invalid, Refused
from crm_domain.query.filter import EVERYTHING, Quick
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.query.resolve import quick_words
from crm_domain.text.digits import plain_number
from crm_storage.people.log import By
from crm_web.visit import Visit

MOST = 200
"""Rows of one page; who has more finds them by a word of their name."""


def need(visit: Visit, right: Special) -> None:
    """Raises Denied without it."""
    if not visit.access.special(right):
        raise Denied


def need_administrator(visit: Visit) -> None:
    """Raises Denied for everybody else."""
    if not visit.access.admin:
        raise Denied


def by(visit: Visit) -> By:
    """The reader as the one who administers."""
    return By(visit.access, "web", visit.request_id)


async def by_name(visit: Visit, key: str, columns: Sequence[str], words: str) -> tuple[Sequence[Row], bool]:
    """The first of a module's records by name, those with the words where some are given; whether there are more."""
    filter_ = Quick(quick_words(words)) if words.strip() else EVERYTHING
    query = ListQuery(filter=filter_, columns=("name", *columns), sort=(Sort("name"),), limit=MOST)
    page = await visit.work.store.page(visit.module(key), query)
    return page.rows, page.after is not None


def posted_id(text: str) -> UUID:
    """Raises Invalid for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"id": (FieldProblem("problems.unknown_record"),)}) from None


def posted_version(posted: FormMultiDict) -> int:
    """The edition a form was made from; none that ever was for what is no number."""
    return plain_number(posted.get("version", "")) or 0


def said(visit: Visit, problem: Invalid | Refused) -> list[str]:
    """What is wrong, in words."""
    if isinstance(problem, Refused):
        return [visit.text(problem.id, **problem.facts)]
    return [visit.text(one.id, **one.facts) for found in problem.fields.values() for one in found]
