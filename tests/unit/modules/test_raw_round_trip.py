"""Records leave as raw cells and come back: the same file changes nothing, one cell changes one field (scenario 25)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.unit.modules.conftest import ADMIN, NOW, Company

from crm_domain.access.rights import Access, Role, Scope
from crm_domain.definition import Amount, EmailEntry, Module, PostalAddress, Ref, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.raw import ID
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules import REGISTRY
from crm_domain.records import import_many, merge, save
from crm_domain.records.import_match import guess, offered
from crm_domain.records.imports import ImportRow, Mode, RowStatus
from crm_domain.records.work import Work
from crm_domain.text.locale import ENGLISH, PERSIAN
from crm_storage.files import sheets
from crm_web.lists.raw_file import as_book, as_text, raw_fields, raw_table

VOICES = {locale.language: Voice(catalogue(locale.language), locale, NOW) for locale in (PERSIAN, ENGLISH)}
WRITTEN = [module for module in REGISTRY.modules.values() if not module.closed_to(admin=True)]
ALL: tuple[RowStatus, ...] = ("created", "updated", "unchanged", "skipped", "failed")
DOLLAR = """
INSERT INTO currencies (id, name, symbol, iso4217, conversion_rate, status, is_base)
VALUES (uuidv7(), 'دلار', '$', 'USD', 0.00001, 'active', false)
"""
Table = list[list[str]]


def filled(field: Kind) -> Any:
    """Some value of the kind, as hard to write down as they come; None where no cell holds it."""
    match field:
        case kinds.Text():
            return {"": "=خط «یک»؛ 'a\"b, c", "currency_code": "XTS"}.get(field.check, "12345")[: field.max_length]
        case kinds.LongText():
            return '  یک\n\n"دو"; سه'
        case kinds.RichText():
            return "plain &amp; bare"
        case kinds.Url():
            return "a.example/?q=1,2;3"
        case kinds.Phone():
            return "+989123456789;ext=12"
        case kinds.Integer():
            return max(field.minimum or 0, 1)
        case kinds.DecimalNumber() | kinds.Percent():
            return Decimal("12.5")
        case kinds.Money(of=()):
            return Amount(Decimal("1250.5"), "USD")
        case kinds.Boolean():
            return True
        case kinds.Date():
            return date(1850, 1, 2)
        case kinds.DateTime():
            return datetime(2026, 3, 21, 6, 30, 17, 5, tzinfo=UTC)
        case kinds.Duration():
            return 3_601
        case kinds.Choice() | kinds.DependentChoice():
            return "an_option_of_old"
        case kinds.MultiChoice():
            return tuple(field.options.keys())[:2]
        case kinds.UserLink():
            return Ref("users", ADMIN)
        case kinds.Emails():
            return (EmailEntry("a@x.example"), EmailEntry("b@x.example", primary=True, opted_out=True))
        case kinds.Address():
            return PostalAddress("خیابان ۱\nپلاک ۲", "یزد", "", "8916", "ایران")
        case _:
            return None


async def put(work: Work, module: Module[Any], there: Mapping[str, UUID]) -> UUID:
    """A record with every field filled, its links with what is there, whatever the module's rules would make of it.

    Where nothing is there yet, only what a second one may have too."""
    values = {field.key: filled(field) for field in module.own_fields() if there or not field.unique}
    for field in module.links:
        targets = field.targets if isinstance(field, kinds.AnyLink) else (getattr(field, "target", ""),)
        if known := [Ref(target, there[target]) for target in targets if target in there]:
            values[field.key] = known[-1]
    id_ = work.new_id()
    await work.store.insert(module, [(id_, {key: value for key, value in values.items() if value is not None})])
    return id_


async def some_of_each(company: Company, work: Work) -> dict[str, UUID]:
    """A record of each module, so that there is something to link to."""
    await company.session.execute(DOLLAR)
    return {module.key: await put(work, module, {}) for module in REGISTRY.modules.values()}


async def raw(work: Work, module: Module[Any], ids: Sequence[UUID]) -> Table:
    rows = await work.store.fetch(module, ids)
    return raw_table(REGISTRY, module, raw_fields(module, frozenset()), rows)


async def back(work: Work, module: Module[Any], table: Table, voice: Voice, mode: Mode = "update") -> list[ImportRow]:
    """The rows of the file, mapped as it is proposed."""
    id_ = await import_many.open_import(work, module, voice, "raw", table)
    run = await work.store.imports.get(id_)
    assert (run.mode, run.key) == ("update", ID)
    await import_many.plan(work, run, import_many.Plan(mapping=run.mapping, mode=mode, key=ID))
    await import_many.begin(work, id_)
    await import_many.batch(work, voice, id_)
    return await work.store.imports.rows(id_, ALL, 100)


@pytest.mark.parametrize(("written", "language"), [(as_text, "fa"), (as_book, "en")], ids=["csv-fa", "xlsx-en"])
async def test_25_every_field_of_every_module_comes_back_as_it_was(
    company: Company, written: Callable[[Table], bytes], language: str
) -> None:
    voice = VOICES[language]
    async with company.work() as work:
        there = await some_of_each(company, work)
        for module in WRITTEN:
            id_ = await put(work, module, there)
            table = await raw(work, module, [id_])
            targets = offered(work, module)
            mapping = guess(module, targets, table[0], voice)
            assert {*mapping} - {""} == {*targets}, module.key
            assert all(target in ("", head) for target, head in zip(mapping, table[0], strict=True)), module.key
            [row] = await back(work, module, sheets.run(written(table)), voice)
            assert (row.status, row.record_id, row.reason) == ("unchanged", id_, ""), (module.key, row.facts)
            assert await raw(work, module, [id_]) == table
            assert [entry.action for entry in await work.store.history(module, id_)] == ["create"], module.key


ADDRESS = PostalAddress("خیابان ۱", "یزد", "", "8916", "ایران")
FIRM = Ref("accounts", UUID("0193a000-0000-7000-8000-00000000f1f1"))
DEAL = {
    "name": "Sheets",
    "account": FIRM,
    "amount": Amount(Decimal(5), "USD"),
    "closes_on": date(2027, 1, 1),
    "stage": "prospecting",
}
CHANGES: list[tuple[str, dict[str, Any], str, str]] = [
    ("accounts", {"name": "Mehr", "annual_revenue": Amount(Decimal(5), "IRR")}, "annual_revenue", "2500 USD"),
    ("contacts", {"last_name": "Karimi", "primary_address": ADDRESS}, "primary_address.city", "شیراز"),
    ("leads", {"last_name": "Karimi", "emails": (EmailEntry("a@x.example"),)}, "emails", "b@x.example; a@x.example"),
    ("opportunities", DEAL, "closes_on", "2027-01-02"),
]


@pytest.mark.parametrize(("key", "values", "column", "cell"), CHANGES, ids=[change[0] for change in CHANGES])
async def test_25_one_cell_changes_one_field_of_one_record(
    company: Company, key: str, values: dict[str, Any], column: str, cell: str
) -> None:
    module = REGISTRY[key]
    async with company.work() as work:
        await company.session.execute(DOLLAR)
        await save.create(work, REGISTRY["accounts"], {"name": "Firm"}, id_=FIRM.id)
        ids = [await save.create(work, module, values) for _ in range(3)]
        table = await raw(work, module, ids)
        by_id = {line[0]: line for line in table}
        changed = [list(line) for line in table]
        changed[2][table[0].index(column)] = cell
        rows = await back(work, module, changed, VOICES["en"])
        assert [row.status for row in rows] == ["unchanged", "updated", "unchanged"]
        assert {*rows[1].after} == {column.partition(".")[0]}
        after = await raw(work, module, ids)
        assert sum(line == by_id[line[0]] for line in after[1:]) == 2


async def test_25_an_unknown_id_is_an_error_or_the_new_record_s_own(company: Company) -> None:
    module, id_ = REGISTRY["contacts"], UUID("0193a000-0000-7000-8000-00000000beef")
    table = [["id", "last_name", "reports_to"], [str(id_), "Karimi", ""], ["", "Karimian", str(id_)], ["x", "Bad", ""]]
    async with company.work() as work:
        rows = await back(work, module, table, VOICES["en"])
        assert [row.reason for row in rows] == ["imports.unknown_id", "problems.required", "imports.not_an_id"]
        rows = await back(work, module, table, VOICES["en"], "upsert")
        assert [row.status for row in rows] == ["created", "created", "failed"] and rows[0].record_id == id_
        assert rows[1].record_id
        [second] = await work.store.fetch(module, [rows[1].record_id])
        assert second["reports_to"].id == id_
        rows = await back(work, module, table[:2], VOICES["en"], "create")
        assert [(row.status, row.record_id) for row in rows] == [("skipped", id_)]


async def test_sec_02_ids_of_what_is_out_of_reach_are_left_alone(company: Company) -> None:
    module = REGISTRY["contacts"]
    grants: dict[str, Scope] = dict.fromkeys(("list", "view", "create", "import", "edit"), Scope.OWN)
    sender = Access(user=UUID(int=7), roles=(Role(id=UUID(int=8), name="own", grants={"contacts": grants}),))
    async with company.work() as work:
        account = await save.create(work, REGISTRY["accounts"], {"name": "Mehr"})
        gone = await save.create(work, module, {"last_name": "Gone"})
        await work.store.remove(module, [gone])
        others = await save.create(work, module, {"last_name": "Others"})
        table = [["id", "last_name"], *([str(id_), "Mine"] for id_ in (account, gone, others))]
        rows = await back(company.within(sender), module, table, VOICES["en"], "upsert")
        assert [(row.status, row.reason) for row in rows] == [("failed", "imports.id_taken")] * 3
        assert (await work.store.fetch(module, [others]))[0]["last_name"] == "Others"


async def test_the_id_of_a_merged_record_leads_to_the_one_that_stayed(company: Company) -> None:
    module = REGISTRY["accounts"]
    async with company.work() as work:
        stays, goes = [await save.create(work, module, {"name": name}) for name in ("Mehr", "Mehr Co")]
        await merge.merge(work, module, [stays, goes], {})
        [row] = await back(work, module, [["id", "website"], [str(goes), "mehr.example"]], VOICES["en"])
        assert (row.status, row.record_id) == ("updated", stays)
