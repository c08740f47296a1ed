"""Making reports and asking them, and the plain counts that their figures are held against."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx2 as httpx

from crm_domain.reports.question import Question, write_question

TENANT = "northwind"
WON = (("filter[stage]", "closed_won"),)


def made(api: httpx.Client, question: Question, **values: Any) -> str:
    """A new report's id."""
    body = {"name": f"r {uuid4()}", "base": question.base, "question": write_question(question), **values}
    answer = api.post("/api/v1/reports", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def asked(api: httpx.Client, question: Question, params: str = "") -> Any:
    answer = api.get(f"/api/v1/reports/{made(api, question)}/run?limit=5000{params}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def every(api: httpx.Client, module: str, fields: str = "") -> list[Any]:
    """All records, by the API's own pages."""
    found: list[Any] = []
    cursor = ""
    while True:
        page = api.get(f"/api/v1/{module}?limit=200&cursor={cursor}{fields and f'&fields={fields}'}").json()
        found += page["items"]
        cursor = page["next"] or ""
        if not cursor:
            return found


def summed(rows: list[Any], *key: Any) -> dict[tuple[Any, ...], list[Decimal]]:
    """Count and base amount by a key of functions."""
    found: dict[tuple[Any, ...], list[Decimal]] = {}
    for row in rows:
        at = found.setdefault(tuple(one(row) for one in key), [Decimal(0), Decimal(0)])
        at[0] += 1
        at[1] += row["base"]
    return found


def lines(answer: Mapping[str, Any], level: list[int]) -> dict[tuple[Any, ...], list[Decimal]]:
    def key(value: Any) -> Any:
        return value["id"] if isinstance(value, dict) else value

    return {
        tuple(key(line["keys"][place]) for place in level): [Decimal(line["count"]), Decimal(line["figures"][0])]
        for line in answer["lines"]
        if line["level"] == level and line["count"]
    }
