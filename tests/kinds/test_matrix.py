"""Every kind through every room: storing, filtering, sorting, reading and writing words, JSON, history, forms and lists."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from crm_domain.access.rights import Access
from crm_domain.definition import Amount, EmailEntry
from crm_domain.definition.kinds import KINDS, Boolean, DateTime, Duration, Emails, Money
from crm_domain.meaning.clean import clean
from crm_domain.meaning.operators import operators
from crm_domain.meaning.parse import parse
from crm_domain.meaning.raw import LEFT_OUT, cells_of, columns_of
from crm_domain.meaning.show import show, show_stored
from crm_domain.meaning.voice import Voice
from crm_domain.meaning.wire import from_json, to_json
from crm_domain.messages.catalogue import catalogue
from crm_domain.problems import BadValue, FieldProblem
from crm_domain.query.page import ListQuery, Sort
from crm_domain.query.read import read_filter
from crm_domain.query.resolve import resolve
from crm_domain.records import save
from crm_domain.records.forms import gather
from crm_domain.records.uploads import opened
from crm_domain.records.work import Work
from crm_domain.tenancy import locale_for
from crm_storage.columns import leading
from crm_storage.database import Database
from crm_storage.records.context import Context, Schema
from crm_storage.store import TenantStore
from crm_storage.tables import metadata_of
from crm_storage.tenants.ddl import create_all
from crm_ui.cells import drawer
from crm_ui.inputs import Draft
from crm_web.api.openapi import describe
from crm_web.lists.tables import UNSORTABLE
from tests.installation import Installation

from .specimens import ACCOUNT, ADMIN, APART, EXAMPLES, OTHER, READONLY, REGISTRY, SARA, SPECIMENS, Example, blob

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SCHEMA = Schema(REGISTRY)
MADE = f"""
SET LOCAL search_path = t_{{number}}, crm; SET LOCAL ROLE t_{{number}};
INSERT INTO users (id, user_name, last_name, name, status, user_type)
VALUES ('{ADMIN}', 'admin', 'A', 'A', 'active', 'administrator'), ('{SARA}', 'sara', 'S', 'S', 'active', 'regular');
INSERT INTO currencies (id, name, symbol, iso4217, conversion_rate, status, is_base)
VALUES (uuidv7(), 'ریال', 'ریال', 'IRR', 1, 'active', true);
INSERT INTO accounts (id, name) VALUES ('{ACCOUNT}', 'آبان'), ('{OTHER}', 'بهمن');
"""
BLOBS = "INSERT INTO blob (key, name, media_type, size, sha256, state, created_by) VALUES (%s, %s, %s, %s, '', 'stored', %s)"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
languages = pytest.mark.parametrize("language", ["fa", "en"])
kinds = pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)


def voice_of(language: str) -> Voice:
    return Voice(catalogue(language), locale_for(language), NOW)  # type: ignore[arg-type]


def example(kind: type[Any]) -> tuple[Any, Example]:
    key, found = EXAMPLES[kind]
    return SPECIMENS.field(key), found


class Clock:
    def now(self) -> datetime:
        return NOW


class Laboratory:
    """A company whose tables include the specimens'."""

    def __init__(self, database: Database, number: int) -> None:
        self.database = database
        self.number = number

    @asynccontextmanager
    async def work(self, language: str = "fa") -> AsyncIterator[Work]:
        async with self.database.tenant(self.number) as session:
            store = TenantStore(Context(session, SCHEMA, Access(user=ADMIN, admin=True), "test", ""), Clock())
            yield Work(store, REGISTRY, Clock(), locale_for(language), "IRR")  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def tenant(installation: Installation) -> int:
    number = installation.empty_tenant()
    table = metadata_of(REGISTRY).tables["specimens"]
    with psycopg.connect(installation.url) as connection:
        connection.execute((MADE.format(number=number) + create_all(table.metadata, [table])).encode())
        for made in (blob("a.txt"), blob("b.txt"), blob("a.png", "image/png")):
            connection.execute(BLOBS, (made.key, made.name, made.media_type, made.size, ADMIN))
    return number


@pytest.fixture
async def laboratory(installation: Installation, tenant: int) -> AsyncIterator[Laboratory]:
    async with installation.database(size=2) as database:
        yield Laboratory(database, tenant)


async def put(work: Work, kind: type[Any], value: Any, name: str = "x") -> UUID:
    """A specimen with the value; rules alone write the readonly kinds."""
    field, _ = example(kind)
    given: dict[str, Any] = {} if kind in READONLY else {field.key: value}
    if field.key == "computed":
        given = {"text": str(value).strip("<>")}
    return await save.create(work, SPECIMENS, {"name": name, **given})


async def pair(work: Work, kind: type[Any]) -> tuple[UUID, UUID]:
    _, found = example(kind)
    return await put(work, kind, found.low, "low"), await put(work, kind, found.high, "high")


def test_every_kind_has_examples() -> None:
    assert {*EXAMPLES, *APART} == set(KINDS)
    assert {SPECIMENS.field(key).__class__ for key, _ in EXAMPLES.values()} == set(EXAMPLES)


@kinds
async def test_a_value_is_stored_and_read_back(laboratory: Laboratory, kind: type[Any]) -> None:
    field, found = example(kind)
    async with laboratory.work() as work:
        id_ = await put(work, kind, found.low)
        row = (await work.store.fetch(SPECIMENS, [id_]))[0]
        assert row[field.key] == (1 if field.key == "auto_number" else found.low) or row[field.key] > 0
        if kind not in READONLY:
            empty = (await work.store.fetch(SPECIMENS, [await put(work, kind, None)]))[0]
            assert empty[field.key] in (None, False)


@kinds
@languages
async def test_every_filter_that_is_offered_works(laboratory: Laboratory, kind: type[Any], language: str) -> None:
    field, found = example(kind)
    voice = voice_of(language)
    async with laboratory.work(language) as work:
        low, high = await pair(work, kind)

        async def asked(op: str, value: str) -> set[UUID]:
            read = read_filter(REGISTRY, SPECIMENS, [(f"filter[{field.key}][{op}]", value)], voice)
            resolved = resolve(read, REGISTRY, SPECIMENS, work.access, voice)
            page = await work.store.page(SPECIMENS, ListQuery(filter=resolved.filter, columns=("name",)))
            return {row.id for row in page.rows}

        op, value = found.asked
        assert low in await asked(op, value)
        if kind.__name__ != "AutoNumber":
            assert high not in await asked(op, value)
        for other in operators(field):
            await asked(other, _readable(found, kind, other))


def _readable(found: Example, kind: type[Any], op: str) -> str:
    """A text that the operator of the kind can read."""
    match op, kind.__name__:
        case (("empty" | "me" | "my_team" | "opted_out"), _):
            return "1"
        case "period", _:
            return "today"
        case "between", "Date" | "DateTime":
            return "2026-01-01..2026-02-01"
        case "between", _:
            return "1..2"
        case _, "Date" | "DateTime":
            return "2026-01-01"
        case _, "UserLink":
            return str(ADMIN)
        case _, "Percent":
            return "12.5"
        case _, "MultiChoice" | "Choice" | "DependentChoice":
            return "sweet"
        case _:
            return found.asked[1]


@kinds
async def test_lists_sort_by_it_and_leave_empty_values_last(laboratory: Laboratory, kind: type[Any]) -> None:
    field, _ = example(kind)
    if isinstance(field, UNSORTABLE):
        return
    async with laboratory.work() as work:
        low, high = await pair(work, kind)
        empty = await put(work, kind, None, "empty")
        for descending in (False, True):
            query = ListQuery(columns=("name",), sort=(Sort(field.key, descending),))
            order = [row.id for row in (await work.store.page(SPECIMENS, query)).rows]
            assert (order.index(low) < order.index(high)) is not descending
            if kind not in (*READONLY,) and kind.__name__ != "Boolean":
                assert order.index(empty) == 2


@kinds
@languages
def test_what_people_type_and_files_hold_is_understood(kind: type[Any], language: str) -> None:
    field, found = example(kind)
    typed = found.typed.get(language)
    if typed is None:
        with pytest.raises(BadValue):
            parse(field, "x", voice_of(language))
        return
    assert clean(field, parse(field, typed, voice_of(language))) == found.low
    assert clean(field, parse(field, "", voice_of(language))) in (None, False)


@kinds
@languages
async def test_it_is_shown_and_exported_in_words(laboratory: Laboratory, kind: type[Any], language: str) -> None:
    field, found = example(kind)
    async with laboratory.work(language) as work:
        id_ = await put(work, kind, found.low)
        value = (await work.store.fetch(SPECIMENS, [id_]))[0][field.key]
    voice = voice_of(language)
    said = show(field, value, voice)
    plain = voice.locale.in_digits(str(value)) if kind.__name__ == "AutoNumber" else str(value)
    assert said == (found.shown.get(language) or found.typed.get(language) or plain)
    assert drawer(field, voice)(value).text or kind.__name__ == "RichText"
    if kind is not Boolean:
        assert show(field, None, voice) == "" and drawer(field, voice)(None).text == ""


@kinds
@languages
def test_what_is_exported_can_be_imported_again(kind: type[Any], language: str) -> None:
    """Words that say all there is: links are found by name by the import, files are never words."""
    if kind.__name__ in (
        "Link",
        "UserLink",
        "AnyLink",
        "Address",
        "RichText",
        "File",
        "Files",
        "Image",
        "Computed",
        "AutoNumber",
    ):
        return
    field, found = example(kind)
    voice = voice_of(language)
    if kind.__name__ in ("Money", "Duration"):
        return
    assert clean(field, parse(field, show(field, found.low, voice), voice)) == found.low


@kinds
@languages
def test_25_a_raw_cell_is_read_back_in_any_language(kind: type[Any], language: str) -> None:
    if kind in READONLY or kind in LEFT_OUT:
        return
    field, found = example(kind)
    for value in (found.low, found.high):
        raw = gather(zip(columns_of(field), cells_of(field, value), strict=True))
        assert clean(field, parse(field, raw[field.key], voice_of(language))) == value
        assert {*cells_of(field, None)} == {""}


EXACT = [
    (DateTime, datetime(2026, 3, 21, 6, 30, 17, 250_000, tzinfo=UTC)),
    (Duration, 100 * 3600 + 61),
    (Money, Amount(Decimal("-1250.5"), "USD")),
    (Emails, (EmailEntry("a@x.example", opted_out=True), EmailEntry("b@x.example", primary=True, invalid=True))),
]


@pytest.mark.parametrize(("kind", "value"), EXACT, ids=lambda part: getattr(part, "__name__", ""))
@languages
def test_25_a_raw_cell_loses_nothing(kind: type[Any], value: object, language: str) -> None:
    field, _ = example(kind)
    [cell] = cells_of(field, value)
    assert clean(field, parse(field, cell, voice_of(language))) == value


@kinds
async def test_json_says_all_there_is(laboratory: Laboratory, kind: type[Any]) -> None:
    field, found = example(kind)
    assert describe(field)
    if kind in READONLY:
        return
    told = from_json(field, msgspec.json.decode(msgspec.json.encode(to_json(field, found.low))))
    async with laboratory.work() as work:
        values = await opened(work, {field.key: told})
    assert clean(field, values[field.key]) == found.low
    assert to_json(field, None) is None and from_json(field, None) is None


@kinds
@languages
async def test_its_changes_are_in_the_history(laboratory: Laboratory, kind: type[Any], language: str) -> None:
    field, found = example(kind)
    async with laboratory.work(language) as work:
        id_ = await put(work, kind, found.low)
        change = {"text": "برق"} if field.key == "computed" else {field.key: found.high}
        if kind.__name__ == "AutoNumber":
            return
        await save.update(work, SPECIMENS, id_, change)
        entry = (await work.store.history(SPECIMENS, id_))[0]
    assert entry.action == "update"
    changed = next(one for one in entry.changes if one.key in (leading(field), field.key))
    old, new = (show_stored(field, value, voice_of(language)) for value in (changed.old, changed.new))
    assert old and old != new


@kinds
@languages
def test_its_input_holds_what_was_stored_and_what_was_typed(kind: type[Any], language: str) -> None:
    field, found = example(kind)
    voice = voice_of(language)
    fresh = Draft(SPECIMENS, voice, {field.key: found.low}).input_of(field, "Label")
    assert fresh.kind and fresh.label == "Label"
    typed = found.typed.get(language, "typed")
    problems = {field.key: (FieldProblem("problems.required"),)}
    again = Draft(SPECIMENS, voice, {}, raw={field.key: typed}, problems=problems).input_of(field, "Label")
    assert again.value == typed and again.errors
