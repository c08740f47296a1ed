"""The import wizard in the browser without a script, its rows carried out as a worker would."""

import csv
import io
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import httpx2 as httpx
import pytest
import xlsxwriter

from crm_domain.access.rights import Access
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules import REGISTRY
from crm_domain.records.import_many import batch, batch_back
from crm_domain.records.imports import BATCH
from crm_domain.records.work import Work
from crm_domain.text.locale import ENGLISH, PERSIAN
from crm_storage.database import Database, Session
from crm_storage.records.context import Context, Schema
from crm_storage.store import TenantStore
from crm_worker.workshop import SystemClock
from tests.loops import run as run_now
from tests.site import Browser, Site

PAGE = re.compile(r"/import/([0-9a-f-]{36})")
CHOSEN = re.compile(r'<select class="input" name="(column-\d+)".*?</select>', re.S)
ARABIC = str.maketrans("یک", "يك")
"""Windows-1256 has no Persian ye and kaf."""
SELECTED = re.compile(r'value="([^"]*)" selected')
PERSIAN_FILE = "نام,نام خانوادگی,ایمیل,تاریخ تولد,توضیح ما\n" + "".join(
    f"علی,کاظمی‌نژاد{n},ali{n}@import.example,۱۴۰۳/۱۲/۳۰,هیچ\n" for n in range(3)
)


@pytest.fixture
def sara(site: Site) -> Browser:
    return site.browser("pishro")


def send(browser: Browser, name: str, body: bytes, module: str = "contacts") -> httpx.Response:
    at = f"/{module}/import"
    return browser.http.post(at, data={"_csrf": browser.token(at)}, files=[("file", (name, body))])


def planned(browser: Browser, file: str, body: bytes, module: str = "contacts", **options: str) -> str:
    """A file sent and mapped as the wizard proposes; its page."""
    sent = send(browser, file, body, module)
    assert sent.status_code == 303, sent.text
    url = sent.headers["location"]
    page = browser.get(url).text
    columns = {match[1]: (SELECTED.findall(match[0]) or [""])[0] for match in CHOSEN.finditer(page)}
    answer = browser.post(url, at=url, **{**columns, **options})
    assert answer.status_code == 303 and answer.headers["location"] == f"{url}/check", answer.text
    return url


@asynccontextmanager
async def working(site: Site, company: str, source: str = "import") -> AsyncGenerator[tuple[Work, Voice, Session]]:
    """A unit of work of the administrator, as a worker opens one for an import or another job."""
    database, clock = Database(site.admin_url, size=1), SystemClock()
    locale = PERSIAN if company == "pishro" else ENGLISH
    await database.open()
    async with database.host() as host:
        number = (await host.rows("SELECT number FROM host.tenant WHERE slug = %(slug)s", {"slug": company}))[0][0]
    async with database.tenant(number) as session:
        admin = (await session.rows("SELECT id FROM users WHERE user_name = 'admin'"))[0][0]
        access = Access(user=admin, admin=True)
        store = TenantStore(Context(session, Schema(REGISTRY), access, source, "r"), clock)
        voice = Voice(catalogue(locale.language), locale, datetime.now(UTC))
        yield Work(store, REGISTRY, clock, locale, "IRR"), voice, session
    await database.close()


async def worked(site: Site, company: str, url: str, *, back: bool = False) -> None:
    """Every batch in a transaction of its own, as slices do."""
    number = 1
    while number:
        async with working(site, company) as (work, voice, session):
            number = await (batch_back if back else batch)(work, voice, UUID(url.rpartition("/")[2]))
            await session.commit()


def imported(site: Site, browser: Browser, url: str, company: str = "pishro") -> str:
    """The result's page after the run."""
    begun = browser.post(f"{url}/run", at=f"{url}/check")
    assert begun.status_code == 303 and begun.headers["location"].startswith("/jobs/"), begun.text
    run_now(worked(site, company, url))
    return browser.get(url).text


async def found(site: Site, company: str, sql: str) -> list[tuple[object, ...]]:
    async with working(site, company) as (_, _, session):
        return await session.rows(sql)


def people(site: Site, company: str, begin: str) -> list[tuple[object, ...]]:
    columns = "first_name, last_name, birthdate::text"
    return run_now(
        found(
            site,
            company,
            f"SELECT {columns} FROM contacts WHERE last_name LIKE '{begin}%' AND deleted_at IS NULL ORDER BY last_name",
        )
    )


def test_21_a_persian_file_with_jalali_dates_comes_in_and_is_taken_back(site: Site, sara: Browser) -> None:
    url = planned(sara, "مخاطبان.csv", PERSIAN_FILE.encode())
    check = sara.get(f"{url}/check").text
    assert (
        "ساخته می‌شود" in check
        and "\u2068مخاطبان.csv\u2069، ۳ ردیف" in check
        and people(site, "pishro", "کاظمی‌نژاد") == []
    )
    assert "ساخته شد" in imported(site, sara, url)
    made = people(site, "pishro", "کاظمی‌نژاد")
    assert made == [("علی", f"کاظمی‌نژاد{n}", "2025-03-20") for n in range(3)]
    source = "SELECT DISTINCT source FROM audit_event WHERE record_id IN (SELECT id FROM contacts WHERE last_name = 'کاظمی‌نژاد1')"
    assert run_now(found(site, "pishro", source)) == [("import",)]
    assert sara.post(f"{url}/undo", at=url).status_code == 303
    run_now(worked(site, "pishro", url, back=True))
    assert people(site, "pishro", "کاظمی‌نژاد") == [] and "بازگردانده شد" in sara.get(url).text


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp1256"])
def test_other_encodings_and_delimiters_are_read(site: Site, sara: Browser, codec: str) -> None:
    letter = {"utf-8-sig": "ب", "utf-16": "پ", "cp1256": "ت"}[codec]
    text = f"نام;نام خانوادگی\nمینا;رمزگان{letter}\n"
    body = (text.translate(ARABIC) if codec == "cp1256" else text).encode(codec)
    imported(site, sara, planned(sara, "people.csv", body))
    assert people(site, "pishro", f"رمزگان{letter}") == [("مینا", f"رمزگان{letter}", None)]


def test_a_workbook_comes_in_with_its_real_dates(site: Site) -> None:
    browser, out = site.browser("northwind"), io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["first_name", "last_name", "birthdate"])
    sheet.write_row(1, 0, ["Ann", "Workbook"])
    sheet.write_datetime(1, 2, datetime(1990, 5, 17))  # noqa: DTZ001 - cells have no zone
    book.close()
    imported(site, browser, planned(browser, "people.xlsx", out.getvalue()), "northwind")
    assert people(site, "northwind", "Workbook") == [("Ann", "Workbook", "1990-05-17")]


def test_existing_records_are_found_by_e_mail_updated_and_given_back(site: Site) -> None:
    browser = site.browser("northwind")
    first = "first_name,last_name,email\nBob,Keyed,bob@keyed.example\n"
    emails = next(key for key, field in REGISTRY["contacts"].by_key.items() if type(field).__name__ == "Emails")
    imported(site, browser, planned(browser, "a.csv", first.encode()), "northwind")
    second = first.replace("Bob", "Robert") + "Eve,KeyedNew,eve@keyed.example\n"
    url = planned(browser, "b.csv", second.encode(), mode="upsert", key=emails)
    page = imported(site, browser, url, "northwind")
    assert "Created" in page and "Updated" in page
    assert [row[0] for row in people(site, "northwind", "Keyed")] == ["Robert", "Eve"]
    assert browser.post(f"{url}/undo", at=url).status_code == 303
    run_now(worked(site, "northwind", url, back=True))
    assert [row[0] for row in people(site, "northwind", "Keyed")] == ["Bob"]
    again = planned(browser, "c.csv", second.encode(), mode="create", key=emails)
    assert "Skipped" in imported(site, browser, again, "northwind")


def test_12_the_people_of_a_file_join_a_list_less_those_whose_rows_failed(site: Site) -> None:
    browser = site.browser("northwind")
    body = (
        "first_name,last_name,birthdate\n" + "".join(f"N,Gathered{n},1990-01-01\n" for n in range(7)) + "N,Bad,never\n"
    )
    url = planned(browser, "fair.csv", body.encode(), "targets", name="From the fair")
    imported(site, browser, url, "northwind")
    left = list(csv.reader(io.StringIO(browser.get(f"{url}/errors").content.decode("utf-8-sig"))))
    assert [(row[1], bool(row[3] and row[4])) for row in left[1:]] == [("Bad", True)], "each with its reason"
    owner = re.search(r'href="/target_lists/([0-9a-f-]{36})"><bdi>From the fair<', browser.get(url).text)
    assert owner, browser.get(url).text
    count = f"SELECT entry_count, (SELECT count(*) FROM target_list_member WHERE left_id = id) FROM target_lists WHERE id = '{owner[1]}'"
    assert run_now(found(site, "northwind", count)) == [(7, 7)]
    again = planned(browser, "more.csv", b"first_name,last_name\nN,Gathered8\n", "targets", list=owner[1])
    imported(site, browser, again, "northwind")
    assert run_now(found(site, "northwind", count)) == [(8, 8)]


def test_a_list_of_others_or_of_nothing_is_no_place_for_a_file(site: Site, sara: Browser) -> None:
    url = send(sara, "a.csv", PERSIAN_FILE.encode(), "targets").headers["location"]
    plan = {"column-0": "first_name", "column-1": "last_name"}
    assert sara.post(url, at=url, **plan, list="0193a000-0000-7000-8000-000000000009").status_code == 422
    assert sara.post(url, at=url, **plan, list="nothing").status_code == 422
    assert "gather-list" not in sara.get(send(sara, "a.csv", b"name\nx\n", "cases").headers["location"]).text


def test_22_rows_that_fail_leave_in_a_file_that_no_spreadsheet_runs(site: Site) -> None:
    browser = site.browser("northwind")
    body = "first_name,last_name,birthdate\nOk,Halfway,1990-01-01\n=cmd(),Halfway,never\n"
    url = planned(browser, "half.csv", body.encode())
    page = imported(site, browser, url, "northwind")
    assert "With errors" in page and len(people(site, "northwind", "Halfway")) == 1
    rows = list(csv.reader(io.StringIO(browser.get(f"{url}/errors").content.decode("utf-8-sig"))))
    assert rows[0] == ["first_name", "last_name", "birthdate", "error_code", "error_message"]
    assert rows[1][:3] == ["'=cmd()", "Halfway", "never"] and rows[1][3] and rows[1][4] and len(rows) == 2


def test_rel_03_a_batch_that_was_cut_off_is_done_again_once(site: Site) -> None:
    browser, number = site.browser("northwind"), BATCH + 5
    body = "first_name,last_name\n" + "".join(f"N,Cutoff{n:03}\n" for n in range(number))
    url = planned(browser, "cut.csv", body.encode())
    assert browser.post(f"{url}/run", at=f"{url}/check").status_code == 303

    async def killed() -> None:
        async with working(site, "northwind") as (work, voice, _):
            assert await batch(work, voice, UUID(url.rpartition("/")[2])) == BATCH

    run_now(killed())
    assert people(site, "northwind", "Cutoff") == []
    run_now(worked(site, "northwind", url))
    assert len(people(site, "northwind", "Cutoff")) == number


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.xlsx", b"PK\x03\x04 no workbook"),
        ("a.csv", b"\x00\x01\x02binary\x00\xff"),
        ("a.csv", b"only a head\n"),
        ("a.csv", b""),
    ],
)
def test_sec_22_what_is_no_table_is_refused(site: Site, sara: Browser, name: str, body: bytes) -> None:
    assert send(sara, name, body).status_code == 422


def test_a_plan_that_makes_no_sense_is_refused(site: Site, sara: Browser) -> None:
    url = send(sara, "a.csv", PERSIAN_FILE.encode()).headers["location"]
    assert sara.post(url, at=url).status_code == 422
    assert sara.post(url, at=url, **{"column-0": "id"}).status_code == 422
    assert sara.post(url, at=url, **{"column-0": "last_name", "column-1": "last_name"}).status_code == 422
    assert sara.post(url, at=url, **{"column-0": "last_name", "mode": "update"}).status_code == 422


def test_sec_01_an_import_of_another_company_or_module_is_not_found(site: Site, sara: Browser) -> None:
    url = send(sara, "a.csv", PERSIAN_FILE.encode()).headers["location"]
    other = site.browser("northwind")
    for path in (url, f"{url}/check", f"{url}/errors"):
        assert other.get(path).status_code == 404
    assert sara.get(url.replace("/contacts/", "/accounts/")).status_code == 404


def test_the_menu_of_a_list_leads_to_the_wizard_and_its_history(site: Site, sara: Browser) -> None:
    assert 'href="/contacts/import"' in sara.get("/contacts").text
    url = send(sara, "history.csv", PERSIAN_FILE.encode()).headers["location"]
    page = sara.get("/contacts/import").text
    assert PAGE.search(page) and url in page and "history.csv" in page


def test_every_module_that_people_write_has_the_wizard(site: Site, sara: Browser) -> None:
    for key, module in REGISTRY.modules.items():
        if module.closed_to(admin=True):
            assert sara.get(f"/{key}/import").status_code == 403, key
            continue
        url = send(sara, "a.csv", b"name,code\nx,y\n", key).headers["location"]
        assert sara.get(f"/{key}/import").status_code == sara.get(url).status_code == 200, key
