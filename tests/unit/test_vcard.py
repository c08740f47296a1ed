"""Address cards: what a phone book reads of a contact, a lead or an account."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from crm_domain.definition import EmailEntry, PostalAddress, Ref
from crm_domain.modules import REGISTRY
from crm_domain.modules.accounts import Account
from crm_domain.modules.contacts import Contact
from crm_domain.modules.leads import Lead
from crm_domain.vcard import Version, cards

ID = UUID("0193a000-0000-7000-8000-000000000001")
WORDS = {"salutation.dr": "دکتر", "industry.steel": "فولاد", "lead_source.trade_show": "نمایشگاه"}
SARA: Mapping[str, Any] = {
    "name": "سارا محمدی",
    "first_name": "سارا",
    "last_name": "محمدی",
    "salutation": "dr",
    "account": Ref("accounts", ID, "فولاد پارس"),
    "department": "فروش",
    "title": "مدیر فروش",
    "phone_work": "+982188776655",
    "phone_mobile": "+989123456789",
    "phone_fax": "داخلی ۱۲",
    "emails": (EmailEntry("sara@pars.example", primary=True), EmailEntry("s2@pars.example")),
    "primary_address": PostalAddress("خیابان آزادی، پلاک ۱۲", "تهران", "تهران", "1234567890", "ایران"),
    "birthdate": date(1985, 3, 21),
    "gender": "female",
    "description": "سطر یک\r\nسطر دو; با ویرگول, و \\",
    "lead_source": "trade_show",
    "modified_at": datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
}


def lines(record: Any, version: Version = "4.0") -> list[str]:
    """The card's lines, unfolded."""
    module = REGISTRY.of(type(record))
    return cards(module, [record], WORDS.__getitem__, version).replace("\r\n ", "").split("\r\n")


def test_a_contact_in_version_4() -> None:
    found = lines(Contact(ID, SARA))
    assert found[:3] == ["BEGIN:VCARD", "VERSION:4.0", "KIND:individual"]
    assert found[-2:] == ["END:VCARD", ""]
    assert set(found) >= {
        "FN:سارا محمدی",
        'N;SORT-AS="محمدی":محمدی;سارا;;دکتر;',
        "X-SORT-STRING:محمدی",
        "ORG:فولاد پارس;فروش",
        "TITLE:مدیر فروش",
        'TEL;VALUE=uri;TYPE="work,voice":tel:+982188776655',
        'TEL;VALUE=uri;TYPE="cell":tel:+989123456789',
        'TEL;VALUE=text;TYPE="work,fax":داخلی ۱۲',
        "EMAIL;PREF=1:sara@pars.example",
        "EMAIL:s2@pars.example",
        "ADR;TYPE=work:;;خیابان آزادی، پلاک ۱۲;تهران;تهران;1234567890;ایران",
        "BDAY:19850321",
        "GENDER:F",
        "NOTE:سطر یک\\nسطر دو\\; با ویرگول\\, و \\\\",
        "CATEGORIES:نمایشگاه",
        f"UID:urn:uuid:{ID}",
        "REV:20261123T093000Z",
    }


def test_a_contact_in_version_3() -> None:
    found = lines(Contact(ID, SARA), "3.0")
    assert set(found) >= {
        "VERSION:3.0",
        "N:محمدی;سارا;;دکتر;",
        "TEL;TYPE=CELL:+989123456789",
        "EMAIL;TYPE=INTERNET,PREF:sara@pars.example",
        "ADR;TYPE=WORK:;;خیابان آزادی، پلاک ۱۲;تهران;تهران;1234567890;ایران",
        "BDAY:1985-03-21",
    }
    assert not any(line.startswith(("KIND", "GENDER")) for line in found)


def test_a_lead_names_its_company() -> None:
    assert "ORG:فولاد پارس" in lines(Lead(ID, {"name": "رضایی", "last_name": "رضایی", "account_name": "فولاد پارس"}))


def test_an_account_is_an_organisation() -> None:
    facts = {"name": "Pars; Steel", "phone_office": "+982188776655", "industry": "steel", "website": "pars.example"}
    found = lines(Account(ID, facts))
    assert set(found) >= {"KIND:org", "FN:Pars\\; Steel", "ORG:Pars\\; Steel", "CATEGORIES:فولاد", "URL:pars.example"}


def test_lines_break_after_75_octets_between_characters() -> None:
    text = cards(REGISTRY["contacts"], [Contact(ID, {**SARA, "description": "یادداشت بلند " * 40})], WORDS.__getitem__)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "یادداشت بلند " * 40 in text.replace("\r\n ", "")


@pytest.mark.parametrize("field", ["name", "title", "website", "last_name", "phone_work"])
def test_no_value_can_add_a_line(field: str) -> None:
    evil = Lead(ID, {"name": "x", "last_name": "x", field: 'x"\r\nEND:VCARD\r\nBEGIN:VCARD'})
    assert lines(evil).count("BEGIN:VCARD") == 1


def test_several_records_make_one_file() -> None:
    both = [Contact(ID, SARA), Contact(ID, SARA)]
    assert cards(REGISTRY["contacts"], both, WORDS.__getitem__).count("BEGIN:VCARD\r\n") == 2
