"""Modules by features: whatever the product can do, every module has, or a sentence here says why not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.routes import routes
from tests.unit.demo.test_demo import company

from crm_domain.definition import Module
from crm_domain.definition.kinds import Link
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules import REGISTRY

MODULES = tuple(REGISTRY.modules.values())
WORK = frozenset(("tasks", "calls", "meetings", "notes", "documents"))
"""What stands beside a record that people work on."""
PAGES = (
    "GET /", "GET /new", "POST /", "GET /{record_id}", "GET /{record_id}/edit", "POST /{record_id}", "GET /{record_id}/history",
    "GET /{record_id}/print", "GET /export", "GET /import", "GET /print", "GET /trash", "POST /{record_id}/star",
)  # fmt: skip
CALLS = ("GET /", "POST /", "GET /{record_id}", "PATCH /{record_id}")
TESTS = Path(__file__).parents[1]
CHECKS = range(1, 16)
"""The promises that hold across modules, in their order."""
LEAST_COLUMNS = 3
LEAST_HELP = 60
"""Letters of what the guide says of a module before it lists the fields."""

RARE = "Rare: it comes by import or program, and a company that wants it in its form puts it there."
UNFORMED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "leads.father_name", "contacts.father_name", "targets.gender", "targets.national_id", "targets.name_latin",
            "targets.father_name",
        ),
        RARE,
    ),
    "emails.body": "It is written and read on the pages of the mail.",
    "reports.question": "It is put together on the page of the report.",
    "feed_items.guid": "It is what the feed calls the entry; nobody writes it.",
}  # fmt: skip
ONE_WAY: Mapping[str, str] = {
    "leads.reports_to": "A lead's superior is somebody to ask about the lead; the contact has nothing to gain from it.",
    "contacts.account": "The account lists its people by the relation of which this link is the main one.",
    "cases.contact": "The contact lists cases by the relation with everybody who is concerned.",
    "case_updates.contact": "What a contact said is read in the case.",
    "products.tax_rate": "Nobody works on a rate.",
    "products.contact": "Whom to ask about a product is of use at the product.",
    "quotes.client_technical_contact": "The contact lists the quotes addressed to them.",
    "contracts.client_technical_contact": "The contact lists the contracts addressed to them.",
    "quotes.pdf_template": "How it is printed is of use at the quote.",
    "invoices.pdf_template": "How it is printed is of use at the invoice.",
    "contracts.pdf_template": "How it is printed is of use at the contract.",
    "catalogues.pdf_template": "How it is printed is of use at the catalogue.",
    "catalogues.front_page": "What stands around its pages is of use at the catalogue, and the document lists it where it is kept.",
    "catalogues.attachment": "What stands around its pages is of use at the catalogue, and the document lists it where it is kept.",
    "calls.contact": "The contact takes part and lists the calls by the relation with the guests.",
    "meetings.contact": "The contact takes part and lists the meetings by the relation with the guests.",
    "calls.series": "The dates of a series follow each other in the calendar.",
    "meetings.series": "The dates of a series follow each other in the calendar.",
    "target_lists.newsletter": "The campaign lists its lists by the relation it is sent by.",
    "documents.related_revision": "A revision is a part of its document, which lists what is related.",
}
WITHOUT: Mapping[str, frozenset[str]] = dict.fromkeys(("project_tasks", "tasks", "targets"), frozenset({"documents"}))
"""What a task needs to read lies with what it is about, where its neighbours find it too; with a target nothing is agreed yet."""


def holes(found: set[str], excused: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """What is missing without an excuse, and which excuses excuse nothing any more."""
    return found - set(excused), set(excused) - found


def test_every_field_that_people_fill_in_stands_in_the_form() -> None:
    found: set[str] = set()
    for module in MODULES:
        placed = {key for panel in module.layout.panels for row in panel.rows for key in row}
        fields = (field for field in module.own_fields() if not field.readonly)
        found |= {f"{module.key}.{field.key}" for field in fields if field.key not in placed}
    assert holes(found, UNFORMED) == (set(), set())


def test_every_link_shows_its_records_beside_what_it_leads_to() -> None:
    found = {
        f"{module.key}.{field.key}"
        for module in MODULES
        for field in module.own_fields()
        if isinstance(field, Link) and field.key != "team" and not field.inverse
    }
    assert holes(found, ONE_WAY) == (set(), set())


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.key)
def test_every_module_has_a_list_with_a_search_and_a_short_form(module: Module[Any]) -> None:
    layout = module.layout
    assert len(layout.columns) >= LEAST_COLUMNS
    assert layout.basic and layout.advanced and layout.picker and layout.highlights
    assert layout.quick or module.kept


def test_every_check_across_modules_has_a_test_of_its_number() -> None:
    tests = "".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    assert [number for number in CHECKS if f"def test_s_{number}_" not in tests] == []


def test_every_module_has_every_page_and_call() -> None:
    there = {f"{route.method} {route.path}".rstrip("/") for route in routes()}
    wanted = {f"{page.split()[0]} /{module.key}{page.split()[1]}".rstrip("/") for module in MODULES for page in PAGES}
    wanted |= {f"{call.split()[0]} /api/v1/{m.key}{call.split()[1]}".rstrip("/") for m in MODULES for call in CALLS}
    assert wanted - there == set()


def test_what_people_work_on_has_work_of_every_kind_beside_it() -> None:
    for module in MODULES:
        beside = set(REGISTRY.relations(module.key)) & WORK
        if "tasks" in beside and "calls" in beside:
            assert WORK - beside == WITHOUT.get(module.key, frozenset()), module.key


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_guide_says_something_of_every_module(language: str) -> None:
    said = {module.key: catalogue(language).text(f"{module.key}.help") for module in MODULES}
    assert {key for key, text in said.items() if len(text) < LEAST_HELP} == set()
    assert len(set(said.values())) == len(said)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_demo_company_has_records_of_every_module(language: Any) -> None:
    rows = company(language)[1]
    assert {module.key for module in MODULES if not rows.get(module.key)} == set()
