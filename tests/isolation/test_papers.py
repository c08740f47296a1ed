"""Documents follow the rights on what they are about, on pages and calls alike (SEC-04, SEC-40)."""

import json
from uuid import UUID

import pytest

from crm_domain.modules.pdf_templates import PAPER_MODULES
from tests.isolation.people import GRANTS, READING, Person, connect, give, hire
from tests.isolation.test_rights import REFUSED, reaches
from tests.site import Site


@pytest.fixture(scope="module")
def people(site: Site) -> dict[str, Person]:
    return {name: hire(site, name, f"paper_{name}") for name in GRANTS}


@pytest.fixture(scope="module")
def records(site: Site, people: dict[str, Person]) -> dict[str, dict[str, UUID]]:
    """By whose they are: one record of every module."""
    return {
        whose: give(site, people[name].id, skip=skip)
        for whose, name, skip in (("own", "owner", 1), ("other", "anybody", 2))
    }


@pytest.mark.parametrize("module", PAPER_MODULES)
def test_sec_40_the_page_of_a_document_asks_for_the_right_to_print(
    people: dict[str, Person], records: dict[str, dict[str, UUID]], module: str
) -> None:
    wrong: list[str] = []
    for name, person in people.items():
        for whose in ("own", "other"):
            answer = person.browser.http.get(f"/{module}/{records[whose][module]}/paper")
            if (answer.status_code == 200) is not reaches(name, module, "print", whose):
                wrong.append(f"{name} {whose}: {answer.status_code}")
    assert not wrong


@pytest.mark.parametrize("path", ["/quotes/{}/pdf", "/quotes/{}/paper/sheets", "/api/v1/quotes/{}/pdf"])
def test_sec_04_the_file_of_a_quote_one_cannot_see_is_not_there(
    people: dict[str, Person], records: dict[str, dict[str, UUID]], path: str
) -> None:
    owner, nobody = people["owner"], people["nobody"]
    client = owner.api if path.startswith("/api") else owner.browser.http
    assert client.get(path.format(records["own"]["quotes"])).status_code == 200
    assert client.get(path.format(records["other"]["quotes"])).status_code == 404
    client = nobody.api if path.startswith("/api") else nobody.browser.http
    assert client.get(path.format(records["own"]["quotes"])).status_code in REFUSED


def test_sec_40_who_may_read_no_templates_prints_by_the_products_own(
    site: Site, records: dict[str, dict[str, UUID]]
) -> None:
    clerk = hire(site, "reader", "paper_clerk")
    with connect(site) as owner:
        owner.execute(
            "UPDATE role SET grants = %s::jsonb WHERE name = 'paper_clerk'", (json.dumps({"quotes": READING}),)
        )
        row = owner.execute("SELECT id FROM pdf_templates WHERE used_for = 'quotes' LIMIT 1").fetchone()
        assert row
        owner.execute("UPDATE quotes SET pdf_template = %s WHERE id = %s", (row[0], records["own"]["quotes"]))
    path = f"/api/v1/quotes/{records['own']['quotes']}/pdf"
    assert clerk.api.get(path).status_code == 200
    assert clerk.api.get(path, params={"template": str(row[0])}).status_code == 404


def test_sec_40_documents_in_one_file_ask_for_the_right_to_take_out(
    people: dict[str, Person], records: dict[str, dict[str, UUID]]
) -> None:
    def together(name: str, *whose: str) -> int:
        person = people[name]
        ids = [str(records[one]["quotes"]) for one in whose]
        return person.browser.http.post("/quotes/papers", data={"_csrf": person.token, "id": ids}).status_code

    assert together("owner", "own", "other") == 200 and together("owner", "other") == 404
    assert together("reader", "own") == together("nobody", "own") == 403
