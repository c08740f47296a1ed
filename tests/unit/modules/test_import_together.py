"""Rows of a file stored together come to what they would come to one after the other."""

from collections import Counter
from collections.abc import Sequence

import pytest
from tests.unit.modules.conftest import NOW, Company

from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules import REGISTRY
from crm_domain.records import import_many
from crm_domain.records.imports import ImportRow, Plan, RowStatus
from crm_domain.records.work import Work
from crm_domain.text.locale import ENGLISH

VOICE = Voice(catalogue("en"), ENGLISH, NOW)
ALL: tuple[RowStatus, ...] = ("created", "updated", "unchanged", "skipped", "failed")


async def taken_in(work: Work, module: str, table: Sequence[Sequence[str]], **plan: object) -> list[ImportRow]:
    """The rows of a file, after its only batch."""
    run = await import_many.open_import(work, REGISTRY[module], VOICE, "rows.csv", table)
    given = Plan(mapping=tuple(table[0]), **plan)  # type: ignore[arg-type] - as the test names them
    await import_many.plan(work, await work.store.imports.get(run), given)
    await import_many.begin(work, run)
    assert await import_many.batch(work, VOICE, run) == len(table) - 1
    return await work.store.imports.rows(run, ALL, 100)


async def told(company: Company, key: str) -> Counter[str]:
    """How many events of each kind the history has of a module's records."""
    found = await company.session.rows(
        "SELECT action, count(*) FROM audit_event WHERE module = %(m)s GROUP BY 1", {"m": key}
    )
    return Counter(dict(found))


async def test_a_new_record_with_its_addresses_is_one_event(company: Company) -> None:
    table = [["last_name", "emails"], ["One", "one@x.example; two@x.example"]]
    async with company.work() as work:
        [row] = await taken_in(work, "contacts", table)
        assert row.record_id
        [event] = await work.store.history(REGISTRY["contacts"], row.record_id)
        changes = {change.key: (change.old, change.new) for change in event.changes}
        assert event.action == "create" and changes["emails"] == (None, ["one@x.example", "two@x.example"])
        assert changes["last_name"] == (None, "One")


async def test_a_faulty_row_leaves_its_neighbours_where_they_are(company: Company) -> None:
    table = [
        ["last_name", "emails", "birthdate"],
        ["One", "one@x.example", "1360/05/12"],
        ["Two", "nowhere", ""],
        ["", "three@x.example", ""],
        ["Four", "ONE@x.example", "1360/13/40"],
        ["Five", "One@X.example", ""],
    ]
    async with company.work() as work:
        rows = await taken_in(work, "targets", table)
        assert [row.status for row in rows] == ["created", "failed", "failed", "failed", "created"]
        assert [row.facts.get("of_field") for row in rows[1:4]] == ["emails", "last_name", "birthdate"]
        assert await told(company, "targets") == {"create": 2}
        links = await company.session.rows("SELECT count(*), count(DISTINCT address_id) FROM email_link")
        assert links == [(2, 1)]


async def test_a_row_may_change_the_record_that_an_earlier_row_made(company: Company) -> None:
    table = [["last_name", "emails", "title"], ["Karimi", "k@x.example", ""], ["Karimi", "K@x.example", "Manager"]]
    async with company.work() as work:
        first, second = await taken_in(work, "contacts", table, mode="upsert", key="emails")
        assert (first.status, second.status) == ("created", "updated")
        assert first.record_id == second.record_id


async def test_a_row_may_name_the_record_of_an_earlier_row(company: Company) -> None:
    table = [["name", "parent"], ["Holding", ""], ["Daughter", "Holding"], ["Orphan", "Nobody"]]
    async with company.work() as work:
        holding, daughter, orphan = await taken_in(work, "accounts", table)
        assert (daughter.status, orphan.status, orphan.reason) == ("created", "failed", "problems.unknown_name")
        assert daughter.record_id
        [row] = await work.store.fetch(REGISTRY["accounts"], [daughter.record_id])
        assert row["parent"].id == holding.record_id


async def test_what_only_the_database_finds_costs_one_row_and_not_the_batch(company: Company) -> None:
    parts = ["P-1", "P-1", "V-1", "V-2", "V-3", "V-2", "V-4", "p-1", "V-5"]
    table = [["name", "part_number", "price"], *([f"Pump {n}", part, "5"] for n, part in enumerate(parts))]
    async with company.work() as work:
        rows = await taken_in(work, "products", table)
        failed = [row for row in rows if row.status == "failed"]
        assert [row.number for row in failed] == [3, 7, 9] and {row.status for row in rows} == {"created", "failed"}
        assert {(row.reason, row.facts["of_field"]) for row in failed} == {("problems.taken", "part_number")}
        assert await told(company, "products") == {"create": 6}


async def test_an_address_that_came_along_with_another_finds_its_record(company: Company) -> None:
    table = [["last_name", "emails"], ["Karimi", "k@x.example; l@x.example"], ["Karimian", "L@x.example"]]
    async with company.work() as work:
        first, second = await taken_in(work, "contacts", table, mode="upsert", key="emails")
        assert (first.status, second.status) == ("created", "updated") and first.record_id == second.record_id


SPELLINGS = [
    ("contacts", "emails", "p{}@x.example", "P{}@X.example"),
    ("contacts", "phone_mobile", "09120000{:03}", "+98 912 0000 {:03}"),
    ("accounts", "name", "شرکت {}", "شركت {}"),
]


@pytest.mark.parametrize(("module", "key", "one", "other"), SPELLINGS)
async def test_the_records_and_owners_of_many_rows_are_found_in_as_few_statements_as_of_few(
    company: Company, module: str, key: str, one: str, other: str
) -> None:
    heads, rest = ("last_name", key, "assigned_to"), ("Karimi", "A")
    used: list[int] = []
    async with company.work() as work:
        for numbers in (range(3), range(3, 6), range(6, 40)):
            made, again = ([[rest[0], text.format(n), rest[1]] for n in numbers] for text in (one, other))
            mapping = heads if module == "contacts" else heads[1:]
            tables = [[mapping, *(row[-len(mapping) :] for row in rows)] for rows in (made, again)]
            first = await taken_in(work, module, tables[0])
            before = company.session.statements
            second = await taken_in(work, module, tables[1], key=key)
            used.append(company.session.statements - before)
            assert {row.status for row in first} == {"created"} and {row.status for row in second} == {"skipped"}
            assert [row.record_id for row in second] == [row.record_id for row in first]
    assert used[1] == used[2]
