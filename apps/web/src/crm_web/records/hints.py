"""What single modules know that may help while a record is being typed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from crm_domain.definition import Module
from crm_domain.modules.knowledge.suggest import solution_of, suggest
from crm_web.visit import Visit


class Hint(msgspec.Struct, frozen=True):
    """Something that may help with what is being typed."""

    label: str
    url: str
    detail: str = ""
    text: str = ""
    """What it says, to be read in place."""
    fills: str = ""
    """The field of the form that may take the text over."""


async def case_hints(visit: Visit, values: Mapping[str, Any]) -> list[Hint]:
    """Articles that may answer the subject, with the solution that the case may take over."""
    fills = "resolution" if visit.access.field("cases", "resolution") == "write" else ""
    articles = [found.article for found in await suggest(visit.work, values.get("name") or "")]
    return [
        Hint(
            row["name"], f"/knowledge_articles/{row.id}", text=solution_of(row), fills=fills if solution_of(row) else ""
        )
        for row in articles
    ]


HINTS: Mapping[str, Callable[[Visit, Mapping[str, Any]], Awaitable[list[Hint]]]] = {"cases": case_hints}


async def special_hints(visit: Visit, module: Module[Any], values: Mapping[str, Any]) -> list[Hint]:
    """What may help with a record of these values while it is being typed."""
    find = HINTS.get(module.key)
    return await find(visit, values) if find else []
