"""Imports beyond a single table: mappings that are kept, address cards, and files sent by programs."""

import re
from typing import Any

import httpx2 as httpx
import pytest

from tests.loops import run as run_now
from tests.site import Browser, Site
from tests.web.test_import import CHOSEN, SELECTED, found, imported, people, planned, send, worked

HEADS = "Given,Clan Name,Whatever\n"
CARD = """BEGIN:VCARD\r
VERSION:{version}\r
N:{last};مریم;;;\r
FN:مریم {last}\r
ORG:{company}\r
EMAIL;TYPE=INTERNET:second@cards.example\r
EMAIL;TYPE=INTERNET;PREF=1:{mail}\r
TEL;TYPE=CELL:+98912\r
 1112233\r
ADR;TYPE=WORK:;;خیابان آزادی\\, پلاک ۱۲;تهران;;1234567890;ایران\r
BDAY:1985-03-21\r
END:VCARD\r
"""


@pytest.fixture
def browser(site: Site) -> Browser:
    return site.browser("northwind")


def mapping(browser: Browser, url: str) -> list[str]:
    """The targets the wizard proposes, column by column."""
    return [(SELECTED.findall(match[0]) or [""])[0] for match in CHOSEN.finditer(browser.get(url).text)]


def test_a_kept_mapping_is_taken_for_the_next_file_with_much_the_same_heads(site: Site, browser: Browser) -> None:
    first = send(browser, "a.csv", f"{HEADS}a,b,c\n".encode()).headers["location"]
    assert mapping(browser, first) == ["", "", ""]
    plan = {"column-0": "first_name", "column-1": "last_name", "column-2": "title", "keep": "Old program"}
    assert browser.post(first, at=first, **plan).status_code == 303
    second = send(browser, "b.csv", b"GIVEN,clan_name,whatever\nx,y,z\n").headers["location"]
    assert mapping(browser, second) == ["first_name", "last_name", "title"]
    other = send(browser, "c.csv", b"Given,City\nx,y\n").headers["location"]
    assert mapping(browser, other)[0] == ""
    page = browser.get("/contacts/import").text
    assert "Old program" in page
    drop = re.search(r'action="(/contacts/import/mappings/[0-9a-f-]{36}/drop)"', page)
    assert drop and browser.post(drop[1], at="/contacts/import").status_code == 303
    assert mapping(browser, send(browser, "d.csv", f"{HEADS}a,b,c\n".encode()).headers["location"]) == ["", "", ""]


def test_a_mapping_stays_with_its_company_and_its_module(site: Site, browser: Browser) -> None:
    url = send(browser, "a.csv", b"Alpha\nx\n", "leads").headers["location"]
    browser.post(url, at=url, **{"column-0": "last_name", "keep": "Mine", "shared": "1"})
    assert mapping(browser, send(browser, "a.csv", b"Alpha\nx\n", "leads").headers["location"]) == ["last_name"]
    assert mapping(browser, send(browser, "a.csv", b"Alpha\nx\n", "contacts").headers["location"]) == [""]
    stranger = site.browser("pishro")
    assert mapping(stranger, send(stranger, "a.csv", b"Alpha\nx\n", "leads").headers["location"]) == [""]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_address_cards_come_in_as_targets(site: Site, version: str) -> None:
    browser, last = site.browser("pishro"), f"کارتی{version[0]}"
    body = CARD.format(version=version, last=last, company="فولاد پارس", mail=f"maryam{version[0]}@cards.example")
    imported(site, browser, planned(browser, "کارت‌ها.vcf", body.encode(), "targets"))
    columns = "first_name, account_name, phone_mobile, birthdate::text, primary_address_city, address"
    mail = "JOIN email_link l ON l.record_id = t.id AND is_primary JOIN email_address a ON a.id = l.address_id"
    [row] = run_now(found(site, "pishro", f"SELECT {columns} FROM targets t {mail} WHERE last_name = '{last}'"))
    assert row == ("مریم", "فولاد پارس", "+989121112233", "1985-03-21", "تهران", f"maryam{version[0]}@cards.example")


class Program:
    """One with a token of the administrator."""

    def __init__(self, browser: Browser) -> None:
        page = browser.post("/settings/tokens", at="/settings/tokens", name="imports", scope="write").text
        shown = re.search(r"<code>([^<…]+)</code>", page)
        assert shown, page
        self.http, self.headers = browser.http, {"authorization": f"Bearer {shown[1]}"}

    def send(self, body: bytes, **fields: str) -> httpx.Response:
        files = [("file", ("people.csv", body))]
        return self.http.post("/api/v1/contacts/import", data=fields, files=files, headers=self.headers)

    def get(self, path: str) -> Any:
        return self.http.get(f"/api/v1/contacts/import/{path}", headers=self.headers)


def test_a_program_sends_a_file_and_gets_its_faults_back(site: Site, browser: Browser) -> None:
    program = Program(browser)
    body = b"First Name,Family,birthdate\nAnn,Programmed,1990-01-01\nBob,Programmed,never\n"
    sent = program.send(body, mapping='{"Family": "last_name"}')
    assert sent.status_code == 202, sent.text
    id_ = sent.json()["import"]
    assert program.get(id_).json()["mapping"] == {
        "First Name": "first_name", "Family": "last_name", "birthdate": "birthdate",
    }  # fmt: skip
    run_now(worked(site, "northwind", f"/contacts/import/{id_}"))
    assert program.get(id_).json()["counts"] == {"created": 1, "failed": 1}
    assert [row[0] for row in people(site, "northwind", "Programmed")] == ["Ann"]
    assert b"never" in program.get(f"{id_}/errors").content
    undone = program.http.post(f"/api/v1/contacts/import/{id_}/undo", headers=program.headers)
    assert undone.status_code == 202


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"a\nb\n", {"mapping": "[]"}),
        (b"last_name\nb\n", {"mapping": '{"other": "last_name"}'}),
        (b"last_name\nb\n", {"mode": "delete"}),
        (b"last_name\nb\n", {"list": "x"}),
        (b"last_name\nb\n", {"mapping": '{"last_name": "id"}'}),
        (b"only a head\n", {}),
    ],
)
def test_what_a_program_says_wrongly_is_refused(browser: Browser, body: bytes, fields: dict[str, str]) -> None:
    assert Program(browser).send(body, **fields).status_code in (409, 422)


def test_a_card_fills_a_companys_fields_too(site: Site, browser: Browser) -> None:
    body = CARD.format(version="4.0", last="x", company="y", mail="z@w.example").encode()
    assert mapping(browser, send(browser, "own.vcf", body, "accounts").headers["location"])[0] == "name"
