"""Who reports to whom: the people at work as a tree, the heads of the house first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.modules.employees import Employee
from crm_domain.query.filter import StillOpen
from crm_domain.query.page import ListQuery, Row, Sort

if TYPE_CHECKING:
    from crm_domain.records.work import Work

COLUMNS = ("name", "title", "department", "reports_to", "account_user")
MOST = 2_000
"""People in one chart."""


class Person(msgspec.Struct, frozen=True):
    """Somebody with those who report to him; `user` is his account, if he signs in."""

    id: UUID
    name: str
    title: str
    department: str
    user: Ref | None
    reports: Sequence["Person"]

    @property
    def below(self) -> int:
        """How many report to him, directly or not."""
        return sum(1 + person.below for person in self.reports)


async def organisation(work: "Work") -> list[Person]:
    """Those who report to nobody at work, each with everybody below. Nobody is left out and nobody stands twice."""
    query = ListQuery(filter=StillOpen(), columns=COLUMNS, sort=(Sort("name"),), limit=MOST)
    return grown((await work.store.page(work.module(Employee), query)).rows)


def grown(rows: Sequence[Row]) -> list[Person]:
    """The rows as trees. Where people report to one another in a circle, the first of them stands on top."""
    known = {row.id for row in rows}
    below: dict[UUID | None, list[Row]] = {}
    for row in rows:
        above = row["reports_to"].id if row["reports_to"] and row["reports_to"].id in known else None
        below.setdefault(above, []).append(row)
    placed: set[UUID] = set()

    def person(row: Row) -> Person:
        placed.add(row.id)
        reports = [person(one) for one in below.get(row.id, ()) if one.id not in placed]
        return Person(
            row.id, row["name"] or "", row["title"] or "", row["department"] or "", row["account_user"], reports
        )

    tops = [person(row) for row in below.get(None, ())]
    return tops + [person(row) for row in rows if row.id not in placed]
