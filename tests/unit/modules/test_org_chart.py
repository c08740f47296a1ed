"""Who reports to whom: trees of everybody at work, each person once."""

from uuid import UUID

from crm_domain.definition import Ref
from crm_domain.modules import REGISTRY
from crm_domain.modules.org_chart import Person, grown, organisation
from crm_domain.query.page import Row
from crm_domain.records import save

from .conftest import Company


def shape(people: list[Person]) -> list[object]:
    return [(person.name, shape(list(person.reports))) for person in people]


def row(number: int, above: int = 0) -> Row:
    values = {"name": str(number), "title": None, "department": "", "account_user": None}
    return Row(UUID(int=number), {**values, "reports_to": Ref("employees", UUID(int=above)) if above else None})


def test_whose_head_is_not_among_them_stands_on_top() -> None:
    assert shape(grown([row(1), row(2, 1), row(3, 2), row(4, 99)])) == [("1", [("2", [("3", [])])]), ("4", [])]


def test_in_a_circle_everybody_stands_once() -> None:
    assert shape(grown([row(1, 3), row(2, 1), row(3, 2)])) == [("1", [("2", [("3", [])])])]
    assert grown([row(1), row(2, 1), row(3, 2)])[0].below == 2


async def test_who_has_left_is_not_in_the_chart(company: Company) -> None:
    async with company.work() as work:
        employees = REGISTRY["employees"]
        chief = await save.create(work, employees, {"last_name": "Chief", "status": "terminated"})
        head = await save.create(work, employees, {"last_name": "Head", "reports_to": Ref("employees", chief)})
        await save.create(work, employees, {"last_name": "Clerk", "reports_to": Ref("employees", head)})
        [found] = await organisation(work)
        assert (found.id, found.below) == (head, 1)
