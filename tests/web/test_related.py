"""What stands beside a record: its own order and columns, rows to change and to drop, and its reader's arrangement."""

import json
import re
from uuid import uuid4

import pytest

from tests.isolation.people import Person, hire
from tests.site import Site

NAMES = re.compile(r'<a class="name clip" href="[^"]*"><bdi>([^<]*)</bdi>')


@pytest.fixture(scope="module")
def kai(site: Site) -> Person:
    return hire(site, "anybody", f"kai-{uuid4()}")


@pytest.fixture(scope="module")
def account(kai: Person) -> str:
    """An account with three contacts."""
    path = kai.browser.post("/accounts", at="/accounts/new", name="Beside").headers["location"]
    for name, title in (("Amber", "Z"), ("Coral", "Y"), ("Beryl", "X")):
        contact = {"last_name": name, "title": title, "account": path.rpartition("/")[2]}
        assert kai.browser.post("/contacts", at="/contacts/new", **contact).status_code == 303
    return path


def part(person: Person, path: str) -> str:
    return person.browser.http.get(path, headers={"hx-request": "true"}).text


def test_a_subpanel_is_sorted_by_its_columns_and_does_not_repeat_the_record(kai: Person, account: str) -> None:
    panel = f"{account}/related/contacts"
    assert NAMES.findall(part(kai, f"{panel}?sort=title")) == ["Beryl", "Coral", "Amber"]
    assert NAMES.findall(part(kai, f"{panel}?sort=-title")) == ["Amber", "Coral", "Beryl"]
    shown = part(kai, f"{panel}?sort=nonsense")
    assert len(NAMES.findall(shown)) == 3 and f'href="{account}"' not in shown


def test_a_related_record_goes_to_the_trash_and_comes_back(kai: Person, account: str) -> None:
    panel = f"{account}/related/contacts"
    found = re.search(r'href="(/contacts/([^"/]+))"><bdi>Coral', part(kai, panel))
    assert found
    answer = kai.browser.http.post(
        f"{panel}/delete", data={"_csrf": kai.token, "target": found[2]}, headers={"hx-request": "true"}
    )
    toast = json.loads(answer.headers["hx-trigger"])["sadra:toast"]
    assert sorted(NAMES.findall(answer.text)) == ["Amber", "Beryl"]
    assert kai.browser.get(found[1]).status_code == 404
    kai.browser.http.post(toast["undo_url"], data={"_csrf": kai.token})
    assert sorted(NAMES.findall(part(kai, panel))) == ["Amber", "Beryl", "Coral"]


def test_sec_04_who_may_only_read_drops_and_changes_nothing_beside_a_record(
    site: Site, kai: Person, account: str
) -> None:
    reader, panel = hire(site, "reader"), f"{account}/related/contacts"
    shown = part(reader, panel)
    assert NAMES.findall(shown) and "/edit" not in shown and "/delete" not in shown and "/unlink" not in shown
    found = re.search(r'href="/contacts/([^"/]+)"', shown)
    assert found
    answer = reader.browser.http.post(f"{panel}/delete", data={"_csrf": reader.token, "target": found[1]})
    assert answer.status_code == 403 and kai.browser.get(f"/contacts/{found[1]}").status_code == 200


def test_a_page_is_arranged_for_its_reader_alone(site: Site, kai: Person, account: str) -> None:
    def sections(person: Person) -> list[str]:
        return re.findall(r'<section class="card" id="([a-z_-]+)"', person.browser.get(account).text)

    usual = sections(kai)
    assert {"activities", "related-contacts", "related-cases"} <= set(usual)
    chosen = ["related-cases", "related-contacts"]
    answer = kai.browser.post(
        "/accounts/arrange", at=account, section=chosen, offered=usual, record=account.rpartition("/")[2]
    )
    assert answer.headers["location"] == account and sections(kai) == chosen
    kai.browser.post("/accounts/columns", at="/accounts", column=["name"], size="20")
    assert sections(kai) == chosen, "how the list is laid out is another matter"
    assert f'href="{account}/activities"' in kai.browser.get(account).text, "what is left out has a page of its own"
    assert sections(hire(site, "reader")) == usual
    kai.browser.post("/accounts/arrange", at=account, reset="1", offered=usual)
    assert sections(kai) == usual


def test_an_account_tells_of_what_is_done_with_its_people_and_on_paper(site: Site, kai: Person, account: str) -> None:
    found = re.search(r'href="(/contacts/([^"/]+))"><bdi>Amber', part(kai, f"{account}/related/contacts"))
    assert found
    task = {
        "name": "Ring Amber", "status": "not_started", "priority": "high", "description": "About the lamp",
        "parent.module": "contacts", "parent.id": found[2],
    }  # fmt: skip
    assert kai.browser.post("/tasks", at="/tasks/new", **task).status_code == 303
    stream = part(kai, f"{account}/activities")
    assert "Ring Amber" in stream and f'href="{found[1]}"' in stream, "with whom it is about"
    assert "Ring Amber" in part(kai, f"{found[1]}/activities")
    paper = kai.browser.get(f"{account}/print?part=activities&part=related-contacts").text
    assert "Ring Amber" in paper and "About the lamp" in paper and "Beryl" in paper and "Overview" in paper
    plain = kai.browser.get(f"{account}/print").text
    assert "Ring Amber" not in plain and "<bdi>Beryl" not in plain
    stranger = hire(site, "reader", more={"tasks": {"list": 0, "view": 0}, "contacts": {"list": 0, "view": 0}})
    said = stranger.browser.get(f"{account}/print?part=activities&part=related-contacts").text
    assert "Ring Amber" not in said and "Beryl" not in said
