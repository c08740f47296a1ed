"""What a report asks before it runs, as inputs of a small form."""

from typing import Any

from crm_domain.query.read import NAME
from crm_domain.reports.question import Question
from crm_web.lists.filters import filter_row_facts
from crm_web.lists.linked import linked_names
from crm_web.lists.listing import Listing
from crm_web.lists.tables import field_label
from crm_web.visit import Visit


async def prompts(visit: Visit, question: Question, asked: Question) -> list[dict[str, Any]]:
    """One input for each condition that `question` asks for, filled with what is `asked` now."""
    module = visit.module(question.base)
    listing = Listing(params=asked.asked, columns=(), sort="", mode="list", size=0)
    names = await linked_names(visit, module, listing)
    found: list[dict[str, Any]] = []
    for name in question.asks:
        matched = NAME.fullmatch(name)
        if matched is None:
            continue
        path, op = matched[1], matched[2] or ""
        values = [value for key, value in asked.asked if key == name]
        row = filter_row_facts(visit, module, path, op, ",".join(values), names)
        if row["path"] != path:
            continue
        choices = row["periods"] if row["dated"] and row["op"] == "period" else row["choices"]
        found.append(
            {
                **row,
                "name": name,
                "label": field_label(visit, module, path),
                "says": visit.text(f"filter.{row['op']}"),
                "options": choices,
                "several": bool(choices and row["value"] and row["value"] not in dict(choices)),
            }
        )
    return found
