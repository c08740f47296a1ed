"""A contact from an address card: its form filled in, its company found, made or left to be chosen."""

import re

import httpx
import pytest

from crm_domain.modules.blocks.company_names import bare

from .conftest import Browser, Site
from .test_gantt import done

CARD = """BEGIN:VCARD\r
VERSION:3.0\r
N:Kowalska;Ewa;;;\r
ORG:{firm};Purchasing\r
TITLE:Buyer\r
TEL;TYPE=WORK:+48 22 555 01 02\r
EMAIL:ewa@kowalska.example\r
ADR;TYPE=WORK:;;Polna 1;Warszawa;;00-001;Poland\r
END:VCARD\r
"""


def sent(browser: Browser, module: str, body: str, **fields: str) -> httpx.Response:
    at = f"/{module}/from_card"
    data = {"_csrf": browser.token(at), **fields}
    return browser.http.post(at, data=data, files=[("file", ("ewa.vcf", body.encode()))])


def value(page: str, name: str) -> str:
    tag = re.search(rf'<input[^>]* name="{re.escape(name)}"[^>]*>', page)
    found = re.search(r' value="([^"]*)"', tag[0]) if tag else None
    return found[1] if found else ""


def test_a_card_fills_the_form_and_its_company_is_found_by_its_bare_name(site: Site) -> None:
    sara = site.browser("northwind")
    firm = done(sara, "accounts", name="Kowalska Trading Ltd.").rsplit("/")[-1]
    assert "/contacts/from_card" in sara.get("/contacts").text
    page = sent(sara, "contacts", CARD.format(firm="Kowalska Trading GmbH")).text
    assert (value(page, "last_name"), value(page, "first_name"), value(page, "title")) == ("Kowalska", "Ewa", "Buyer")
    assert value(page, "account") == firm and value(page, "department") == "Purchasing"
    assert value(page, "emails.0.address") == "ewa@kowalska.example"
    assert "Warszawa" in page and 'action="/contacts"' in page


def test_an_unknown_company_is_made_only_when_asked_and_a_lead_has_its_name(site: Site) -> None:
    sara, card = site.browser("northwind"), CARD.format(firm="Nowhere Known Sp")
    asked = sent(sara, "contacts", card).text
    assert value(asked, "account") == "" and "Nowhere Known Sp" in asked
    made = value(sent(sara, "contacts", card, firm="1").text, "account")
    assert "Nowhere Known Sp" in sara.get(f"/accounts/{made}").text
    assert value(sent(sara, "leads", card).text, "account_name") == "Nowhere Known Sp"


def test_many_cards_are_an_import_and_other_files_are_refused(site: Site) -> None:
    sara, card = site.browser("northwind"), CARD.format(firm="X")
    many = sent(sara, "contacts", card + card.replace("Kowalska", "Nowak"))
    assert many.headers["location"].startswith("/contacts/import/")
    assert sent(sara, "contacts", "name,city\nA,B\n").status_code == 422
    assert sara.get("/accounts/from_card").status_code == 404


@pytest.mark.parametrize(
    ("one", "other"),
    [("شرکت فولاد پارس (سهامی خاص)", "فولاد پارس"), ("Acme, Inc.", "ACME GmbH"), ("Coca Cola Co", "coca cola")],
)
def test_legal_forms_make_no_other_company(one: str, other: str) -> None:
    assert bare(one) == bare(other)
