"""Rows of a file that change records which are there: stored together, and as they would be one after the other."""

from uuid import UUID

from tests.unit.modules.conftest import Company
from tests.unit.modules.test_import_together import taken_in

from crm_domain.access.rights import Access, Role, Scope
from crm_domain.definition import EmailEntry
from crm_domain.modules import REGISTRY
from crm_domain.query.page import ListQuery, Row
from crm_domain.records import save
from crm_domain.records.work import Work

CONTACTS = REGISTRY["contacts"]
HEADS = ["emails", "last_name", "title", "account", "birthdate"]


async def people(work: Work, numbers: range) -> None:
    table = [["last_name", "emails", "title"], *([f"Old {n}", f"p{n}@x.example", "Clerk"] for n in numbers)]
    await taken_in(work, "contacts", table)


async def row_of(work: Work, id_: UUID | None) -> Row:
    assert id_
    [row] = await work.store.fetch(CONTACTS, [id_])
    return row


async def test_many_rows_change_records_in_as_few_statements_as_few_and_each_tells_its_own_history(
    company: Company,
) -> None:
    used: list[int] = []
    async with company.work() as work:
        await taken_in(work, "accounts", [["name"], ["Mehr"], ["Sepehr"]])
        for numbers in (range(3), range(3, 6), range(6, 40)):
            await people(work, numbers)
            table = [
                HEADS,
                *([f"P{n}@x.example", f"New {n}", "", ("Mehr", "Sepehr")[n % 2], "2000-01-02"] for n in numbers),
            ]
            before = company.session.statements
            rows = await taken_in(work, "contacts", table, mode="upsert", key="emails")
            used.append(company.session.statements - before)
            assert {row.status for row in rows} == {"updated"}
        found = await row_of(work, rows[1].record_id)
        assert (found["last_name"], found["title"], found["account"].name) == ("New 7", "Clerk", "Sepehr")
        assert found["version"] == 2 and [entry.address for entry in found["emails"]] == ["p7@x.example"]
        event, _ = await work.store.history(CONTACTS, found.id)
        told_of = {change.key: (change.old, change.new) for change in event.changes}
        assert (event.action, told_of["last_name"]) == ("update", ("Old 7", "New 7"))
        assert told_of["account"] == (None, "Sepehr")
        assert "title" not in told_of
    assert used[1] == used[2]


async def test_names_of_nobody_are_looked_for_once_for_all_rows(company: Company) -> None:
    used: list[int] = []
    async with company.work() as work:
        await taken_in(work, "accounts", [["name"], ["Twin"], ["Twin"]])
        for numbers in (range(2), range(2), range(30)):
            table = [["last_name", "account"], *(["Karimi", f"Nobody {n}" if n % 2 else "Twin"] for n in numbers)]
            before = company.session.statements
            rows = await taken_in(work, "contacts", table)
            used.append(company.session.statements - before)
            assert {(row.status, row.reason) for row in rows} == {("failed", "problems.unknown_name")}
    assert used[1] == used[2]


async def test_the_same_record_twice_in_a_file_is_changed_twice(company: Company) -> None:
    table = [["emails", "title"], ["p1@x.example", "One"], ["p2@x.example", "Other"], ["P1@x.example", "Two"]]
    async with company.work() as work:
        await people(work, range(1, 3))
        rows = await taken_in(work, "contacts", table, mode="update", key="emails")
        assert [row.status for row in rows] == ["updated"] * 3 and rows[0].record_id == rows[2].record_id
        assert (await row_of(work, rows[0].record_id))["title"] == "Two"
        assert rows[2].before["title"] == "One"


async def test_a_key_that_a_row_gives_away_is_the_next_ones(company: Company) -> None:
    table = [["name", "part_number", "price"], ["A", "N-1", "5"], ["B", "O-1", "5"]]
    async with company.work() as work:
        await taken_in(work, "products", [["name", "part_number", "price"], ["A", "O-1", "5"], ["B", "O-2", "5"]])
        rows = await taken_in(work, "products", table, mode="update", key="name")
        assert [row.status for row in rows] == ["updated", "updated"]


async def test_two_rows_cannot_make_a_circle_of_parents(company: Company) -> None:
    async with company.work() as work:
        await taken_in(work, "accounts", [["name"], ["A"], ["B"]])
        rows = await taken_in(work, "accounts", [["name", "parent"], ["A", "B"], ["B", "A"]], mode="update", key="name")
        assert [row.status for row in rows] == ["updated", "failed"] and rows[1].facts["of_field"] == "parent"


async def test_a_file_does_not_let_in_again_who_opted_out(company: Company) -> None:
    async with company.work() as work:
        left = (EmailEntry("p1@x.example", primary=True, opted_out=True),)
        id_ = await save.create(work, CONTACTS, {"last_name": "Old", "emails": left})
        table = [["emails", "title"], ["p1@x.example", "Manager"]]
        await taken_in(work, "contacts", table, mode="update", key="emails")
        found = await row_of(work, id_)
        assert found["emails"] == left and found["title"] == "Manager"


async def test_sec_10_rows_change_only_what_their_sender_may_edit(company: Company) -> None:
    grants = dict.fromkeys(("list", "view", "create", "import"), Scope.ALL) | {"edit": Scope.OWN}
    sender = Access(user=UUID(int=7), roles=(Role(id=UUID(int=8), name="own", grants={"contacts": grants}),))
    table = [["emails", "title"], *([f"p{n}@x.example", "Mine"] for n in range(1, 5))]
    async with company.work() as work:
        await people(work, range(1, 3))
        await people(company.within(sender), range(3, 5))
        rows = await taken_in(company.within(sender), "contacts", table, mode="update", key="emails")
        assert [row.status for row in rows] == ["failed", "failed", "updated", "updated"]
        assert {row.reason for row in rows[:2]} == {"problems.not_found"}
        page = await work.store.page(CONTACTS, ListQuery(columns=("title",), limit=10))
        assert sorted(row["title"] for row in page.rows) == ["Clerk", "Clerk", "Mine", "Mine"]
